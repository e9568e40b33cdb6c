package io.hamlet.client.internal;

import io.hamlet.client.Condition;
import io.hamlet.client.ConditionSpec;
import io.hamlet.client.Entity;
import io.hamlet.client.Flag;
import io.hamlet.client.Receipt;
import io.hamlet.v1.AddConditionRequest;
import io.hamlet.v1.DetachRequest;
import io.hamlet.v1.HamGrpc;
import io.hamlet.v1.PublishRaiseRequest;
import io.hamlet.v1.PublishStateRequest;
import io.hamlet.v1.ResumeRequest;

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
    return (Condition)
        session()
            .made(
                HamGrpc.getAddConditionMethod(),
                header ->
                    AddConditionRequest.newBuilder()
                        .setHeader(of(header))
                        .setEntity(target())
                        .setName(name)
                        .setType(Wire.type(spec.type()))
                        .setFromState(spec.from())
                        .setToState(spec.to())
                        .setRaiseType(spec.raiseType())
                        .setRaiseClass(spec.raiseClass())
                        .setRaiseSeverity(spec.raiseSeverity())
                        .setProof(Wire.proof(spec.proof()))
                        .setFlags(Flag.bits(spec.flags()))
                        .setRearm(Wire.rearm(spec.rearm()))
                        .build());
  }

  /** The condition that has that name at the time of each call; asks nobody. */
  @Override
  public Condition named(String condition) {
    return new ConditionHandle(session(), node(), path() + "/" + condition, 0, null);
  }

  /** Ends the watch over it; its process lives on. Not for self-attached entities. */
  @Override
  public Receipt detach() throws InterruptedException {
    return detach(false);
  }

  /** Like {@link #detach} for a self-attached entity (ham.md 2.2, ham_detach_self). */
  @Override
  public Receipt detachSelf() throws InterruptedException {
    return detach(true);
  }

  /** Tells which state it now is in; any number. */
  @Override
  public Receipt publishState(int state) throws InterruptedException {
    return session()
        .changed(
            HamGrpc.getPublishStateMethod(),
            header ->
                PublishStateRequest.newBuilder()
                    .setHeader(of(header))
                    .setEntity(target())
                    .setState(state)
                    .build());
  }

  /** Raises a condition for it; the numbers are the caller's. */
  @Override
  public Receipt raise(int type, int clazz, int severity) throws InterruptedException {
    return session()
        .changed(
            HamGrpc.getPublishRaiseMethod(),
            header ->
                PublishRaiseRequest.newBuilder()
                    .setHeader(of(header))
                    .setEntity(target())
                    .setType(type)
                    .setClass_(clazz)
                    .setSeverity(severity)
                    .build());
  }

  /** Starts it again after its restart budget was spent. */
  @Override
  public Receipt resume() throws InterruptedException {
    return session()
        .changed(
            HamGrpc.getResumeMethod(),
            header -> ResumeRequest.newBuilder().setHeader(of(header)).setEntity(target()).build());
  }

  private Receipt detach(boolean self) throws InterruptedException {
    return session()
        .changed(
            HamGrpc.getDetachMethod(),
            header ->
                DetachRequest.newBuilder()
                    .setHeader(of(header))
                    .setEntity(target())
                    .setSelf(self)
                    .build());
  }
}
