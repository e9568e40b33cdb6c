package io.hamlet.manager.runtime;

import io.hamlet.core.model.EffectId;
import io.hamlet.core.recovery.Happening;
import io.hamlet.manager.port.History;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Predicate;

/**
 * The last happenings, in a ring. One thread adds, any thread reads; neither ever waits for the
 * other: a reader copies, and again if the writer has come round to those cells meanwhile.
 */
public final class EventHistory implements History {
  /** Happenings kept unless told otherwise: a few megabytes. */
  public static final int DEFAULT_KEPT = 20_000;

  /** So many may be added during one read without disturbing it. */
  private static final int HEADWAY = 1_024;

  private final int kept;
  private final AtomicReferenceArray<Happening> ring;
  private final EffectId begins;
  private final Bells bells = new Bells();

  /**
   * How many were ever added; happening number n, from 0, is in cell n modulo the ring's length.
   */
  private volatile long added;

  /**
   * @param kept how many happenings are remembered, at least 1
   * @param begins what happened up to here is not in this history, though it may have happened;
   *     null when nothing can have
   */
  public EventHistory(int kept, EffectId begins) {
    if (kept < 1) {
      throw new IllegalArgumentException("a history keeps at least one happening, not " + kept);
    }
    this.kept = kept;
    this.ring = new AtomicReferenceArray<>(kept + HEADWAY);
    this.begins = begins;
  }

  /** Nothing has happened yet. */
  public EventHistory() {
    this(DEFAULT_KEPT, null);
  }

  /**
   * Adds the newest happening. One that is not newer than the newest is a repeat after a takeover
   * and is left out. Core thread only.
   */
  public void add(Happening happening) {
    long n = added;
    EffectId newest = newest();
    if (newest != null && happening.id().compareTo(newest) <= 0) {
      return;
    }
    ring.set(cell(n), happening);
    added = n + 1;
    bells.ring();
  }

  @Override
  public Slice read(EffectId after, int most) {
    while (true) {
      long end = added;
      long oldest = Math.max(0, end - kept);
      EffectId gone = oldest == 0 ? begins : at(oldest - 1).id();
      long from = after == null ? oldest : firstAfter(after, oldest, end);
      long otherwise = after == null ? end : firstOfLaterReign(after, oldest, end);
      // A later reign began before that entry: it was cut off, and its number means another now.
      boolean cutOff = otherwise < from;
      from = Math.min(from, otherwise);
      long to = Math.min(end, from + Math.max(0, most));
      List<Happening> copy = new ArrayList<>((int) (to - from));
      for (long i = from; i < to; i++) {
        copy.add(at(i));
      }
      // The number being written shares its cell with the one a ring's length before it.
      if (oldest - 1 > added - ring.length()) {
        boolean gap = after != null && gone != null && after.compareTo(gone) < 0;
        return new Slice(gap || cutOff, List.copyOf(copy));
      }
    }
  }

  @Override
  public EffectId newest() {
    long n = added;
    return n == 0 ? begins : at(n - 1).id();
  }

  @Override
  public AutoCloseable onNew(Runnable bell) {
    return bells.add(bell);
  }

  /** Number of the first happening after that position. */
  private long firstAfter(EffectId after, long oldest, long end) {
    return first(oldest, end, id -> id.compareTo(after) > 0);
  }

  /** Number of the first happening of a reign after that of the position. */
  private long firstOfLaterReign(EffectId position, long oldest, long end) {
    return first(oldest, end, id -> id.entry().isOfLaterReign(position.entry()));
  }

  /** By halving: what holds for one holds for all that come later. */
  private long first(long oldest, long end, Predicate<EffectId> holds) {
    long low = oldest;
    long high = end;
    while (low < high) {
      long middle = (low + high) >>> 1;
      if (holds.test(at(middle).id())) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }

  private Happening at(long number) {
    return ring.get(cell(number));
  }

  private int cell(long number) {
    return (int) (number % ring.length());
  }
}
