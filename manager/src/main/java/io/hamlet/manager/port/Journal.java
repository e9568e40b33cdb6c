package io.hamlet.manager.port;

import io.hamlet.core.recovery.Entry;
import io.hamlet.core.recovery.HamState;
import java.util.function.LongConsumer;

/**
 * The log of this node's tree: live (tmpfs, survives every process) and durable (disk, behind it).
 */
public interface Journal {
  /**
   * Appends to the live log; when this returns the entry survives the death of this process. Core
   * thread; never touches a disk.
   *
   * @param after the state the entry leads to, from which a snapshot may be taken in the background
   */
  void append(Entry entry, HamState after);

  /**
   * Has what was appended copied to disk, and does not wait for that. Apart from the append,
   * because it wakes a thread: programs that are to start go first. Core thread.
   */
  void flush();

  /**
   * True while a change that a client asks for can be taken. False when the live log is nearly full
   * because the disk hangs or is full: requests are refused then, recovery goes on.
   */
  boolean hasRoom();

  /** Somebody waits for the disk up to that entry, so it should not dawdle. Any thread; a store. */
  default void awaited(long index) {}

  /** Index of the newest entry that is on disk. Any thread. */
  long durableIndex();

  /** Called with the new durable index each time it rises, on the log's own thread. */
  void onDurable(LongConsumer listener);
}
