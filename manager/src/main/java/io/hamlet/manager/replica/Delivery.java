package io.hamlet.manager.replica;

import io.hamlet.internal.v1.ReplicaProto;
import io.hamlet.internal.v1.ReplicaProto.ReplicaMessage;
import io.hamlet.manager.log.LiveLogReader;
import io.hamlet.manager.log.LogCursor;
import io.hamlet.manager.log.LogPiece;
import io.hamlet.manager.log.LogSnapshot;
import io.hamlet.manager.log.LogSource;
import io.hamlet.manager.log.Mark;
import io.hamlet.manager.log.ReignId;
import io.hamlet.manager.port.Member;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;

/**
 * One stream to one replica: what comes next, and how much may be on its way. Confined to the
 * feeder's thread, but for {@link #received} and {@link #reported}.
 */
final class Delivery {
  /** Messages on their way; what is appended meanwhile makes the next one bigger. */
  static final int WINDOW = 4;

  private final Member to;
  private final String tree;
  private final long stream;
  private final LogSource source;
  private LogCursor cursor;
  private LogPiece ahead;
  private Mark mark;
  private ReignId reign = ReignId.NONE;
  private LogSnapshot snapshot;
  private int checksum;
  private int offset;
  private volatile long sent;
  private volatile long received;
  private boolean greeted;
  private boolean closed;

  /** Up to where the replica's log is this log, by all that it was sent. */
  private volatile long sure;

  private Delivery(Member to, String tree, long stream, LogSource source) {
    this.to = to;
    this.tree = tree;
    this.stream = stream;
    this.source = source;
  }

  /** Behind an entry; null when the log does not have it. */
  static Delivery after(Member to, String tree, long stream, LogSource source, Mark from)
      throws IOException {
    Delivery delivery = new Delivery(to, tree, stream, source);
    delivery.cursor = source.after(from);
    delivery.mark = from;
    delivery.sure = from.index();
    return delivery.cursor == null ? null : delivery;
  }

  /** From a snapshot on; null when there is none. */
  static Delivery anew(Member to, String tree, long stream, LogSource source) throws IOException {
    Delivery delivery = new Delivery(to, tree, stream, source);
    return delivery.beginSnapshot() ? delivery : null;
  }

  Member to() {
    return to;
  }

  String tree() {
    return tree;
  }

  long stream() {
    return stream;
  }

  LogSource source() {
    return source;
  }

  long sent() {
    return sent;
  }

  /**
   * A message has been dealt with. By one thread at a time.
   *
   * @return whether one may have waited for that
   */
  boolean received(long number) {
    long before = received;
    received = Math.max(before, Math.min(number, sent));
    // Whoever sends counts first and looks then, as this does.
    return sent - before >= WINDOW;
  }

  /**
   * The next message, or null when there is nothing to send or too much is on its way.
   *
   * @param newest of all entries, for the replica to know how far behind it is
   */
  ReplicaMessage next(long newest) throws IOException {
    if (sent - received >= WINDOW) {
      return null;
    }
    try {
      return snapshot != null ? part() : entries(newest);
    } catch (LiveLogReader.Gap e) {
      // Too slow: what came next is in a newer snapshot by now.
      cursor.close();
      cursor = null;
      ahead = null;
      return beginSnapshot() ? part() : null;
    }
  }

  /**
   * More is to be sent, and waits for a report.
   *
   * @param newest of all entries
   */
  boolean isBehind(long newest) {
    return snapshot != null || ahead != null || mark.index() < newest;
  }

  private boolean beginSnapshot() throws IOException {
    snapshot = source.snapshot();
    checksum = snapshot == null ? 0 : Messages.checksum(snapshot.state());
    offset = 0;
    greeted = false;
    return snapshot != null;
  }

  private ReplicaMessage part() throws IOException {
    sent = sent + 1;
    ReplicaProto.SnapshotPart part = Messages.part(sent, snapshot, checksum, offset);
    offset += part.getData().size();
    if (offset == snapshot.state().length) {
      mark = snapshot.mark();
      reign = snapshot.reign();
      sure = mark.index();
      snapshot = null;
      cursor = source.after(mark);
      if (cursor == null && !beginSnapshot()) {
        throw new IOException("the log goes on behind none of its snapshots");
      }
    }
    return Messages.of(tree, stream).setSnapshotPart(part).build();
  }

  private ReplicaMessage entries(long newest) throws IOException {
    List<LogPiece> pieces = batch();
    if (pieces.isEmpty() && greeted) {
      return null;
    }
    // The first may be empty: it says that there is nothing more.
    greeted = true;
    Mark before = mark;
    if (!pieces.isEmpty()) {
      reign = pieces.getFirst().reign();
      mark = pieces.getLast().mark();
      sure = mark.index();
    }
    long known = Math.max(newest, mark.index());
    sent = sent + 1;
    return Messages.of(tree, stream)
        .setEntries(Messages.entries(sent, before, reign, pieces, known))
        .build();
  }

  /** Entries of one reign, as many as make a message. */
  private List<LogPiece> batch() throws IOException {
    List<LogPiece> pieces = new ArrayList<>();
    int bytes = 0;
    while (bytes < Messages.BATCH_BYTES) {
      LogPiece piece = ahead == null ? cursor.next() : ahead;
      ahead = null;
      if (piece == null) {
        break;
      }
      boolean fits = bytes == 0 || bytes + piece.payload().length <= Messages.BATCH_BYTES;
      if (!fits || (bytes > 0 && !piece.reign().equals(pieces.getFirst().reign()))) {
        ahead = piece;
        break;
      }
      pieces.add(piece);
      bytes += piece.payload().length;
    }
    return pieces;
  }

  /**
   * Counts what the replica has, unless it has asked for other than this since.
   *
   * @param count takes an index
   */
  synchronized void reported(long durable, LongConsumer count) {
    if (!closed) {
      // What it cannot have from us it has not.
      count.accept(Math.clamp(durable, 0, sure));
    }
  }

  /** From now on no report counts. */
  synchronized void close() {
    closed = true;
    if (cursor != null) {
      cursor.close();
      cursor = null;
    }
  }
}
