package io.hamlet.agent.process;

import io.hamlet.agent.os.Reactor;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Keeps the manager's own log files of entities from growing without end. A process holds its file
 * open for life, so the file is copied and cut; what is written in between is lost, which a pipe
 * through the manager would cure at the price of the entity dying with it. Core thread.
 */
final class LogFiles {
  static final long MOST_BYTES = 10L << 20;
  static final int KEPT = 3;
  private static final long PAUSE_NANOS = 60_000_000_000L;
  private static final long SOON_NANOS = 100_000_000L;

  private final Reactor reactor;
  private final Workers workers;
  private final long mostBytes;
  private final Set<String> growing = ConcurrentHashMap.newKeySet();
  private final Set<String> restarted = new HashSet<>();

  LogFiles(Reactor reactor, Workers workers, long mostBytes) {
    this.reactor = reactor;
    this.workers = workers;
    this.mostBytes = mostBytes;
  }

  /** Somebody begins to write to this file. */
  void grows(String file) {
    if (growing.isEmpty()) {
      lookLater();
    }
    if (!growing.add(file)) {
      // One that is started again and again must not wait for the minute.
      if (restarted.isEmpty()) {
        reactor.after(SOON_NANOS, this::lookSoon);
      }
      restarted.add(file);
    }
  }

  private void lookSoon() {
    List<String> files = List.copyOf(restarted);
    restarted.clear();
    workers.execute(() -> files.forEach(this::look));
  }

  private void lookLater() {
    reactor.after(
        PAUSE_NANOS,
        () -> {
          workers.execute(() -> List.copyOf(growing).forEach(this::look));
          lookLater();
        });
  }

  private void look(String file) {
    Path log = Path.of(file);
    try {
      if (!Files.exists(log)) {
        growing.remove(file);
      } else if (Files.size(log) > mostBytes) {
        rotate(log);
      }
    } catch (IOException e) {
      // A log that cannot be rotated is no reason to touch its entity; tried again in a minute.
      return;
    }
  }

  private synchronized void rotate(Path log) throws IOException {
    for (int i = KEPT - 1; i > 0; i--) {
      Path from = numbered(log, i);
      if (Files.exists(from)) {
        Files.move(from, numbered(log, i + 1), StandardCopyOption.REPLACE_EXISTING);
      }
    }
    Files.copy(log, numbered(log, 1), StandardCopyOption.REPLACE_EXISTING);
    try (FileChannel channel = FileChannel.open(log, StandardOpenOption.WRITE)) {
      channel.truncate(0);
    }
  }

  private static Path numbered(Path log, int number) {
    return log.resolveSibling(log.getFileName() + "." + number);
  }
}
