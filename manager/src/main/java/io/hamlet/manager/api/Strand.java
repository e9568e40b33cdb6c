package io.hamlet.manager.api;

import io.hamlet.core.model.EffectId;
import io.hamlet.core.model.EntryId;
import io.hamlet.core.recovery.HamState;
import io.hamlet.manager.port.History;
import io.hamlet.manager.wire.Position;

/** One tree that a watcher is told of, and how far it has been. Confined to the watcher's work. */
final class Strand {
  private final String tree;
  private final History history;
  private final AutoCloseable bell;
  private EffectId after;

  /**
   * @param after null: from the oldest known on
   * @param bell rung when there may be more
   */
  Strand(String tree, History history, EffectId after, Runnable bell) {
    this.tree = tree;
    this.history = history;
    this.after = after;
    this.bell = history.onNew(bell);
  }

  String tree() {
    return tree;
  }

  History history() {
    return history;
  }

  EffectId after() {
    return after;
  }

  /** What comes next; of a gap it has then been told. */
  History.Slice read(int most) {
    History.Slice slice = history.read(after, most);
    if (slice.gap()) {
      after = before(slice);
    }
    return slice;
  }

  /** This has been told. */
  void told(EffectId id) {
    after = id;
  }

  boolean isFartherBehindThan(int events) {
    History.Slice behind = history.read(after, events + 1);
    return behind.gap() || behind.happenings().size() > events;
  }

  Position position() {
    return new Position(tree, after == null ? HamState.NOTHING_TOLD : after);
  }

  /** The position before the first that is still known. */
  private EffectId before(History.Slice slice) {
    if (slice.happenings().isEmpty()) {
      return history.newest();
    }
    EffectId first = slice.happenings().getFirst().id();
    if (first.ordinal() > 0) {
      return new EffectId(first.entry(), first.ordinal() - 1);
    }
    EntryId entry = first.entry();
    return new EffectId(
        new EntryId(entry.incarnation(), entry.epoch(), Math.max(0, entry.index() - 1)),
        Integer.MAX_VALUE);
  }

  void close() {
    try {
      bell.close();
    } catch (Exception e) {
      throw new IllegalStateException("a bell that cannot be taken down", e);
    }
  }
}
