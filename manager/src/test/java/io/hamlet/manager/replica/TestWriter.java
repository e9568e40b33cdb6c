package io.hamlet.manager.replica;

import io.hamlet.core.model.EntryId;
import io.hamlet.core.model.Limits;
import io.hamlet.core.model.Moment;
import io.hamlet.core.model.Name;
import io.hamlet.core.model.RequestId;
import io.hamlet.core.recovery.Command;
import io.hamlet.core.recovery.Entry;
import io.hamlet.core.recovery.HamEvent;
import io.hamlet.core.recovery.HamMachine;
import io.hamlet.core.recovery.HamState;
import io.hamlet.core.recovery.Reply;
import io.hamlet.core.recovery.Step;
import io.hamlet.manager.log.LogCursor;
import io.hamlet.manager.log.LogPiece;
import io.hamlet.manager.log.LogSnapshot;
import io.hamlet.manager.log.LogSource;
import io.hamlet.manager.log.Mark;
import io.hamlet.manager.log.ReignId;
import io.hamlet.manager.port.Ack;
import io.hamlet.manager.port.History;
import io.hamlet.manager.port.Journal;
import io.hamlet.manager.port.Requests;
import io.hamlet.manager.wire.EntryCodec;
import io.hamlet.manager.wire.StateCodec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongConsumer;

/**
 * The writer of a tree, with its log in memory: what it appends, what it forgets, and what it loses
 * are for the test to say. It remembers every state it ever was in. One thread.
 */
final class TestWriter implements LogSource, Journal, Requests {
  private static final long CLIENT = 77;

  final String node;
  final Map<EntryId, HamState> everything = new HashMap<>();
  private final List<LogPiece> pieces = new ArrayList<>();
  private final List<HamState> states = new ArrayList<>();
  private final List<LongConsumer> listeners = new ArrayList<>();
  private LogSnapshot base;
  private HamState state;
  private ReignId reign = new ReignId("boot-1", 1, 1);
  private Mark mark = Mark.ZERO;
  private long sequence;

  TestWriter(String node) {
    this.node = node;
    this.state = HamState.empty(node, Limits.DEFAULT);
    compact();
    log(new HamEvent.TookOver(node, reign.boot(), 1, 0, false));
  }

  ReignId reign() {
    return reign;
  }

  Mark mark() {
    return mark;
  }

  /** A client makes an entity; its name says which request that was. */
  Name create() {
    sequence++;
    Name name = new Name("e" + sequence);
    Command command = new Command.CreateEntity(name, io.hamlet.core.model.Flags.OfEntity.NONE);
    log(new HamEvent.Requested(new RequestId(CLIENT + sequence, 1, 0), command));
    return name;
  }

  /** Another manager goes on in the same boot. */
  void takeOver() {
    reign = new ReignId(reign.boot(), reign.incarnation(), reign.epoch() + 1);
    log(new HamEvent.TookOver(node, reign.boot(), reign.epoch(), 0, true));
  }

  /** A power cut: that many entries are gone, and another boot begins behind the rest. */
  void loseTail(int entries) {
    int lost = Math.min(entries, pieces.size());
    for (int i = 0; i < lost; i++) {
      pieces.removeLast();
      states.removeLast();
    }
    mark = pieces.isEmpty() ? base.mark() : pieces.getLast().mark();
    state = pieces.isEmpty() ? StateCodec.decode(base.state()) : states.getLast();
    reign = new ReignId(reign.boot() + "'", reign.incarnation(), reign.epoch() + 1);
    log(new HamEvent.TookOver(node, reign.boot(), reign.epoch(), 0, false));
  }

  /** Its disk is another, and it begins with nothing. */
  void loseDisk() {
    state = HamState.empty(node, Limits.DEFAULT);
    mark = Mark.ZERO;
    reign = new ReignId(reign.boot() + "'", 1, 1);
    compact();
    log(new HamEvent.TookOver(node, reign.boot(), 1, 0, false));
  }

  /** What lies before the newest entry is only in a snapshot from now on. */
  void compact() {
    base = new LogSnapshot(reign, mark, StateCodec.encode(state));
    pieces.clear();
    states.clear();
  }

  private Reply log(HamEvent event) {
    EntryId id = new EntryId(reign.incarnation(), reign.epoch(), mark.index() + 1);
    Entry entry = new Entry(id, new Moment(id.index(), id.index()), event);
    Step step = HamMachine.apply(state, entry);
    if (step.changed()) {
      byte[] payload = EntryCodec.encode(entry);
      mark = mark.after(payload);
      state = step.state();
      pieces.add(new LogPiece(reign, mark, payload));
      states.add(state);
      everything.put(id, state);
      listeners.forEach(listener -> listener.accept(mark.index()));
    }
    return Reply.OK;
  }

  @Override
  public LogCursor after(Mark from) {
    long behind = from.index() - base.mark().index();
    if (behind < 0 || behind > pieces.size()) {
      return null;
    }
    Mark here = behind == 0 ? base.mark() : pieces.get((int) behind - 1).mark();
    if (!here.equals(from)) {
      return null;
    }
    return new LogCursor() {
      private Mark read = from;

      @Override
      public LogPiece next() {
        long next = read.index() - base.mark().index();
        if (next < 0) {
          throw new io.hamlet.manager.log.LiveLogReader.Gap("compacted");
        }
        if (next >= pieces.size()) {
          return null;
        }
        LogPiece piece = pieces.get((int) next);
        read = piece.mark();
        return piece;
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public LogSnapshot snapshot() {
    return base;
  }

  @Override
  public List<Mark> beginnings() {
    List<Mark> marks = new ArrayList<>();
    Mark before = base.mark();
    ReignId last = base.reign();
    marks.add(before);
    for (LogPiece piece : pieces) {
      if (!piece.reign().equals(last)) {
        marks.add(before);
      }
      last = piece.reign();
      before = piece.mark();
    }
    return marks;
  }

  @Override
  public long newest() {
    return 0;
  }

  /** The mark of that entry, or null when only a snapshot has it. */
  Mark markOf(long index) {
    long at = index - base.mark().index();
    return at < 0 || at > pieces.size()
        ? null
        : at == 0 ? base.mark() : pieces.get((int) at - 1).mark();
  }

  @Override
  public CompletableFuture<Answered> submit(
      RequestId id, Command command, Ack wanted, Duration timeout) {
    return CompletableFuture.completedFuture(
        new Answered(log(new HamEvent.Requested(id, command)), Ack.LOCAL, true));
  }

  @Override
  public HamState state() {
    return state;
  }

  @Override
  public History history() {
    throw new AssertionError("nobody watches");
  }

  @Override
  public void append(Entry entry, HamState after) {
    throw new AssertionError("the writer appends itself");
  }

  @Override
  public void flush() {}

  @Override
  public boolean hasRoom() {
    return true;
  }

  @Override
  public long durableIndex() {
    return mark.index();
  }

  @Override
  public void onDurable(LongConsumer listener) {
    listeners.add(listener);
  }
}
