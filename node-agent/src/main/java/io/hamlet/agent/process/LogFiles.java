package io.hamlet.agent.process;

import io.hamlet.agent.os.Reactor;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Keeps the manager's own log files of entities from growing without end. A process holds its file
 * open for life, so the file is copied and cut; what is written in between is lost, which a pipe
 * through the manager would cure at the price of the entity dying with it. Each file is looked at
 * the sooner the faster it grows. Core thread.
 */
final class LogFiles {
  static final long MOST_BYTES = 10L << 20;
  static final int KEPT = 3;
  private static final long FIRST_PAUSE_NANOS = 100_000_000L;
  private static final long SHORTEST_PAUSE_NANOS = 50_000_000L;
  private static final long LONGEST_PAUSE_NANOS = 60_000_000_000L;

  /** A pause may become longer by this part of it. */
  private static final int PAUSE_STEPS = 8;

  /**
   * A file that is looked at.
   *
   * @param size after the last look
   * @param pause until the next, in nanoseconds
   */
  private record Growth(String file, long size, long pause) {}

  private final Reactor reactor;
  private final Workers workers;
  private final long mostBytes;
  private final Set<String> growing = ConcurrentHashMap.newKeySet();
  private final Set<String> restarted = new HashSet<>();
  private Runnable tidying = () -> {};
  private Duration tidyPause = Duration.ZERO;
  private boolean tidyDue;
  private long names;

  /** By the time of the look. */
  private final Map<Long, List<Growth>> due = new HashMap<>();

  LogFiles(Reactor reactor, Workers workers, long mostBytes) {
    this.reactor = reactor;
    this.workers = workers;
    this.mostBytes = mostBytes;
  }

  /**
   * Who removes the files of entities that are gone, on the thread of the logs: after that pause,
   * and again whenever as many names have come as may be kept of them. With its file a name is
   * forgotten here.
   *
   * @param pause a node that begins, or starts very many, has better things to do
   */
  void tidies(Runnable work, Duration pause) {
    tidying = work;
    tidyPause = pause;
    tidyLater();
  }

  private void tidyLater() {
    if (!tidyDue) {
      tidyDue = true;
      reactor.after(
          tidyPause.toNanos(),
          () -> {
            tidyDue = false;
            workers.execute(tidying);
          });
    }
  }

  /** Somebody begins to write to this file. */
  void grows(String file) {
    if (lives(file)) {
      return;
    }
    // One that is started again and again must not wait for its next look, nor hold up its start.
    if (restarted.isEmpty()) {
      reactor.after(FIRST_PAUSE_NANOS, this::lookSoon);
    }
    restarted.add(file);
  }

  /**
   * Somebody may write to this file, and did so before this manager acted; it need not be there.
   *
   * @return whether it was not known yet
   */
  boolean lives(String file) {
    boolean isNew = growing.add(file);
    if (isNew) {
      names++;
      if (names % OldLogs.KEPT == 0) {
        tidyLater();
      }
      lookLater(new Growth(file, 0, FIRST_PAUSE_NANOS));
    }
    return isNew;
  }

  private void lookSoon() {
    List<String> files = List.copyOf(restarted);
    restarted.clear();
    workers.execute(() -> files.forEach(file -> look(new Growth(file, 0, FIRST_PAUSE_NANOS))));
  }

  /**
   * No sooner than after its pause, and together with others: a quiet file is no task of its own.
   */
  private void lookLater(Growth growth) {
    long now = reactor.now().bootNanos();
    long step = Math.max(SHORTEST_PAUSE_NANOS, growth.pause() / PAUSE_STEPS);
    long at = (now + growth.pause() + step - 1) / step * step;
    List<Growth> others = due.putIfAbsent(at, new ArrayList<>(List.of(growth)));
    if (others != null) {
      others.add(growth);
      return;
    }
    reactor.after(
        at - now,
        () -> {
          List<Growth> all = due.remove(at);
          workers.execute(
              () -> {
                List<Growth> next = all.stream().map(this::look).filter(Objects::nonNull).toList();
                reactor.execute(() -> next.forEach(this::lookLater));
              });
        });
  }

  /** So that a file growing on like this is cut when it is half full again. */
  private long next(long pause, long grown) {
    double untilHalf = grown <= 0 ? LONGEST_PAUSE_NANOS : (double) pause / grown * mostBytes / 2;
    // One that begins to write fast is found before long even after a quiet time.
    double longest = Math.min(LONGEST_PAUSE_NANOS, 2.0 * pause);
    return (long) Math.max(SHORTEST_PAUSE_NANOS, Math.min(longest, untilHalf));
  }

  /** What is known of it now; null: it is gone. */
  private synchronized Growth look(Growth known) {
    Path log = Path.of(known.file());
    try {
      if (Files.notExists(log)) {
        growing.remove(known.file());
        return null;
      }
      long size = Files.size(log);
      long next = next(known.pause(), size - known.size());
      if (size > mostBytes) {
        rotate(log, size);
        size = Files.size(log);
      }
      return new Growth(known.file(), size, next);
    } catch (IOException e) {
      // A log that cannot be rotated, because another takes its old files away or there is no room,
      // is no reason to touch its entity; tried again at the next look.
      return new Growth(known.file(), known.size(), next(known.pause(), 0));
    }
  }

  private void rotate(Path log, long size) throws IOException {
    for (int i = KEPT - 1; i > 0; i--) {
      Path from = numbered(log, i);
      if (Files.exists(from)) {
        Files.move(from, numbered(log, i + 1), StandardCopyOption.REPLACE_EXISTING);
      }
    }
    try (FileChannel channel =
        FileChannel.open(log, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      // Only its end, if it grew faster than it was looked at.
      channel.position(Math.max(0, size - 2 * mostBytes));
      InputStream end = Channels.newInputStream(channel);
      try (var to = Files.newOutputStream(numbered(log, 1))) {
        copy(end, to);
      }
      channel.truncate(0);
    }
  }

  /** No more than twice the bound: the writer may be faster than we are. */
  private void copy(InputStream from, OutputStream to) throws IOException {
    byte[] buffer = new byte[64 * 1024];
    long left = 2 * mostBytes;
    while (left > 0) {
      int n = from.read(buffer, 0, (int) Math.min(left, buffer.length));
      if (n < 0) {
        return;
      }
      to.write(buffer, 0, n);
      left -= n;
    }
  }

  static Path numbered(Path log, int number) {
    return log.resolveSibling(log.getFileName() + "." + number);
  }
}
