package io.hamlet.it.sim;

import io.hamlet.core.model.EntryId;
import io.hamlet.core.model.Limits;
import io.hamlet.core.recovery.Entry;
import io.hamlet.core.recovery.HamEvent;
import io.hamlet.core.recovery.HamState;
import io.hamlet.manager.log.LogCursor;
import io.hamlet.manager.log.LogPiece;
import io.hamlet.manager.log.LogSnapshot;
import io.hamlet.manager.log.LogSource;
import io.hamlet.manager.log.Mark;
import io.hamlet.manager.log.ReignId;
import io.hamlet.manager.port.Journal;
import io.hamlet.manager.wire.EntryCodec;
import io.hamlet.manager.wire.StateCodec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/**
 * A node's log: live at once, on disk a little later, and read by those who feed replicas. Outlives
 * the managers; a power cut takes what the disk does not have. Remembers every state its writers
 * ever were in. One thread.
 */
public final class SimLog implements Journal, LogSource {
  /** Every state there ever was, also those that a power cut took back. */
  final Map<EntryId, HamState> everything = new HashMap<>();

  /** What others asked for, also what a power cut took back. */
  final List<HamEvent> asked = new ArrayList<>();

  private final List<LogPiece> pieces = new ArrayList<>();
  private final List<LongConsumer> listeners = new ArrayList<>();
  private final LogSnapshot base;
  private final Consumer<Runnable> disk;
  private Consumer<HamState> onAppend = after -> {};
  private ReignId reign = ReignId.NONE;
  private long durable;
  private int writings;
  private boolean lying;

  /**
   * @param disk does its work a little later
   */
  public SimLog(String node, Consumer<Runnable> disk) {
    this.disk = disk;
    HamState empty = HamState.empty(node, Limits.DEFAULT);
    this.base = new LogSnapshot(ReignId.NONE, Mark.ZERO, StateCodec.encode(empty));
  }

  /** Another manager writes from here on. */
  void begin(ReignId of) {
    reign = of;
    listeners.clear();
    onAppend = after -> {};
  }

  void onAppend(Consumer<HamState> listener) {
    onAppend = listener;
  }

  /** From now on its disk says that it has what it has not. */
  void lie() {
    lying = true;
  }

  /** What is only in memory is gone. */
  public void powerCut() {
    writings++;
    durable = lying ? Math.max(0, durable - 10) : durable;
    while (pieces.size() > durable) {
      pieces.removeLast();
    }
  }

  /** What a successor reads, oldest first. */
  public List<Entry> read() {
    return pieces.stream().map(piece -> EntryCodec.decode(piece.payload())).toList();
  }

  /** What the newest entry led to, as its writer saw it; null when nothing was written. */
  public HamState reached() {
    return pieces.isEmpty()
        ? null
        : everything.get(EntryCodec.decode(pieces.getLast().payload()).id());
  }

  private Mark last() {
    return pieces.isEmpty() ? base.mark() : pieces.getLast().mark();
  }

  /** It goes to disk by itself. */
  @Override
  public void flush() {}

  @Override
  public void append(Entry entry, HamState after) {
    byte[] payload = EntryCodec.encode(entry);
    Mark mark = last().after(payload);
    if (entry.id().index() != mark.index()) {
      throw new IllegalArgumentException(entry.id() + " was appended behind " + last());
    }
    pieces.add(new LogPiece(reign, mark, payload));
    everything.put(entry.id(), after);
    if (entry.event() instanceof HamEvent.Asked) {
      asked.add(entry.event());
    }
    int now = writings;
    disk.accept(
        () -> {
          if (writings == now && durable < mark.index()) {
            durable = mark.index();
            List.copyOf(listeners).forEach(l -> l.accept(durable));
          }
        });
    onAppend.accept(after);
  }

  @Override
  public boolean hasRoom() {
    return true;
  }

  @Override
  public long durableIndex() {
    return durable;
  }

  @Override
  public void onDurable(LongConsumer listener) {
    listeners.add(listener);
  }

  @Override
  public LogCursor after(Mark from) {
    if (from.index() > pieces.size() || !markOf(from.index()).equals(from)) {
      return null;
    }
    return new LogCursor() {
      private int next = (int) from.index();

      @Override
      public LogPiece next() {
        return next < pieces.size() ? pieces.get(next++) : null;
      }

      @Override
      public void close() {
        // Nothing is held.
      }
    };
  }

  private Mark markOf(long index) {
    return index == 0 ? base.mark() : pieces.get((int) index - 1).mark();
  }

  @Override
  public LogSnapshot snapshot() {
    return base;
  }

  @Override
  public List<Mark> beginnings() {
    List<Mark> marks = new ArrayList<>();
    ReignId before = null;
    for (LogPiece piece : pieces) {
      if (!piece.reign().equals(before)) {
        marks.add(markOf(piece.mark().index() - 1));
      }
      before = piece.reign();
    }
    return marks;
  }

  @Override
  public long newest() {
    return 0;
  }
}
