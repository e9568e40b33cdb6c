package io.hamlet.agent.activity;

import io.hamlet.core.recovery.Effect;
import io.hamlet.manager.port.ActivityLog;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.ZoneId;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.LongSupplier;

/**
 * The activity log as a file or standard error. Lines are written by a thread of its own, since a
 * disk may hang; beyond {@link #MOST_WAITING} lines the newest are dropped and counted.
 * Thread-safe.
 */
public final class ActivityFile implements ActivityLog, AutoCloseable {
  private static final int MOST_WAITING = 10_000;
  private static final long END_MILLIS = 1000;

  private final OutputStream out;
  private final Stamp stamp;
  private final LongSupplier startNanos;
  private final LinkedBlockingQueue<String> lines = new LinkedBlockingQueue<>(MOST_WAITING);
  private final Thread writer;
  private volatile long dropped;

  /**
   * @param startNanos CLOCK_REALTIME of the start that relative stamps count from
   */
  public ActivityFile(OutputStream out, Stamp stamp, LongSupplier startNanos) {
    this.out = out;
    this.stamp = stamp;
    this.startNanos = startNanos;
    this.writer = Thread.ofPlatform().name("activity-log").daemon().start(this::run);
  }

  /**
   * Opens the log.
   *
   * @param file gone on with if it is there; empty: standard error
   * @param startNanos CLOCK_REALTIME of the start that relative stamps count from
   */
  public static ActivityFile open(Optional<Path> file, Stamp stamp, LongSupplier startNanos)
      throws IOException {
    OutputStream out =
        file.isEmpty()
            ? new FileOutputStream(FileDescriptor.err)
            : Files.newOutputStream(
                file.get(), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    return new ActivityFile(out, stamp, startNanos);
  }

  @Override
  public void write(Effect.WriteLog line) {
    String when = stamp.text(line.at().wallNanos(), startNanos.getAsLong(), ZoneId.systemDefault());
    String where = line.prefix() == null ? "" : line.prefix() + ": ";
    if (!lines.offer(when + where + oneLine(line.message()))) {
      dropped++;
    }
  }

  /** Lines that found no room, for the status. */
  public long dropped() {
    return dropped;
  }

  /** Writes what waits, for a second at most: the process may end behind this. */
  @Override
  public void close() {
    writer.interrupt();
    try {
      writer.join(END_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    try {
      while (true) {
        write(lines.take());
      }
    } catch (InterruptedException ended) {
      for (String line = lines.poll(); line != null; line = lines.poll()) {
        write(line);
      }
    }
  }

  private void write(String line) {
    try {
      out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
      out.flush();
    } catch (IOException full) {
      dropped++;
    }
  }

  /** A message must not be able to forge lines. */
  private static String oneLine(String message) {
    return message.replaceAll("\\R", " ");
  }
}
