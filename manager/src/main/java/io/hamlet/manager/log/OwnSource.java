package io.hamlet.manager.log;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * The log of this node: the live log, and before it what lies on disk. A live log begins anew after
 * an orderly stop and after a boot, and who is behind by then is still told entry by entry.
 */
final class OwnSource implements LogSource {
  private final LiveSource live;
  private final LogDirectory disk;

  OwnSource(LiveSource live, LogDirectory disk) {
    this.live = live;
    this.disk = disk;
  }

  @Override
  public LogCursor after(Mark mark) throws IOException {
    LogCursor cursor = live.after(mark);
    return cursor == null ? fromDisk(mark) : cursor;
  }

  /** The entries up to where the live log begins, and then that. */
  private LogCursor fromDisk(Mark mark) throws IOException {
    List<Mark> begin = live.beginnings();
    if (begin.isEmpty() || mark.index() >= begin.getFirst().index()) {
      return null;
    }
    Mark join = begin.getFirst();
    Deque<LogPiece> before = new ArrayDeque<>();
    try (LogCursor lying = lying().after(mark)) {
      LogPiece piece = lying == null ? null : lying.next();
      while (piece != null && piece.mark().index() <= join.index()) {
        before.add(piece);
        piece = lying.next();
      }
    }
    boolean joins = !before.isEmpty() && before.getLast().mark().equals(join);
    LogCursor rest = joins ? live.after(join) : null;
    return rest == null ? null : new Joined(before, rest);
  }

  private LyingSource lying() throws IOException {
    try {
      return LyingSource.read(disk);
    } catch (NoSuchFileException e) {
      // Something was removed while it was read: who asks gets what is newer.
      return LyingSource.NOTHING;
    }
  }

  /** Pieces, and behind them a log. */
  private record Joined(Deque<LogPiece> before, LogCursor rest) implements LogCursor {
    @Override
    public LogPiece next() throws IOException {
      return before.isEmpty() ? rest.next() : before.remove();
    }

    @Override
    public void close() {
      rest.close();
    }
  }

  @Override
  public LogSnapshot snapshot() throws IOException {
    return live.snapshot();
  }

  @Override
  public List<Mark> beginnings() throws IOException {
    List<Mark> newer = live.beginnings();
    if (newer.isEmpty()) {
      return newer;
    }
    List<Mark> marks = new ArrayList<>(lying().beginnings());
    marks.removeIf(mark -> mark.index() >= newer.getFirst().index());
    marks.addAll(newer);
    return marks;
  }

  @Override
  public long newest() {
    return live.newest();
  }
}
