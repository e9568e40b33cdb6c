package io.hamlet.client;

/** An entity: a process with a name (ham.md 1.3). Immutable and thread-safe. */
public final class Entity extends Handle implements HamObject {
  Entity(Session session, String node, String path, long uid, long pid, Receipt receipt) {
    super(session, node, path, uid, pid, receipt);
  }

  /** The process it had when this handle was made; 0 for none. */
  public long pid() {
    return handlePid();
  }

  /** Adds a condition (ham.md 2.4). */
  public Condition condition(String name, ConditionSpec spec) throws InterruptedException {
    return session().addCondition(this, name, spec);
  }

  /** The condition that has that name at the time of each call; asks nobody. */
  public Condition named(String condition) {
    return new Condition(session(), node(), path() + "/" + condition, 0, null);
  }

  /** Ends the watch over it; its process lives on. Not for self-attached entities. */
  public Receipt detach() throws InterruptedException {
    return session().detach(this, false);
  }

  /** Like {@link #detach} for a self-attached entity (ham.md 2.2, ham_detach_self). */
  public Receipt detachSelf() throws InterruptedException {
    return session().detach(this, true);
  }

  /** Tells which state it now is in; any number. */
  public Receipt publishState(int state) throws InterruptedException {
    return session().publishState(this, state);
  }

  /** Raises a condition for it; the numbers are the caller's. */
  public Receipt raise(int type, int clazz, int severity) throws InterruptedException {
    return session().publishRaise(this, type, clazz, severity);
  }

  /** Starts it again after its restart budget was spent. */
  public Receipt resume() throws InterruptedException {
    return session().resume(this);
  }
}
