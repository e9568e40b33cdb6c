package io.hamlet.core.model;

/**
 * Names one effect for ever: the entry that caused it and its number among the effects of that
 * entry. The same effect computed again by a successor has the same id.
 */
public record EffectId(EntryId entry, int ordinal) implements Comparable<EffectId> {
  @Override
  public int compareTo(EffectId other) {
    int byEntry = entry.compareTo(other.entry);
    return byEntry != 0 ? byEntry : Integer.compare(ordinal, other.ordinal);
  }

  /** Fit for a file name: {@code incarnation-epoch-index-ordinal}. */
  @Override
  public String toString() {
    return entry.incarnation() + "-" + entry.epoch() + "-" + entry.index() + "-" + ordinal;
  }
}
