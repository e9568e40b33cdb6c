package io.hamlet.agent.activity;

import io.hamlet.core.recovery.Effect;
import io.hamlet.manager.port.ActivityLog;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.LongSupplier;

/**
 * The activity log as a file or standard error. Lines are written by a thread of its own, since a
 * disk may hang; beyond {@link #MOST_WAITING} lines the newest are dropped and counted.
 * Thread-safe.
 */
public final class ActivityFile implements ActivityLog, AutoCloseable {
  private static final int MOST_WAITING = 10_000;

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

  @Override
  public void close() {
    writer.interrupt();
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
