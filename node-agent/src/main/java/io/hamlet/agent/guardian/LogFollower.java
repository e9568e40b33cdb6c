package io.hamlet.agent.guardian;

import io.hamlet.core.recovery.Entry;
import io.hamlet.core.recovery.HamState;
import io.hamlet.manager.log.LiveLogReader;
import io.hamlet.manager.runtime.EventHistory;
import io.hamlet.manager.runtime.Replay;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Has the same state and history as the writer of a live log, a little later. For one thread at a
 * time, but for {@link #state} and {@link #history}.
 */
public final class LogFollower implements AutoCloseable {
  /** So often a reader may be overtaken while it reads; a log with a hole must end it. */
  private static final int MOST_GAPS = 5;

  private final Path live;
  private LiveLogReader reader;
  private volatile HamState state;
  private volatile EventHistory history;

  private LogFollower(Path live) throws IOException {
    this.live = live;
    begin();
  }

  /**
   * Begins as far back as the log goes, for the sake of the history. Throws StateUnreadable when
   * there is no log that can be read.
   */
  public static LogFollower open(Path live) throws IOException {
    return new LogFollower(live);
  }

  /** Reads what is there by now; answers how many entries that were. */
  public int follow() throws IOException {
    int read = 0;
    for (int gaps = 0; ; gaps++) {
      try {
        for (Entry entry = reader.next(); entry != null; entry = reader.next()) {
          state = Replay.of(state, List.of(entry), history);
          read++;
        }
        return read;
      } catch (LiveLogReader.Gap e) {
        beginAnew(e, gaps);
      }
    }
  }

  /** After the death of the writer: reads the last of what it wrote. */
  public void finish() throws IOException {
    boolean more = true;
    for (int gaps = 0; more; ) {
      follow();
      try {
        more = reader.goOn();
      } catch (LiveLogReader.Gap e) {
        beginAnew(e, gaps++);
      }
    }
  }

  /** Too slow: what came next is in a newer snapshot by now. */
  private void beginAnew(LiveLogReader.Gap gap, int before) throws IOException {
    if (before == MOST_GAPS) {
      throw gap;
    }
    begin();
  }

  public LiveLogReader reader() {
    return reader;
  }

  public HamState state() {
    return state;
  }

  public EventHistory history() {
    return history;
  }

  private void begin() throws IOException {
    if (reader != null) {
      reader.close();
    }
    reader = LiveLogReader.openOldest(live);
    state = reader.start();
    history = Replay.history(state);
  }

  @Override
  public void close() {
    reader.close();
  }
}
