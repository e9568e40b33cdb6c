package io.hamlet.agent.script.run;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/**
 * The beginning of what a program prints. The rest is read and dropped, so that the program is
 * never held up. Thread-safe.
 */
final class Kept {
  /** Bytes. */
  static final int MOST = 8_192;

  private final byte[] bytes = new byte[MOST];
  private final Thread reader;
  private int length;

  private Kept(InputStream from) {
    reader = Thread.ofPlatform().daemon().name("script-output").unstarted(() -> read(from));
  }

  static Kept of(InputStream from) {
    Kept kept = new Kept(from);
    kept.reader.start();
    return kept;
  }

  /** False when somebody still holds the other end after so many milliseconds. */
  boolean awaitEnd(long millis) throws InterruptedException {
    reader.join(millis);
    return !reader.isAlive();
  }

  /** As UTF-8, with marks for what is none. */
  synchronized String text() {
    return new String(bytes, 0, length, StandardCharsets.UTF_8);
  }

  private void read(InputStream from) {
    byte[] buffer = new byte[MOST];
    try (from) {
      for (int n = from.read(buffer); n >= 0; n = from.read(buffer)) {
        keep(buffer, n);
      }
    } catch (IOException e) {
      // Closed at the end of the program: what was read counts.
    }
  }

  private synchronized void keep(byte[] buffer, int n) {
    int more = Math.min(n, MOST - length);
    System.arraycopy(buffer, 0, bytes, length, more);
    length += more;
  }
}
