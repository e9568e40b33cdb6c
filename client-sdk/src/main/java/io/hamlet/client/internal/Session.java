package io.hamlet.client.internal;

import io.grpc.MethodDescriptor;
import io.hamlet.client.Ack;
import io.hamlet.client.Action;
import io.hamlet.client.Answer;
import io.hamlet.client.Command;
import io.hamlet.client.Condition;
import io.hamlet.client.ConditionSpec;
import io.hamlet.client.Deed;
import io.hamlet.client.Entity;
import io.hamlet.client.EventStream;
import io.hamlet.client.Flag;
import io.hamlet.client.HamObject;
import io.hamlet.client.Heartbeat;
import io.hamlet.client.HeartbeatControl;
import io.hamlet.client.PulseChannel;
import io.hamlet.client.Rearm;
import io.hamlet.client.Receipt;
import io.hamlet.client.SelfAttachment;
import io.hamlet.client.Status;
import io.hamlet.client.Tls;
import io.hamlet.client.Tree;
import io.hamlet.client.WatchSpec;
import io.hamlet.client.Why;
import io.hamlet.v1.AddActionRequest;
import io.hamlet.v1.AddConditionRequest;
import io.hamlet.v1.AddFailItemRequest;
import io.hamlet.v1.AttachRequest;
import io.hamlet.v1.AttachSelfRequest;
import io.hamlet.v1.AttachSelfResponse;
import io.hamlet.v1.ChangeResponse;
import io.hamlet.v1.ControlHeartbeatRequest;
import io.hamlet.v1.ControlRequest;
import io.hamlet.v1.CreateEntityRequest;
import io.hamlet.v1.DetachRequest;
import io.hamlet.v1.GetHandleRequest;
import io.hamlet.v1.HamGrpc;
import io.hamlet.v1.HandleResponse;
import io.hamlet.v1.PublishRaiseRequest;
import io.hamlet.v1.PublishStateRequest;
import io.hamlet.v1.ReadRequest;
import io.hamlet.v1.RemoveFailItemRequest;
import io.hamlet.v1.RemoveRequest;
import io.hamlet.v1.RequestHeader;
import io.hamlet.v1.ResumeRequest;
import io.hamlet.v1.SetVerbosityRequest;
import io.hamlet.v1.StatusRequest;
import io.hamlet.v1.StopRequest;
import io.hamlet.v1.Target;
import io.hamlet.v1.WhyRequest;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;

/** A view of a connection, and the mapping of each call. Immutable and thread-safe. */
public final class Session {
  /** How flags are changed. */
  enum FlagVerb {
    ADD,
    REMOVE,
    SET,
    GET
  }

  /** How the verbosity is changed. */
  public enum LevelVerb {
    INCREASE,
    DECREASE,
    SET,
    GET
  }

  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private final Link link;
  private final String node;
  private final Ack ack;
  private final boolean latest;
  private final Duration timeout;

  private Session(Link link, String node, Ack ack, boolean latest, Duration timeout) {
    this.link = link;
    this.node = node;
    this.ack = ack;
    this.latest = latest;
    this.timeout = timeout;
  }

  /**
   * Throws IllegalArgumentException for an address that is none, or keys that cannot be used.
   *
   * @param tls null: TCP without TLS
   */
  public static Session open(Tls tls, String... addresses) {
    List<Address> all = Address.list(addresses);
    Keys keys = tls == null || all.stream().allMatch(Address::isLocal) ? null : new Keys(tls);
    return new Session(new Link(all, keys), "", null, false, TIMEOUT);
  }

  public Session withNode(String other) {
    return new Session(link, other, ack, latest, timeout);
  }

  public Session withAck(Ack other) {
    return new Session(link, node, other, latest, timeout);
  }

  public Session withTimeout(Duration other) {
    return new Session(link, node, ack, latest, other);
  }

  public Session withLatest() {
    return new Session(link, node, ack, true, timeout);
  }

