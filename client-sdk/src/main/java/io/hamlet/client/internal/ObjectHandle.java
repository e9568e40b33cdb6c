package io.hamlet.client.internal;

import io.hamlet.client.Answer;
import io.hamlet.client.Flag;
import io.hamlet.client.Receipt;
import io.hamlet.v1.ControlRequest;
import io.hamlet.v1.ControlRequest.Verb;
import io.hamlet.v1.ControlResponse;
import io.hamlet.v1.HamGrpc;
import io.hamlet.v1.RemoveRequest;
import io.hamlet.v1.RequestHeader;
import io.hamlet.v1.Target;
import java.util.List;

/**
 * What entities, conditions and actions have in common: where they are, and what all of them can be
 * asked. Each kind adds what only it can be asked. Immutable and thread-safe.
 */
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
    return session.changed(
        HamGrpc.getRemoveMethod(),
        header -> RemoveRequest.newBuilder().setHeader(of(header)).setTarget(target()).build());
  }

  public Receipt enable(boolean recurse) throws InterruptedException {
    return Wire.receipt(control(Verb.ENABLE, 0, recurse).getHeader());
  }

  public Receipt disable(boolean recurse) throws InterruptedException {
    return Wire.receipt(control(Verb.DISABLE, 0, recurse).getHeader());
  }

  public int flags() throws InterruptedException {
    return flags(Verb.GET_FLAGS, 0).value();
  }

  public Answer<Integer> addFlags(Flag... flags) throws InterruptedException {
    return flags(Verb.ADD_FLAGS, Flag.bits(List.of(flags)));
  }

  public Answer<Integer> removeFlags(Flag... flags) throws InterruptedException {
    return flags(Verb.REMOVE_FLAGS, Flag.bits(List.of(flags)));
  }

  public Answer<Integer> setFlags(Flag... flags) throws InterruptedException {
    return flags(Verb.SET_FLAGS, Flag.bits(List.of(flags)));
  }

  /** A handle knows its node; that is where its requests go. */
  RequestHeader of(RequestHeader header) {
    return node.isEmpty() || node.equals(header.getNode())
        ? header
        : header.toBuilder().setNode(node).build();
  }

  /** The object as requests name it. */
  Target target() {
    return Target.newBuilder().setPath(path).setUid(uid).build();
  }

  private Answer<Integer> flags(Verb verb, int bits) throws InterruptedException {
    ControlResponse response = control(verb, bits, false);
    return new Answer<>(response.getFlags(), Wire.receipt(response.getHeader()));
  }

  private ControlResponse control(Verb verb, int bits, boolean recurse)
      throws InterruptedException {
    return session.change(
        HamGrpc.getControlMethod(),
        header ->
            ControlRequest.newBuilder()
                .setHeader(of(header))
                .setTarget(target())
                .setVerb(verb)
                .setFlags(bits)
                .setRecurse(recurse)
                .build());
  }

  @Override
  public String toString() {
    return (node.isEmpty() ? "" : node + ":") + path;
  }
}
