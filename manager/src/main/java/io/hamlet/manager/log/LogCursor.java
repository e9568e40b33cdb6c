package io.hamlet.manager.log;

import java.io.IOException;

/** Reads a log entry by entry. Confined to one thread at a time. */
public interface LogCursor extends AutoCloseable {
  /**
   * The next entry, or null while there is none.
   *
   * @throws LiveLogReader.Gap when it was removed before it was read
   */
  LogPiece next() throws IOException;

  @Override
  void close();
}
