package io.hamlet.manager.port;

/** How many disks have how much of this node's log. Thread-safe; nothing here blocks. */
public interface AckLevels {
  /** Returned by {@link #reached} for a level that cannot be reached as things are. */
  long NEVER = -1;

  /** The level that is waited for when nobody says. */
  Ack usual();

  /** Index of the newest entry that has got to a level; {@link #NEVER}: none ever will. */
  long reached(Ack level);

  /**
   * Somebody waits for a level of the log up to that entry, so it should not dawdle. Core thread; a
   * store.
   */
  default void awaited(Ack level, long index) {}

  /** Calls back after any level has risen, or what can be reached has changed; on any thread. */
  void onChange(Runnable listener);

  /** Of a node whose own disk is the only one. */
  static AckLevels alone(Journal journal) {
    return new AckLevels() {
      @Override
      public Ack usual() {
        return Ack.DURABLE;
      }

      @Override
      public long reached(Ack level) {
        return switch (level) {
          case LOCAL -> Long.MAX_VALUE;
          case DURABLE -> journal.durableIndex();
          case REPLICA, MAJORITY -> NEVER;
        };
      }

      @Override
      public void awaited(Ack level, long index) {
        if (level == Ack.DURABLE) {
          journal.awaited(index);
        }
      }

      @Override
      public void onChange(Runnable listener) {
        journal.onDurable(index -> listener.run());
      }
    };
  }
}