  public String node() {
    return node;
  }

  Link link() {
    return link;
  }

  Duration timeout() {
    return timeout;
  }

  public List<String> addresses() {
    return link.addresses().stream().map(Address::text).toList();
  }

  public Entity attach(String name, long pid, Command command, Flag.OfEntity... flags)
      throws InterruptedException {
    return (Entity)
        made(
            HamGrpc.getAttachMethod(),
            header -> {
              AttachRequest.Builder request =
                  AttachRequest.newBuilder()
                      .setHeader(header)
                      .setName(name)
                      .setPid(pid)
                      .setFlags(Flag.bits(List.of(flags)));
              if (command != null) {
                request.setSpec(Wire.spec(command));
              }
              return request.build();
            });
  }

  public SelfAttachment attachSelf(String name, Heartbeat heartbeat, Flag.OfEntity... flags)
      throws InterruptedException {
    return new SelfAttached(this, name, heartbeat, Flag.bits(List.of(flags)));
  }

  AttachSelfResponse attachSelf(String name, Heartbeat heartbeat, int flags)
      throws InterruptedException {
    return change(
        HamGrpc.getAttachSelfMethod(),
        header -> {
          AttachSelfRequest.Builder request =
              AttachSelfRequest.newBuilder()
                  .setHeader(header)
                  .setName(name)
                  .setPid(ProcessHandle.current().pid())
                  .setFlags(flags);
          if (heartbeat != null) {
            request
                .setPeriodNs(Wire.nanos(heartbeat.period()))
                .setLowMark(heartbeat.lowMark())
                .setHighMark(heartbeat.highMark());
          }
          return request.build();
        },
        Link.Where.HOME);
  }

  public Entity createEntity(String name, Flag.OfEntity... flags) throws InterruptedException {
    return (Entity)
        made(
            HamGrpc.getCreateEntityMethod(),
            header ->
                CreateEntityRequest.newBuilder()
                    .setHeader(header)
                    .setName(name)
                    .setFlags(Flag.bits(List.of(flags)))
                    .build());
  }

  public Entity named(String entity) {
    return new EntityHandle(this, node, entity, 0, 0, null);
  }

  public HamObject at(String path) {
    return Wire.object(this, node, path, 0, 0, null);
  }

  public HamObject handle(String path) throws InterruptedException {
    return Wire.object(
        this,
        ask(
            HamGrpc.getGetHandleMethod(),
            header -> GetHandleRequest.newBuilder().setHeader(header).setPath(path).build()),
        null);
  }

