package io.hamlet.client;

import io.grpc.MethodDescriptor;
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
final class Session {
  enum FlagVerb {
    ADD,
    REMOVE,
    SET,
    GET
  }

  enum LevelVerb {
    INCREASE,
    DECREASE,
    SET,
    GET
  }

  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private final Link link;
  private final String node;
  private final Ack ack;
  private final Duration timeout;

  private Session(Link link, String node, Ack ack, Duration timeout) {
    this.link = link;
    this.node = node;
    this.ack = ack;
    this.timeout = timeout;
  }

  static Session open(List<Address> addresses) {
    return new Session(new Link(addresses), "", null, TIMEOUT);
  }

  Session withNode(String other) {
    return new Session(link, other, ack, timeout);
  }

  Session withAck(Ack other) {
    return new Session(link, node, other, timeout);
  }

  Session withTimeout(Duration other) {
    return new Session(link, node, ack, other);
  }

  String node() {
    return node;
  }

  Link link() {
    return link;
  }

  Duration timeout() {
    return timeout;
  }

  List<String> addresses() {
    return link.addresses().stream().map(Address::text).toList();
  }

  Entity attach(String name, long pid, Command command, Flag.OfEntity... flags)
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

  SelfAttachment attachSelf(String name, Heartbeat heartbeat, Flag.OfEntity... flags)
      throws InterruptedException {
    return new SelfAttachment(this, name, heartbeat, Flag.bits(List.of(flags)));
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
        });
  }

  Entity createEntity(String name, Flag.OfEntity... flags) throws InterruptedException {
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

  HamObject at(String path) {
    return Wire.object(this, node, path, 0, 0, null);
  }

  HamObject handle(String path) throws InterruptedException {
    return Wire.object(
        this,
        ask(
            HamGrpc.getGetHandleMethod(),
            header -> GetHandleRequest.newBuilder().setHeader(header).setPath(path).build()),
        null);
  }

  Condition addCondition(Entity entity, String name, ConditionSpec spec)
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
                    .setFlags(Flag.bits(spec.flags()))
                    .setRearm(Wire.rearm(spec.rearm()))
                    .build());
  }

  Action addAction(
      Condition condition, String name, Deed deed, Rearm rearm, Flag.OfAction... flags)
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

  Receipt addFailItem(Action action, String name, Deed deed) throws InterruptedException {
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

  Receipt removeFailItem(Action action, String name) throws InterruptedException {
    return changed(
        HamGrpc.getRemoveFailItemMethod(),
        header ->
            RemoveFailItemRequest.newBuilder()
                .setHeader(of(header, action))
                .setAction(target(action))
                .setName(name)
                .build());
  }

  Receipt remove(Handle object) throws InterruptedException {
    return changed(
        HamGrpc.getRemoveMethod(),
        header ->
            RemoveRequest.newBuilder()
                .setHeader(of(header, object))
                .setTarget(target(object))
                .build());
  }

  Receipt enable(Handle object, boolean enabled, boolean recurse) throws InterruptedException {
    return Wire.receipt(
        change(
                HamGrpc.getControlMethod(),
                header ->
                    ControlRequest.newBuilder()
                        .setHeader(of(header, object))
                        .setTarget(target(object))
                        .setVerb(
                            enabled ? ControlRequest.Verb.ENABLE : ControlRequest.Verb.DISABLE)
                        .setRecurse(recurse)
                        .build())
            .getHeader());
  }

  Answer<Integer> flags(Handle object, FlagVerb verb, int bits) throws InterruptedException {
    var response =
        change(
            HamGrpc.getControlMethod(),
            header ->
                ControlRequest.newBuilder()
                    .setHeader(of(header, object))
                    .setTarget(target(object))
                    .setVerb(
                        switch (verb) {
                          case ADD -> ControlRequest.Verb.ADD_FLAGS;
                          case REMOVE -> ControlRequest.Verb.REMOVE_FLAGS;
                          case SET -> ControlRequest.Verb.SET_FLAGS;
                          case GET -> ControlRequest.Verb.GET_FLAGS;
                        })
                    .setFlags(bits)
                    .build());
    return new Answer<>(response.getFlags(), Wire.receipt(response.getHeader()));
  }

  Receipt detach(Entity entity, boolean self) throws InterruptedException {
    return changed(
        HamGrpc.getDetachMethod(),
        header ->
            DetachRequest.newBuilder()
                .setHeader(of(header, entity))
                .setEntity(target(entity))
                .setSelf(self)
                .build());
  }

  Receipt publishState(Entity entity, int state) throws InterruptedException {
    return changed(
        HamGrpc.getPublishStateMethod(),
        header ->
            PublishStateRequest.newBuilder()
                .setHeader(of(header, entity))
                .setEntity(target(entity))
                .setState(state)
                .build());
  }

  Receipt publishRaise(Entity entity, int type, int clazz, int severity)
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

  Receipt resume(Entity entity) throws InterruptedException {
    return changed(
        HamGrpc.getResumeMethod(),
        header ->
            ResumeRequest.newBuilder()
                .setHeader(of(header, entity))
                .setEntity(target(entity))
                .build());
  }

  Tree read(String path, int depth) throws InterruptedException {
    var response =
        ask(
            HamGrpc.getReadMethod(),
            header ->
                ReadRequest.newBuilder()
                    .setHeader(header)
                    .setPath(path)
                    .setDepth(depth)
                    .build());
    return new Tree(
        response.getNode(),
        response.getPosition(),
        response.getObjectsList().stream().map(Wire::treeObject).toList());
  }

  Status status(boolean digest) throws InterruptedException {
    return Wire.status(
        ask(
            HamGrpc.getStatusMethod(),
            header -> StatusRequest.newBuilder().setHeader(header).setDigest(digest).build()));
  }

  EventStream watch(WatchSpec spec) throws InterruptedException {
    return EventStream.open(this, spec);
  }

  Why why(String entity) throws InterruptedException {
    var response =
        ask(
            HamGrpc.getWhyMethod(),
            header -> WhyRequest.newBuilder().setHeader(header).setEntity(entity).build());
    return new Why(
        response.getSummary(),
        response.getEventsList().stream().map(Wire::event).toList(),
        response.getTruncated());
  }

  InputStream output(String entity, boolean follow, long tailBytes) {
    return new OutputStreamOf(this, entity, follow, tailBytes);
  }

  PulseChannel openChannel() throws InterruptedException {
    return PulseChannel.open(this);
  }

  Answer<Integer> verbosity(LevelVerb verb, int value) throws InterruptedException {
    var response =
        change(
            HamGrpc.getSetVerbosityMethod(),
            header ->
                SetVerbosityRequest.newBuilder()
                    .setHeader(header)
                    .setVerb(
                        switch (verb) {
                          case INCREASE -> SetVerbosityRequest.Verb.INCREASE;
                          case DECREASE -> SetVerbosityRequest.Verb.DECREASE;
                          case SET -> SetVerbosityRequest.Verb.SET;
                          case GET -> SetVerbosityRequest.Verb.GET;
                        })
                    .setValue(value)
                    .build());
    return new Answer<>(response.getLevel(), Wire.receipt(response.getHeader()));
  }

  Answer<Boolean> heartbeats(HeartbeatControl verb) throws InterruptedException {
    var response =
        change(
            HamGrpc.getControlHeartbeatMethod(),
            header ->
                ControlHeartbeatRequest.newBuilder()
                    .setHeader(header)
                    .setVerb(
                        switch (verb) {
                          case SUSPEND -> ControlHeartbeatRequest.Verb.SUSPEND;
                          case ACTIVE -> ControlHeartbeatRequest.Verb.ACTIVE;
                          case QUERY -> ControlHeartbeatRequest.Verb.QUERY;
                        })
                    .build());
    return new Answer<>(response.getSuspended(), Wire.receipt(response.getHeader()));
  }

  Receipt stop(boolean entities, Duration killAfter) throws InterruptedException {
    return changed(
        HamGrpc.getStopMethod(),
        header ->
            StopRequest.newBuilder()
                .setHeader(header)
                .setEntities(entities)
                .setKillAfterMs(killAfter.toMillis())
                .build());
  }

  void close() {
    link.close();
  }

  /** The header of a request that changes nothing. */
  RequestHeader header() {
    return RequestHeader.newBuilder().setNode(node).setAck(Wire.ack(ack)).build();
  }

  /** The header of a request that changes something. */
  RequestHeader header(Tags.Tag tag) {
    return header().toBuilder()
        .setClient(tag.client())
        .setSequence(tag.sequence())
        .setAnsweredBelow(tag.answeredBelow())
        .build();
  }

  private <Q, A> A ask(MethodDescriptor<Q, A> method, Function<RequestHeader, Q> request)
      throws InterruptedException {
    return link.call(method, request.apply(header()), timeout);
  }

  private <Q, A> A change(MethodDescriptor<Q, A> method, Function<RequestHeader, Q> request)
      throws InterruptedException {
    try (Tags.Tag tag = link.tags().begin()) {
      return link.call(method, request.apply(header(tag)), timeout);
    }
  }

  private <Q> Receipt changed(
      MethodDescriptor<Q, ChangeResponse> method, Function<RequestHeader, Q> request)
      throws InterruptedException {
    return Wire.receipt(change(method, request).getHeader());
  }

  private <Q> HamObject made(
      MethodDescriptor<Q, HandleResponse> method, Function<RequestHeader, Q> request)
      throws InterruptedException {
    HandleResponse response = change(method, request);
    return Wire.object(this, response.getHandle(), Wire.receipt(response.getHeader()));
  }

  /** A handle knows its node; that is where its requests go. */
  private static RequestHeader of(RequestHeader header, Handle object) {
    return object.node().isEmpty() || object.node().equals(header.getNode())
        ? header
        : header.toBuilder().setNode(object.node()).build();
  }

  private static Target target(Handle object) {
    return Target.newBuilder().setPath(object.path()).setUid(object.uid()).build();
  }
}
