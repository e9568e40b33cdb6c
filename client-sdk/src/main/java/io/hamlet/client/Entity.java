package io.hamlet.client;

/** An entity: a process with a name (ham.md 1.3). Immutable and thread-safe. */
public non-sealed interface Entity extends HamObject {
  /** The process it had when this handle was made; 0 for none. */
  long pid();

  /** Adds a condition (ham.md 2.4). */
  Condition condition(String name, ConditionSpec spec) throws InterruptedException;

  /** The condition that has that name at the time of each call; asks nobody. */
  Condition named(String condition);

  /** Ends the watch over it; its process lives on. Not for self-attached entities. */
  Receipt detach() throws InterruptedException;

  /** Like {@link #detach} for a self-attached entity (ham.md 2.2, ham_detach_self). */
  Receipt detachSelf() throws InterruptedException;

  /** Tells which state it now is in; any number. */
  Receipt publishState(int state) throws InterruptedException;

  /** Raises a condition for it; the numbers are the caller's. */
  Receipt raise(int type, int clazz, int severity) throws InterruptedException;

  /** Starts it again after its restart budget was spent. */
  Receipt resume() throws InterruptedException;
}
