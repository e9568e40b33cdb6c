package io.hamlet.manager.log;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** A log that nobody writes any more, read once. */
final class LyingSource implements LogSource {
  static final LyingSource NOTHING = new LyingSource(null, List.of());

  private final LogSnapshot snapshot;
  private final List<LogPiece> pieces;

  private LyingSource(LogSnapshot snapshot, List<LogPiece> pieces) {
    this.snapshot = snapshot;
    this.pieces = pieces;
  }

  /** From the oldest snapshot on from which all is there. */
  static LyingSource read(LogDirectory directory) throws IOException {
    for (Path file : directory.snapshots().reversed()) {
      try {
        SnapshotFile.Raw raw = SnapshotFile.raw(file);
        ChainWalk walk = ChainWalk.from(directory, raw.place());
        if (walk.connected()) {
          return new LyingSource(raw.snapshot(), pieces(walk));
        }
      } catch (SegmentHeader.Damaged e) {
        // Then the next one; whose log this is says so when it opens it.
        continue;
      }
    }
    return NOTHING;
  }

  static List<LogPiece> pieces(ChainWalk walk) {
    List<LogPiece> pieces = new ArrayList<>(walk.pieces().size());
    for (ChainWalk.Piece piece : walk.pieces()) {
      pieces.add(new LogPiece(ReignId.of(piece.header()), piece.place().mark(), piece.payload()));
    }
    return pieces;
  }

  @Override
  public LogCursor after(Mark mark) {
    if (snapshot == null || mark.index() < snapshot.mark().index()) {
      return null;
    }
    int behind = (int) Math.min(pieces.size() + 1L, mark.index() - snapshot.mark().index());
    boolean here =
        behind == 0
            ? snapshot.mark().equals(mark)
            : behind <= pieces.size() && pieces.get(behind - 1).mark().equals(mark);
    if (!here) {
      return null;
    }
    Iterator<LogPiece> rest = pieces.subList(behind, pieces.size()).iterator();
    return new LogCursor() {
      @Override
      public LogPiece next() {
        return rest.hasNext() ? rest.next() : null;
      }

      @Override
      public void close() {
        // Nothing is open.
      }
    };
  }

  @Override
  public LogSnapshot snapshot() {
    return snapshot;
  }

  @Override
  public long newest() {
    return snapshot == null ? 0 : snapshot.mark().index() + pieces.size();
  }

  @Override
  public List<Mark> beginnings() {
    List<Mark> marks = new ArrayList<>();
    ReignId reign = null;
    Mark before = snapshot == null ? null : snapshot.mark();
    for (LogPiece piece : pieces) {
      if (!piece.reign().equals(reign)) {
        marks.add(before);
      }
      reign = piece.reign();
      before = piece.mark();
    }
    if (before != null) {
      marks.add(before);
    }
    return List.copyOf(marks);
  }
}
