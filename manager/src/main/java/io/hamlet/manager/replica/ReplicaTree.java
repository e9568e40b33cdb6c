package io.hamlet.manager.replica;

import com.google.protobuf.ByteString;
import io.hamlet.core.recovery.Entry;
import io.hamlet.core.recovery.HamState;
import io.hamlet.manager.port.History;
import io.hamlet.manager.port.Replicas;
import io.hamlet.manager.runtime.EventHistory;
import io.hamlet.manager.runtime.Replay;
import io.hamlet.manager.wire.Digest;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.LongConsumer;

/** A tree as a replica has it. Changed by the thread of its puller, read by any. */
final class ReplicaTree implements Replicas.Tree {
  /** States that a digest may still come for; they share what did not change. */
  private static final int MILESTONES = 16;

  /** Of a tree whose programs keep much data, which is what changes. */
  private static final int LARGE_MILESTONES = 1;

  private static final long LARGE_BYTES = 256 << 10;

  private final Executor digesting;
  private final Runnable arrived;
  private final MovingHistory history = new MovingHistory();
  private final ArrayDeque<HamState> milestones = new ArrayDeque<>();
  private volatile HamState state;

  /** False: what is here is not the tree, or nothing is. */
  private volatile boolean there;

  /**
   * @param arrived told when it is there and was not before
   */
  ReplicaTree(Executor digesting, Runnable arrived) {
    this.digesting = digesting;
    this.arrived = arrived;
  }

  boolean isThere() {
    return there;
  }

  /** Once it was there it is never null, as somebody may hold this. */
  @Override
  public HamState state() {
    return state;
  }

  @Override
  public History history() {
    return history;
  }

  /** Begins anew with a state, whose past is not known; null: with nothing. */
  void begin(HamState start) {
    begin(start, List.of());
  }

  /** As above, and what came after. Throws IllegalStateException when it does not follow. */
  void begin(HamState start, List<Entry> entries) {
    boolean before = there;
    milestones.clear();
    there = false;
    if (start == null) {
      return;
    }
    EventHistory next = history.beginAt(start);
    state = Replay.of(start, entries, next);
    history.become(next);
    there = true;
    if (!before) {
      arrived.run();
    }
  }

  /** Throws IllegalStateException when one of them changes nothing; then begin anew. */
  void apply(List<Entry> entries) {
    HamState now = state;
    for (Entry entry : entries) {
      now = Replay.of(now, List.of(entry), history.current());
      if (entry.id().index() % Feeder.MILESTONE == 0) {
        milestones.add(now);
      }
    }
    int most = now.sam().bytes() > LARGE_BYTES ? LARGE_MILESTONES : MILESTONES;
    while (milestones.size() > most) {
      milestones.remove();
    }
    state = now;
  }

  /**
   * Compares with the original, if the state after that entry is still here.
   *
   * @param differs told the index, on another thread
   */
  void compare(long index, ByteString sha256, LongConsumer differs) {
    HamState own = at(index);
    if (own != null) {
      digesting.execute(
          () -> {
            if (!ByteString.copyFrom(Digest.of(own)).equals(sha256)) {
              differs.accept(index);
            }
          });
    }
  }

  private HamState at(long index) {
    HamState now = state;
    if (there && now.last().index() == index) {
      return now;
    }
    for (HamState milestone : milestones) {
      if (milestone.last().index() == index) {
        return milestone;
      }
    }
    return null;
  }
}
