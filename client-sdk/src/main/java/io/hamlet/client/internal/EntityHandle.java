package io.hamlet.client.internal;

import io.hamlet.client.Condition;
import io.hamlet.client.ConditionSpec;
import io.hamlet.client.Entity;
import io.hamlet.client.Receipt;

/** An entity: a process with a name (ham.md 1.3). Immutable and thread-safe. */
final class EntityHandle extends ObjectHandle implements Entity {
  EntityHandle(Session session, String node, String path, long uid, long pid, Receipt receipt) {
    super(session, node, path, uid, pid, receipt);
  }

  /** The process it had when this handle was made; 0 for none. */
  @Override
  public long pid() {
    return handlePid();
  }

  /** Adds a condition (ham.md 2.4). */
  @Override
  public Condition condition(String name, ConditionSpec spec) throws InterruptedException {
    return session().addCondition(this, name, spec);
  }

  /** The condition that has that name at the time of each call; asks nobody. */
  @Override
  public Condition named(String condition) {
    return new ConditionHandle(session(), node(), path() + "/" + condition, 0, null);
  }

  /** Ends the watch over it; its process lives on. Not for self-attached entities. */
  @Override
  public Receipt detach() throws InterruptedException {
    return session().detach(this, false);
  }

  /** Like {@link #detach} for a self-attached entity (ham.md 2.2, ham_detach_self). */
  @Override
  public Receipt detachSelf() throws InterruptedException {
    return session().detach(this, true);
  }

  /** Tells which state it now is in; any number. */
  @Override
  public Receipt publishState(int state) throws InterruptedException {
    return session().publishState(this, state);
  }

  /** Raises a condition for it; the numbers are the caller's. */
  @Override
  public Receipt raise(int type, int clazz, int severity) throws InterruptedException {
    return session().publishRaise(this, type, clazz, severity);
  }

  /** Starts it again after its restart budget was spent. */
  @Override
  public Receipt resume() throws InterruptedException {
    return session().resume(this);
  }
}
