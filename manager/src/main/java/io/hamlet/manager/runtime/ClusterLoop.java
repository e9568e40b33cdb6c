package io.hamlet.manager.runtime;

import io.hamlet.manager.port.ClusterBus;
import io.hamlet.manager.port.Member;
import io.hamlet.manager.port.Subject;
import io.hamlet.manager.port.Ticker;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * All that a node does for the cluster beside its own tree, on one thread: messages, views, commits
 * and times are handed to the parts in order. One thread calls {@link #runOnce}; everybody else
 * posts. The simulator calls the same method.
 */
public final class ClusterLoop implements ClusterBus.Listener {
  private static final int BATCH = 256;

  private final Ticker ticker;
  private final Runnable bell;
  private final ConcurrentLinkedQueue<Runnable> posted = new ConcurrentLinkedQueue<>();
  private final List<Part> parts = new ArrayList<>();
  private final Map<Subject, Part> bySubject = new EnumMap<>(Subject.class);
  private final Set<Subject> direct = EnumSet.noneOf(Subject.class);

  /** One concern. Called on the cluster thread only; never blocks. */
  public interface Part {
    /** A message about a subject of this part. */
    default void received(Member from, Subject subject, byte[] message) {}

    default void viewChanged(List<Member> members) {}

    /**
     * Does what is due.
     *
     * @param now CLOCK_BOOTTIME in nanoseconds
     * @return when it wants to be called again; Long.MAX_VALUE: not of itself
     */
    default long due(long now) {
      return Long.MAX_VALUE;
    }
  }

  /**
   * @param bell wakes the thread that calls {@link #runOnce}; called from any thread
   */
  public ClusterLoop(Ticker ticker, Runnable bell) {
    this.ticker = ticker;
    this.bell = bell;
  }

  /** Before the first {@link #runOnce}. */
  public void add(Part part, Subject... subjects) {
    parts.add(part);
    for (Subject subject : subjects) {
      if (bySubject.put(subject, part) != null) {
        throw new IllegalStateException("two parts for " + subject);
      }
    }
  }

  /**
   * As {@link #add}, but its messages are handed over on the thread of the bus, without a detour
   * through the cluster thread: {@link Part#received} must be thread-safe and quick.
   */
  public void addDirect(Part part, Subject subject) {
    add(part, subject);
    direct.add(subject);
  }

  /** Has it run on the cluster thread. Thread-safe; order per poster is kept. */
  public void post(Runnable work) {
    posted.add(work);
    bell.run();
  }

  @Override
  public void received(Member from, Subject subject, byte[] message) {
    Part part = bySubject.get(subject);
    if (part == null) {
      return;
    }
    if (direct.contains(subject)) {
      part.received(from, subject, message);
    } else {
      post(() -> part.received(from, subject, message));
    }
  }

  @Override
  public void viewChanged(List<Member> members) {
    post(() -> parts.forEach(part -> part.viewChanged(members)));
  }

  /**
   * Does what is there and due.
   *
   * @return when to call again at the latest, CLOCK_BOOTTIME in nanoseconds; earlier when the bell
   *     rings
   */
  public long runOnce() {
    for (int i = 0; i < BATCH; i++) {
      Runnable work = posted.poll();
      if (work == null) {
        break;
      }
      work.run();
    }
    long now = ticker.now().bootNanos();
    long next = Long.MAX_VALUE;
    for (Part part : parts) {
      next = Math.min(next, part.due(now));
    }
    return posted.isEmpty() ? next : now;
  }
}
