package io.hamlet.manager.replica;

import io.hamlet.core.model.EntryId;
import io.hamlet.core.recovery.Entry;
import io.hamlet.core.recovery.HamState;
import io.hamlet.internal.v1.ReplicaProto;
import io.hamlet.internal.v1.ReplicaProto.ReplicaMessage;
import io.hamlet.manager.log.LogPiece;
import io.hamlet.manager.log.LogSnapshot;
import io.hamlet.manager.log.Mark;
import io.hamlet.manager.log.ReignId;
import io.hamlet.manager.log.ReplicaLog;
import io.hamlet.manager.port.ClusterBus;
import io.hamlet.manager.port.Member;
import io.hamlet.manager.port.Subject;
import io.hamlet.manager.wire.EntryCodec;
import io.hamlet.manager.wire.StateCodec;
import io.hamlet.manager.wire.WireException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Keeps a replica of one tree: pulls from a member, checks the chain, applies without performing,
 * and has it put on disk. Confined to one thread.
 *
 * <p>A message that is lost, late, double or wrong is found by its number and the chain; then a new
 * stream is begun from where the replica is.
 */
final class Puller {
  /** Silence after which the member is asked whether something was lost. */
  static final long PROBE_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** Silence after which the stream is begun anew. */
  static final long RENEW_NANOS = 3 * PROBE_NANOS;

  /** A replica that cannot be kept is tried again after this, and not at once for ever. */
  static final long FAULT_NANOS = 5 * PROBE_NANOS;

  private static final int MOST_SNAPSHOT = 512 * 1024 * 1024;

  private final String tree;
  private final ReplicaStore store;
  private final Around around;
  private final ReplicaTree replica;
  private volatile Member target;
  private volatile Progress progress = new Progress(0, 0, 0);
  private boolean opened;
  private boolean cutting;

  /** 0: none. Chosen anew for each stream, so that what belongs to an older one is known. */
  private long stream;

  private long expected;
  private boolean anew;
  private Mark mark = Mark.ZERO;
  private ReignId reign = ReignId.NONE;
  private long known;
  private SnapshotParts parts;
  private long heard;
  private long asked;
  private long faultUntil;

  /**
   * What a puller uses.
   *
   * @param own runs work on the thread of the pullers
   * @param clock CLOCK_BOOTTIME in nanoseconds
   * @param streams draws numbers for streams
   * @param notices what people should know of a replica
   * @param surplus takes what was cut off a replica
   * @param arrived told when a replica is there that was not
   */
  record Around(
      ClusterBus bus,
      Executor own,
      Executor digesting,
      LongSupplier clock,
      LongSupplier streams,
      Notices notices,
      SurplusTaker surplus,
      Runnable arrived) {}

  /** What was last told of a stream. */
  private record Progress(long stream, long number, long durable) {}

  /** Told once each, newest last. Any thread. */
  @FunctionalInterface
  interface Notices {
    void tell(String notice);
  }

  /** Takes what was cut off a replica of a tree. */
  @FunctionalInterface
  interface SurplusTaker {
    void take(String tree, List<LogPiece> tail);
  }

  Puller(String tree, ReplicaStore store, Around around) {
    this.tree = tree;
    this.store = store;
    this.around = around;
    this.replica = new ReplicaTree(around.digesting(), around.arrived());
  }

  /** Reads what is on disk, in the background; nothing is pulled before. */
  void open() {
    store.open(found -> around.own().execute(() -> opened(found)));
  }

  /** Null while nothing is known. Any thread. */
  ReplicaTree replica() {
    return replica.isThere() ? replica : null;
  }

  /** Newest entry that this replica has. */
  Mark mark() {
    return mark;
  }

  ReignId reign() {
    return reign;
  }

  /** It has all that the member it pulls from had when it last said so. */
  boolean isCaughtUp() {
    return stream != 0 && expected > 1 && parts == null && !cutting && mark.index() >= known;
  }

  /** Index of the newest entry that is on disk, by what was told of this stream. */
  long durable() {
    Progress last = progress;
    return last.stream() == stream ? last.durable() : 0;
  }

  String trouble() {
    return store.trouble();
  }

  /** From whom to pull from now on; null: from nobody. */
  void target(Member next) {
    if (next == null ? target != null : !next.equals(target)) {
      boolean same = next != null && target != null && isSameProcess(next, target);
      target = next;
      if (!same) {
        stream = 0;
        begin();
      }
    }
  }

