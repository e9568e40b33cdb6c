package io.hamlet.agent.process;

import io.hamlet.agent.os.Reactor;
import io.hamlet.manager.disk.Contents;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;

/**
 * The marks of starts. One is needed until the outcome of its start is in the live log: a successor
 * that finds none would start again. The core logs what it is told before this thread gets to its
 * timers again; the time here is ample. Core thread.
 */
final class Marks {
  private static final long LOGGED_NANOS = 10_000_000_000L;
  private static final long OLD_NANOS = 60_000_000_000L;

  private final Reactor reactor;
  private final Workers workers;
  private final Path directory;

  Marks(Reactor reactor, Workers workers, Path directory) {
    this.reactor = reactor;
    this.workers = workers;
    this.directory = directory;
  }

  /** The outcome of its start has been posted. */
  void settled(String mark) {
    reactor.after(LOGGED_NANOS, () -> workers.execute(() -> remove(Path.of(mark))));
  }

  /** Removes, when all open starts have been settled, what dead managers left. */
  void sweepLater(Instant now) {
    reactor.after(OLD_NANOS, () -> workers.execute(() -> sweep(now)));
  }

  private void sweep(Instant before) {
    try {
      for (Path mark : Contents.of(directory)) {
        Instant made = Files.getLastModifiedTime(mark).toInstant();
        if (made.isBefore(before.minus(Duration.ofSeconds(60)))) {
          remove(mark);
        }
      }
    } catch (IOException e) {
      // Empty files on tmpfs; the next manager tries again.
      return;
    }
  }

  private static void remove(Path mark) {
    try {
      Files.deleteIfExists(mark);
    } catch (IOException e) {
      // Swept by the next manager.
      return;
    }
  }
}