  Condition addCondition(EntityHandle entity, String name, ConditionSpec spec)
      throws InterruptedException {
    return (Condition)
        made(
            HamGrpc.getAddConditionMethod(),
            header ->
                AddConditionRequest.newBuilder()
                    .setHeader(of(header, entity))
                    .setEntity(target(entity))
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

  Action addAction(
      ConditionHandle condition, String name, Deed deed, Rearm rearm, Flag.OfAction... flags)
      throws InterruptedException {
    return (Action)
        made(
            HamGrpc.getAddActionMethod(),
            header ->
                AddActionRequest.newBuilder()
                    .setHeader(of(header, condition))
                    .setCondition(target(condition))
                    .setName(name)
                    .setDeed(Wire.deed(deed))
                    .setFlags(Flag.bits(List.of(flags)))
                    .setRearm(Wire.rearm(rearm))
                    .build());
  }

  Receipt addFailItem(ActionHandle action, String name, Deed deed) throws InterruptedException {
    return changed(
        HamGrpc.getAddFailItemMethod(),
        header ->
            AddFailItemRequest.newBuilder()
                .setHeader(of(header, action))
                .setAction(target(action))
                .setName(name)
                .setDeed(Wire.deed(deed))
                .build());
  }

  Receipt removeFailItem(ActionHandle action, String name) throws InterruptedException {
    return changed(
        HamGrpc.getRemoveFailItemMethod(),
        header ->
            RemoveFailItemRequest.newBuilder()
                .setHeader(of(header, action))
                .setAction(target(action))
                .setName(name)
                .build());
  }

  Receipt remove(ObjectHandle object) throws InterruptedException {
    return changed(
        HamGrpc.getRemoveMethod(),
        header ->
            RemoveRequest.newBuilder()
                .setHeader(of(header, object))
                .setTarget(target(object))
                .build());
  }

  Receipt enable(ObjectHandle object, boolean enabled, boolean recurse)
      throws InterruptedException {
    return Wire.receipt(
        change(
                HamGrpc.getControlMethod(),
                header ->
                    ControlRequest.newBuilder()
                        .setHeader(of(header, object))
                        .setTarget(target(object))
                        .setVerb(enabled ? ControlRequest.Verb.ENABLE : ControlRequest.Verb.DISABLE)
                        .setRecurse(recurse)
                        .build())
            .getHeader());
  }

  Answer<Integer> flags(ObjectHandle object, FlagVerb verb, int bits) throws InterruptedException {
    var response =
        change(
            HamGrpc.getControlMethod(),
            header ->
                ControlRequest.newBuilder()
                    .setHeader(of(header, object))
                    .setTarget(target(object))
                    .setVerb(ControlRequest.Verb.valueOf(verb.name() + "_FLAGS"))
                    .setFlags(bits)
                    .build());
    return new Answer<>(response.getFlags(), Wire.receipt(response.getHeader()));
  }

  Receipt detach(EntityHandle entity, boolean self) throws InterruptedException {
    return changed(
        HamGrpc.getDetachMethod(),
        header ->
            DetachRequest.newBuilder()
                .setHeader(of(header, entity))
                .setEntity(target(entity))
                .setSelf(self)
                .build());
  }

  Receipt publishState(EntityHandle entity, int state) throws InterruptedException {
    return changed(
        HamGrpc.getPublishStateMethod(),
        header ->
            PublishStateRequest.newBuilder()
                .setHeader(of(header, entity))
                .setEntity(target(entity))
                .setState(state)
                .build());
  }

  Receipt publishRaise(EntityHandle entity, int type, int clazz, int severity)
      throws InterruptedException {
    return changed(
        HamGrpc.getPublishRaiseMethod(),
        header ->
            PublishRaiseRequest.newBuilder()
                .setHeader(of(header, entity))
                .setEntity(target(entity))
                .setType(type)
                .setClass_(clazz)
                .setSeverity(severity)
                .build());
  }

  Receipt resume(EntityHandle entity) throws InterruptedException {
    return changed(
        HamGrpc.getResumeMethod(),
        header ->
            ResumeRequest.newBuilder()
                .setHeader(of(header, entity))
                .setEntity(target(entity))
                .build());
  }

  public Receipt forget(String gone) throws InterruptedException {
    return changed(
        HamGrpc.getForgetMethod(),
        h -> io.hamlet.v1.ForgetRequest.newBuilder().setHeader(h).setForgotten(gone).build());
  }

  public Tree read(String path, int depth) throws InterruptedException {
    return Wire.tree(
        ask(
            HamGrpc.getReadMethod(),
            header ->
                ReadRequest.newBuilder().setHeader(header).setPath(path).setDepth(depth).build()));
  }

  public Status status(boolean digest) throws InterruptedException {
    return Wire.status(
        ask(
            HamGrpc.getStatusMethod(),
            header -> StatusRequest.newBuilder().setHeader(header).setDigest(digest).build()));
  }

  public EventStream watch(WatchSpec spec) throws InterruptedException {
    return EventFeed.open(this, spec);
  }

  public Why why(String entity) throws InterruptedException {
    return Wire.why(
        ask(
            HamGrpc.getWhyMethod(),
            header -> WhyRequest.newBuilder().setHeader(header).setEntity(entity).build()));
  }

  public InputStream output(String entity, boolean follow, long tailBytes)
      throws InterruptedException {
    link.settle(timeout);
    return new OutputStreamOf(this, entity, follow, tailBytes);
  }

  public PulseChannel openChannel() throws InterruptedException {
    return PulseFeed.open(this);
  }

  public Answer<Integer> verbosity(LevelVerb verb, int value) throws InterruptedException {
    var response =
        change(
            HamGrpc.getSetVerbosityMethod(),
            header ->
                SetVerbosityRequest.newBuilder()
                    .setHeader(header)
                    .setVerb(SetVerbosityRequest.Verb.valueOf(verb.name()))
                    .setValue(value)
                    .build());
    return new Answer<>(response.getLevel(), Wire.receipt(response.getHeader()));
  }

  public Answer<Boolean> heartbeats(HeartbeatControl verb) throws InterruptedException {
    var response =
        change(
            HamGrpc.getControlHeartbeatMethod(),
            header ->
                ControlHeartbeatRequest.newBuilder()
                    .setHeader(header)
                    .setVerb(ControlHeartbeatRequest.Verb.valueOf(verb.name()))
                    .build());
    return new Answer<>(response.getSuspended(), Wire.receipt(response.getHeader()));
  }

  public Receipt stop(boolean entities, Duration killAfter) throws InterruptedException {
    return changed(
        HamGrpc.getStopMethod(),
        header ->
            StopRequest.newBuilder()
                .setHeader(header)
                .setEntities(entities)
                .setKillAfterMs(killAfter.toMillis())
                .build());
  }

  public void close() {
    link.close();
  }

  /** The header of a request that changes nothing. */
  RequestHeader header() {
    // What is meant for the own node stays so, whoever is asked.
    return RequestHeader.newBuilder()
        .setNode(node.isEmpty() ? link.node() : node)
        .setAck(Wire.ack(ack))
        .setLatest(latest)
        .build();
  }

  /** The header of a request that changes something. */
  RequestHeader header(Tags.Tag tag) {
    return header().toBuilder()
        .setClient(tag.client())
        .setSequence(tag.sequence())
        .setAnsweredBelow(tag.answeredBelow())
        .build();
  }

  <Q, A> A ask(MethodDescriptor<Q, A> method, Function<RequestHeader, Q> request)
      throws InterruptedException {
    return link.call(method, () -> request.apply(header()), timeout, Link.Where.ANY);
  }

  <Q, A> A change(MethodDescriptor<Q, A> method, Function<RequestHeader, Q> request)
      throws InterruptedException {
    return change(method, request, Link.Where.ANY);
  }

  <Q, A> A change(
      MethodDescriptor<Q, A> method, Function<RequestHeader, Q> request, Link.Where where)
      throws InterruptedException {
    try (Tags.Tag tag = link.tags().begin()) {
      return link.call(method, () -> request.apply(header(tag)), timeout, where);
    }
  }

  <Q> Receipt changed(
      MethodDescriptor<Q, ChangeResponse> method, Function<RequestHeader, Q> request)
      throws InterruptedException {
    return Wire.receipt(change(method, request).getHeader());
  }

  <Q> HamObject made(MethodDescriptor<Q, HandleResponse> method, Function<RequestHeader, Q> request)
      throws InterruptedException {
    HandleResponse response = change(method, request);
    return Wire.object(this, response.getHandle(), Wire.receipt(response.getHeader()));
  }

  /** A handle knows its node; that is where its requests go. */
  private static RequestHeader of(RequestHeader header, ObjectHandle object) {
    return object.node().isEmpty() || object.node().equals(header.getNode())
        ? header
        : header.toBuilder().setNode(object.node()).build();
  }

  private static Target target(ObjectHandle object) {
    return Target.newBuilder().setPath(object.path()).setUid(object.uid()).build();
  }
}
