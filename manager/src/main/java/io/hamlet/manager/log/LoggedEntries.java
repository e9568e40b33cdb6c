package io.hamlet.manager.log;

import io.hamlet.core.recovery.Entry;
import io.hamlet.manager.wire.EntryCodec;
import io.hamlet.manager.wire.WireException;
import java.util.AbstractList;
import java.util.List;

/**
 * Entries as they lie in a log. Each is decoded when it is asked for and kept by nobody here: a log
 * may hold a thousand times what is large, and all of it would not fit into a manager.
 */
final class LoggedEntries extends AbstractList<Entry> {
  private final List<ChainWalk.Piece> pieces;

  LoggedEntries(List<ChainWalk.Piece> pieces) {
    this.pieces = pieces;
  }

  @Override
  public int size() {
    return pieces.size();
  }

  /** Throws {@link StateUnreadable} when this version cannot read it. */
  @Override
  public Entry get(int position) {
    return decode(pieces.get(position));
  }

  /** What they take in the log. */
  long bytes() {
    return pieces.stream().mapToLong(piece -> Slot.size(piece.bytes().remaining())).sum();
  }

  /** Throws {@link StateUnreadable} when there is one that this version cannot read. */
  void check() {
    pieces.forEach(LoggedEntries::decode);
  }

  private static Entry decode(ChainWalk.Piece piece) {
    long index = piece.place().mark().index();
    try {
      Entry entry = EntryCodec.decode(piece.bytes().duplicate());
      SegmentHeader reign = piece.header();
      if (entry.id().index() != index
          || entry.id().epoch() != reign.epoch()
          || entry.id().incarnation() != reign.incarnation()) {
        throw new StateUnreadable("entry " + index + " of the log calls itself " + entry.id());
      }
      return entry;
    } catch (WireException e) {
      // The checksum is right, so these bytes are what somebody meant to write.
      throw new StateUnreadable(
          "entry "
              + index
              + " of the log: "
              + e.getMessage()
              + "; start the version of Hamlet that wrote it",
          e);
    }
  }
}
