package io.hamlet.core.model;

import java.util.Comparator;

/**
 * The place of an entry in the log of one tree: who wrote it, in which reign, and the how-manieth
 * it is. The index goes on over reigns, so it alone orders the entries of one history.
 */
public record EntryId(long incarnation, long epoch, long index) implements Comparable<EntryId> {
  public static final EntryId NONE = new EntryId(0, 0, 0);

  private static final Comparator<EntryId> ORDER =
      Comparator.comparingLong(EntryId::index)
          .thenComparingLong(EntryId::epoch)
          .thenComparingLong(EntryId::incarnation);

  /**
   * Written in a later reign than the other. In the cluster's tree, whose incarnation is 0, there
   * is only one: nothing that the voters agreed on is ever cut off, and the epoch means another
   * thing.
   */
  public boolean isOfLaterReign(EntryId other) {
    return incarnation != other.incarnation
        ? incarnation > other.incarnation
        : incarnation > 0 && epoch > other.epoch;
  }

  public EntryId next() {
    return new EntryId(incarnation, epoch, index + 1);
  }

  @Override
  public int compareTo(EntryId other) {
    return ORDER.compare(this, other);
  }
}
