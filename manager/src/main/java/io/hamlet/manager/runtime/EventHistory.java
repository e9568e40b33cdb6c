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

  /** A happening may tell as much as a group's members and a message. */
  public static final long DEFAULT_BYTES = 8L << 20;

  /** What a happening takes beside its words. */
  private static final int OVERHEAD = 150;

  /** So many may be added during one read without disturbing it. */
  private static final int HEADWAY = 1_024;

  private final int kept;
  private final long mostBytes;
  private final AtomicReferenceArray<Happening> ring;
  private volatile Edge edge;
  private long bytes;
  private final Bells bells = new Bells();

  /**
   * How many were ever added; happening number n, from 0, is in cell n modulo the ring's length.
   */
  private volatile long added;

  /**
   * Where the history begins, when that is not where its number has it begin.
   *
   * @param first the number of the oldest happening
   * @param gone the one before it; null when there was none
   */
  private record Edge(long first, EffectId gone) {}

  /** Of {@link #DEFAULT_BYTES} at most. */
  public EventHistory(int kept, EffectId begins) {
    this(kept, DEFAULT_BYTES, begins);
  }

  /**
   * @param kept how many happenings are remembered, at least 1
   * @param mostBytes how much memory they take, about; the newest is remembered in any case
   * @param begins what happened up to here is not in this history, though it may have happened;
   *     null when nothing can have
   */
  public EventHistory(int kept, long mostBytes, EffectId begins) {
    if (kept < 1) {
      throw new IllegalArgumentException("a history keeps at least one happening, not " + kept);
    }
    this.kept = kept;
    this.mostBytes = mostBytes;
    this.ring = new AtomicReferenceArray<>(kept + HEADWAY);
    this.edge = new Edge(0, begins);
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
    bytes += size(happening);
    if (n - kept >= edge.first()) {
      bytes -= size(at(n - kept));
    }
    if (bytes > mostBytes) {
      shrink(n + 1);
    }
    bells.ring();
  }

  /** Takes a quarter away at a time, since who reads just then has to read again. */
  private void shrink(long end) {
    long from = Math.max(edge.first(), end - kept);
    long first = from;
    for (; first < end - 1 && bytes > mostBytes / 4 * 3; first++) {
      bytes -= size(at(first));
    }
    if (first > from) {
      // Told before it is done: whoever finds nothing in a cell sees that the edge is another.
      edge = new Edge(first, at(first - 1).id());
      for (long i = from; i < first; i++) {
        ring.set(cell(i), null);
      }
    }
  }

  private static long size(Happening h) {
    int words = h.node().length() + h.path().length() + h.event().length();
    return OVERHEAD + words + h.reason().length() + h.detail().length();
  }

  @Override
  public Slice read(EffectId after, int most) {
    while (true) {
      Edge begin = edge;
      long end = added;
      long oldest = Math.max(begin.first(), end - kept);
      EffectId gone = oldest == begin.first() ? begin.gone() : idOf(oldest - 1);
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
      if (oldest - 1 > added - ring.length() && begin == edge) {
        boolean gap = after != null && gone != null && after.compareTo(gone) < 0;
        return new Slice(gap || cutOff, List.copyOf(copy));
      }
    }
  }

  @Override
  public EffectId newest() {
    long n = added;
    return n == 0 ? edge.gone() : at(n - 1).id();
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
      EffectId id = idOf(middle);
      if (id != null && holds.test(id)) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }

  /** Null: it was taken away just now. */
  private EffectId idOf(long number) {
    Happening there = at(number);
    return there == null ? null : there.id();
  }

  private Happening at(long number) {
    return ring.get(cell(number));
  }

  private int cell(long number) {
    return (int) (number % ring.length());
  }
}
