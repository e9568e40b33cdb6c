package io.hamlet.manager.log;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A log that others may have a copy of. Confined to one thread at a time. */
public interface LogSource {
  /** Stands behind a mark, or null when this log does not have it, or not any more. */
  LogCursor after(Mark mark) throws IOException;

  /** The newest snapshot, behind which {@link #after} can stand; null when there is none. */
  LogSnapshot snapshot() throws IOException;

  /**
   * Marks of this log, rising: its oldest, and those where a segment begins. Who has gone another
   * way has gone it behind one of them.
   */
  List<Mark> beginnings() throws IOException;

  /** Index of the newest entry, where that is certain: a live log answers 0. */
  long newest();

  /** The log that this process writes: live, and what is only on disk any more. */
  static LogSource own(Path liveDir, Path disk) {
    return new OwnSource(new LiveSource(new LogDirectory(liveDir)), new LogDirectory(disk));
  }

  /** What lies in a directory at this moment; nothing that comes later. */
  static LogSource lying(Path directory) throws IOException {
    return LyingSource.read(new LogDirectory(directory));
  }
}
