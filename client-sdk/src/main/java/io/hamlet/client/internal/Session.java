package io.hamlet.client.internal;

import io.grpc.MethodDescriptor;
import io.hamlet.client.Ack;
import io.hamlet.client.Answer;
import io.hamlet.client.Command;
import io.hamlet.client.Entity;
import io.hamlet.client.EventStream;
import io.hamlet.client.Flag;
import io.hamlet.client.HamObject;
import io.hamlet.client.Heartbeat;
import io.hamlet.client.HeartbeatControl;
import io.hamlet.client.PulseChannel;
import io.hamlet.client.Receipt;
import io.hamlet.client.SelfAttachment;
import io.hamlet.client.Status;
import io.hamlet.client.Tls;
import io.hamlet.client.Tree;
import io.hamlet.client.WatchSpec;
import io.hamlet.client.Why;
import io.hamlet.v1.AttachRequest;
import io.hamlet.v1.AttachSelfRequest;
import io.hamlet.v1.AttachSelfResponse;
import io.hamlet.v1.ChangeResponse;
import io.hamlet.v1.ControlHeartbeatRequest;
import io.hamlet.v1.CreateEntityRequest;
import io.hamlet.v1.GetHandleRequest;
import io.hamlet.v1.HamGrpc;
import io.hamlet.v1.HandleResponse;
import io.hamlet.v1.ReadRequest;
import io.hamlet.v1.RequestHeader;
import io.hamlet.v1.SetVerbosityRequest;
import io.hamlet.v1.StatusRequest;
import io.hamlet.v1.StopRequest;
import io.hamlet.v1.WhyRequest;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;

/**
 * A connection as it is seen in one {@link View}: asks in its name, and maps the calls that need no
 * handle; those of an object are with its handle. How a call is repeated is the {@link Link}'s.
 * Immutable and thread-safe.
 */
public final class Session {
  /** How the verbosity is changed. */
  public enum LevelVerb {
    INCREASE,
    DECREASE,
    SET,
    GET
  }

  private final Link link;
  private final View view;

  private Session(Link link, View view) {
    this.link = link;
    this.view = view;
  }

  /**
   * Throws IllegalArgumentException for an address that is none, or keys that cannot be used.
   *
   * @param tls null: TCP without TLS
   */
  public static Session open(Tls tls, String... addresses) {
    List<Address> all = Address.list(addresses);
    Keys keys = tls == null || all.stream().allMatch(Address::isLocal) ? null : new Keys(tls);
    return new Session(new Link(all, keys), View.FIRST);
  }

  public Session withNode(String other) {
    return new Session(link, view.withNode(other));
  }

  public Session withAck(Ack other) {
    return new Session(link, view.withAck(other));
  }

  public Session withTimeout(Duration other) {
    return new Session(link, view.withTimeout(other));
  }

  public Session withLatest() {
    return new Session(link, view.withLatest());
  }

  public String node() {
    return view.node();
  }

  Link link() {
    return link;
  }

  Duration timeout() {
    return view.timeout();
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
    return new EntityHandle(this, node(), entity, 0, 0, null);
  }

  public HamObject at(String path) {
    return Wire.object(this, node(), path, 0, 0, null);
  }

  public HamObject handle(String path) throws InterruptedException {
    return Wire.object(
        this,
        ask(
            HamGrpc.getGetHandleMethod(),
            header -> GetHandleRequest.newBuilder().setHeader(header).setPath(path).build()),
        null);
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
    link.settle(timeout());
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
    return view.header(link.node());
  }

  /** The header of a request that changes something. */
  RequestHeader header(Tags.Tag tag) {
    return view.header(link.node(), tag);
  }

  <Q, A> A ask(MethodDescriptor<Q, A> method, Function<RequestHeader, Q> request)
      throws InterruptedException {
    return link.call(method, () -> request.apply(header()), timeout(), Link.Where.ANY);
  }

  <Q, A> A change(MethodDescriptor<Q, A> method, Function<RequestHeader, Q> request)
      throws InterruptedException {
    return change(method, request, Link.Where.ANY);
  }

  <Q, A> A change(
      MethodDescriptor<Q, A> method, Function<RequestHeader, Q> request, Link.Where where)
      throws InterruptedException {
    return change(link.tags(), method, request, where);
  }

  /**
   * Asks for a change under one name, so that it is done once however often it is asked for.
   *
   * @param tags of the client it is asked as
   */
  <Q, A> A change(
      Tags tags,
      MethodDescriptor<Q, A> method,
      Function<RequestHeader, Q> request,
      Link.Where where)
      throws InterruptedException {
    try (Tags.Tag tag = tags.begin()) {
      return link.call(method, () -> request.apply(header(tag)), timeout(), where);
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
}