  private static boolean isSameProcess(Member a, Member b) {
    return a.node().equals(b.node()) && a.pid() == b.pid() && a.role() == b.role();
  }

  Member target() {
    return target;
  }

  void received(Member from, ReplicaMessage message) {
    if (target == null || !isSameProcess(from, target)) {
      return;
    }
    if (message.getKindCase() == ReplicaMessage.KindCase.DIGEST) {
      compare(message.getDigest());
      return;
    }
    if (stream == 0 || message.getStream() != stream) {
      return;
    }
    heard = around.clock().getAsLong();
    try {
      switch (message.getKindCase()) {
        case ENTRIES -> {
          if (isNext(message.getEntries().getNumber())) {
            entries(message.getEntries());
          }
        }
        case SNAPSHOT_PART -> {
          if (isNext(message.getSnapshotPart().getNumber())) {
            part(message.getSnapshotPart());
          }
        }
        case FORK -> fork(message.getFork());
        case STANDING -> standing(message.getStanding());
        default -> {}
      }
    } catch (Messages.Garbage | WireException e) {
      fault(
          "what " + target.node() + " sends of tree '" + tree + "' is refused: " + e.getMessage());
    } catch (RuntimeException e) {
      // The machine itself refuses what no writer can have written, or has another fault than it.
      fault("the replica of '" + tree + "' does not follow: " + e.getMessage() + "; taken anew");
      anew = true;
    }
  }

  /** False for a repeated one. One that is missing begins another stream. */
  private boolean isNext(long number) {
    if (number == expected) {
      expected++;
      return true;
    }
    if (number > expected) {
      begin();
    }
    return false;
  }

  private void entries(ReplicaProto.Entries message) throws Messages.Garbage {
    Mark before = Messages.mark(message.getBefore());
    if (parts != null || !before.equals(mark)) {
      throw new Messages.Garbage("entries behind " + before + " where " + mark + " is the newest");
    }
    if (!replica.isThere()) {
      throw new Messages.Garbage("entries without a state to begin with");
    }
    List<LogPiece> pieces = Messages.pieces(message);
    List<Entry> decoded = decode(pieces);
    long number = message.getNumber();
    known = message.getNewest();
    replica.apply(decoded);
    if (!pieces.isEmpty()) {
      mark = pieces.getLast().mark();
      reign = pieces.getLast().reign();
    }
    anew = false;
    long of = stream;
    // Without entries too: what came before may still wait for the disk, and only it can say.
    store.append(pieces, replica.state(), durable -> report(of, number, durable.index()));
  }

  private static List<Entry> decode(List<LogPiece> pieces) throws Messages.Garbage {
    List<Entry> entries = new ArrayList<>(pieces.size());
    for (LogPiece piece : pieces) {
      Entry entry = EntryCodec.decode(piece.payload());
      ReignId reign = piece.reign();
      long index = piece.mark().index();
      if (!entry.id().equals(new EntryId(reign.incarnation(), reign.epoch(), index))) {
        throw new Messages.Garbage("entry " + index + " calls itself " + entry.id());
      }
      entries.add(entry);
    }
    return entries;
  }

  private void part(ReplicaProto.SnapshotPart message) throws Messages.Garbage {
    if (message.getOffset() == 0) {
      parts = new SnapshotParts(message, MOST_SNAPSHOT);
    }
    if (parts == null) {
      throw new Messages.Garbage("a snapshot without its beginning");
    }
    LogSnapshot whole = parts.add(message);
    if (whole == null) {
      report(stream, message.getNumber(), 0);
      return;
    }
    parts = null;
    HamState state = StateCodec.decode(whole.state());
    if (state.last().index() != whole.mark().index() || !state.node().equals(tree)) {
      throw new Messages.Garbage("a snapshot is of " + state.node() + " " + state.last());
    }
    boolean sameHistory = !anew && whole.mark().index() > mark.index();
    replica.begin(state);
    mark = whole.mark();
    reign = whole.reign();
    anew = false;
    long of = stream;
    long number = message.getNumber();
    store.begin(whole, sameHistory, begun -> begun(begun, of, number));
  }

  /** Thread of the disk. */
  private void begun(ReplicaLog.Begun begun, long of, long number) {
    begun.findings().forEach(around.notices()::tell);
    report(of, number, begun.end().index());
  }

