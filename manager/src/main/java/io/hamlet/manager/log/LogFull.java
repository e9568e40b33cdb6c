package io.hamlet.manager.log;

/**
 * The live log cannot take an entry: tmpfs is full, or the disk has failed for so long that the
 * reserve is used up. The entry was not appended and the log is as it was.
 */
public final class LogFull extends RuntimeException {
  LogFull(String message, Throwable cause) {
    super(message, cause);
  }
}
