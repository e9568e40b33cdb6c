package io.hamlet.client.internal;

import io.hamlet.client.Answer;
import io.hamlet.client.Flag;
import io.hamlet.client.Receipt;
import java.util.List;

/** What entities, conditions and actions have in common. */
abstract sealed class ObjectHandle permits EntityHandle, ConditionHandle, ActionHandle {
  private final Session session;
  private final String node;
  private final String path;
  private final long uid;
  private final long pid;
  private final Receipt receipt;

  ObjectHandle(Session session, String node, String path, long uid, long pid, Receipt receipt) {
    this.session = session;
    this.node = node;
    this.path = path;
    this.uid = uid;
    this.pid = pid;
    this.receipt = receipt;
  }

  Session session() {
    return session;
  }

  long handlePid() {
    return pid;
  }

  public String node() {
    return node;
  }

  public String path() {
    return path;
  }

  public long uid() {
    return uid;
  }

  public Receipt receipt() {
    return receipt;
  }

  public Receipt remove() throws InterruptedException {
    return session.remove(this);
  }

  public Receipt enable(boolean recurse) throws InterruptedException {
    return session.enable(this, true, recurse);
  }

  public Receipt disable(boolean recurse) throws InterruptedException {
    return session.enable(this, false, recurse);
  }

  public int flags() throws InterruptedException {
    return session.flags(this, Session.FlagVerb.GET, 0).value();
  }

  public Answer<Integer> addFlags(Flag... flags) throws InterruptedException {
    return session.flags(this, Session.FlagVerb.ADD, Flag.bits(List.of(flags)));
  }

  public Answer<Integer> removeFlags(Flag... flags) throws InterruptedException {
    return session.flags(this, Session.FlagVerb.REMOVE, Flag.bits(List.of(flags)));
  }

  public Answer<Integer> setFlags(Flag... flags) throws InterruptedException {
    return session.flags(this, Session.FlagVerb.SET, Flag.bits(List.of(flags)));
  }

  @Override
  public String toString() {
    return (node.isEmpty() ? "" : node + ":") + path;
  }
}