  /** Cuts where the member says, and goes on from there; or begins anew. */
  private void fork(ReplicaProto.Fork message) throws Messages.Garbage {
    if (message.getMarksCount() > Messages.MOST_MARKS) {
      throw new Messages.Garbage("a fork of " + message.getMarksCount() + " marks");
    }
    List<Mark> marks = new ArrayList<>();
    for (ReplicaProto.LogMark each : message.getMarksList()) {
      marks.add(Messages.mark(each));
    }
    stream = 0;
    cutting = true;
    store.cut(marks, cut -> around.own().execute(() -> cut(cut)));
  }

  private void cut(ReplicaLog.Cut cut) {
    cutting = false;
    if (cut == null) {
      anew = true;
    } else {
      show(cut.found());
      if (!cut.tail().isEmpty()) {
        around
            .notices()
            .tell(
                "entries %d to %d of the replica of '%s' are not in its log; they are set aside"
                    .formatted(
                        cut.tail().getFirst().mark().index(),
                        cut.tail().getLast().mark().index(),
                        tree));
        around.surplus().take(tree, cut.tail());
      }
    }
    begin();
  }

  private void opened(ReplicaLog.Found found) {
    found.findings().forEach(around.notices()::tell);
    opened = true;
    show(found);
    begin();
  }

  private void show(ReplicaLog.Found found) {
    try {
      replica.begin(found.start(), found.entries());
      mark = found.end();
      reign = found.reign();
    } catch (IllegalStateException e) {
      around.notices().tell("the replica of '" + tree + "' is taken anew: " + e.getMessage());
      forget();
    }
    if (found.start() == null) {
      anew = true;
    }
  }

  private void forget() {
    replica.begin(null);
    mark = Mark.ZERO;
    anew = true;
  }

  private void standing(ReplicaProto.Standing standing) {
    asked = 0;
    if (!standing.getKnown() || standing.getNumber() >= expected) {
      begin();
    }
  }

  private void compare(ReplicaProto.StateDigest digest) {
    replica.compare(
        digest.getIndex(), digest.getSha256(), index -> around.own().execute(() -> differs(index)));
  }

  private void differs(long index) {
    around
        .notices()
        .tell(
            "the replica of '%s' was not the same as its original at entry %d; it is taken anew"
                .formatted(tree, index));
    forget();
    begin();
  }

  private void fault(String notice) {
    around.notices().tell(notice);
    stream = 0;
    parts = null;
    faultUntil = around.clock().getAsLong() + FAULT_NANOS;
  }

  /** Begins a stream from where the replica is. */
  private void begin() {
    parts = null;
    stream = 0;
    if (target == null || !opened || cutting || around.clock().getAsLong() < faultUntil) {
      return;
    }
    stream = around.streams().getAsLong();
    expected = 1;
    known = Long.MAX_VALUE;
    heard = around.clock().getAsLong();
    asked = 0;
    ReplicaProto.Pull.Builder pull =
        ReplicaProto.Pull.newBuilder().setFrom(Messages.mark(mark)).setAnew(anew);
    send(target, Messages.of(tree, stream).setPull(pull).build());
  }

  /** Any thread: the disk's, as a rule. */
  private void report(long of, long number, long durable) {
    Progress now = new Progress(of, number, durable);
    progress = now;
    report(now, false);
  }

  private void report(Progress now, boolean asks) {
    Member to = target;
    if (to != null) {
      ReplicaProto.Report.Builder report =
          ReplicaProto.Report.newBuilder()
              .setReceived(now.number())
              .setDurable(now.durable())
              .setAsks(asks);
      send(to, Messages.of(tree, now.stream()).setReport(report).build());
    }
  }

  /**
   * Asks when it has been silent for long.
   *
   * @return when to be called again, on the same clock
   */
  long due(long now) {
    if (target == null || !opened || cutting) {
      return Long.MAX_VALUE;
    }
    if (stream == 0) {
      if (now >= faultUntil) {
        begin();
      }
      return Math.max(faultUntil, now + PROBE_NANOS);
    }
    if (now - heard >= RENEW_NANOS) {
      begin();
    } else if (now - Math.max(heard, asked) >= PROBE_NANOS) {
      asked = now;
      Progress last = progress;
      report(last.stream() == stream ? last : new Progress(stream, 0, 0), true);
    }
    return Math.max(heard, asked) + PROBE_NANOS;
  }

  private void send(Member to, ReplicaMessage message) {
    around.bus().send(to, Subject.REPLICA, message.toByteArray());
  }

  void close() {
    store.close();
  }
}
