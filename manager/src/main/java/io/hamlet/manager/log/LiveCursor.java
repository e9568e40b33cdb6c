package io.hamlet.manager.log;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads the live log across the reigns that are in it. Whoever died did not seal its segment, and
 * may have written more than its successor went on from; so the segments in which later reigns
 * began are looked up first, and entered where they begin. The reign that writes now is the last:
 * it is that of this process. Confined to one thread at a time.
 */
final class LiveCursor implements LogCursor {
  private final LiveLogReader reader;

  /** Where other reigns than the one that is read began, in the order of segments. */
  private final List<SegmentHeader> turns = new ArrayList<>();

  LiveCursor(LogDirectory live, LiveLogReader reader) throws IOException {
    this.reader = reader;
    ReignId reign = new ReignId("", reader.incarnation(), reader.epoch());
    for (long sequence : live.segments()) {
      Optional<SegmentHeader> header = live.header(sequence);
      if (sequence > reader.place().sequence() && header.isPresent()) {
        ReignId own = new ReignId("", header.get().incarnation(), header.get().epoch());
        if (!own.equals(reign)) {
          // A later reign has replaced whatever was written behind the entry it names.
          Mark before = header.get().before();
          turns.removeIf(turn -> turn.before().index() >= before.index());
          turns.add(header.get());
          reign = own;
        }
      }
    }
  }

  /**
   * To the mark, along the chain; false when it is not in the chain. Throws like {@link #next}, and
   * {@link LiveLogReader.Gap}.
   */
  boolean walk(Mark mark) throws IOException {
    while (reader.mark().index() < mark.index()) {
      if (next() == null) {
        return false;
      }
    }
    turn();
    return reader.mark().equals(mark);
  }

  @Override
  public LogPiece next() throws IOException {
    turn();
    return reader.nextPiece();
  }

  private void turn() throws IOException {
    while (!turns.isEmpty() && reader.mark().index() >= turns.getFirst().before().index()) {
      SegmentHeader next = turns.removeFirst();
      if (!reader.enter(next.sequence())) {
        throw new StateUnreadable(
            "the log goes on behind " + next.before() + ", and was read up to " + reader.mark());
      }
    }
  }

  @Override
  public void close() {
    reader.close();
  }
}
