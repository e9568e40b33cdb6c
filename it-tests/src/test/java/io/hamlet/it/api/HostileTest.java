package io.hamlet.it.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.protobuf.StatusProto;
import io.hamlet.core.model.Name;
import io.hamlet.core.recovery.HamState;
import io.hamlet.manager.wire.Digest;
import io.hamlet.v1.AckLevel;
import io.hamlet.v1.AddActionRequest;
import io.hamlet.v1.AddConditionRequest;
import io.hamlet.v1.AttachRequest;
import io.hamlet.v1.AttachSelfRequest;
import io.hamlet.v1.ControlRequest;
import io.hamlet.v1.CreateEntityRequest;
import io.hamlet.v1.Deed;
import io.hamlet.v1.DetachRequest;
import io.hamlet.v1.HamGrpc;
import io.hamlet.v1.ProcessSpec;
import io.hamlet.v1.ReadOutputRequest;
import io.hamlet.v1.Refusal;
import io.hamlet.v1.RemoveRequest;
import io.hamlet.v1.RequestHeader;
import io.hamlet.v1.ResourceLimit;
import io.hamlet.v1.Target;
import io.hamlet.v1.Variable;
import io.hamlet.v1.WatchRequest;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Bad input: a clear refusal, and a state that is what it was. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HostileTest {
  private static final long NO_PID = 4_194_304; // Above the kernel's highest.
  private Bench bench;
  private ManagedChannel channel;
  private HamGrpc.HamBlockingStub ham;

  /** One bad request. */
  interface Bad {
    void ask(HamGrpc.HamBlockingStub ham);
  }

  @BeforeAll
  void start() throws Exception {
    bench = new Bench();
    channel = NettyChannelBuilder.forAddress("127.0.0.1", bench.port()).usePlaintext().build();
    ham = HamGrpc.newBlockingStub(channel);
    ham.createEntity(CreateEntityRequest.newBuilder().setName("e").build());
    ham.addCondition(AddConditionRequest.newBuilder().setEntity(at("e")).setName("c").build());
  }

  @AfterAll
  void stop() throws Exception {
    channel.shutdownNow().awaitTermination(10, TimeUnit.SECONDS);
    bench.close();
  }

  Stream<Arguments> requests() {
    return Stream.of(
            names(), processes(), moreProcesses(), deeds(), moreDeeds(), others(), moreOthers())
        .flatMap(s -> s);
  }

  private static Stream<Arguments> names() {
    return Stream.of(
        bad("an empty name", "INVALID", "name: ", h -> h.createEntity(entity(""))),
        bad("a slash", "INVALID", "name: ", h -> h.createEntity(entity("a/b"))),
        bad("a control character", "INVALID", "name: ", h -> h.createEntity(entity("a\u0007"))),
        bad("a NUL", "INVALID", "name: ", h -> h.createEntity(entity("a\0b"))),
        bad("a dot", "INVALID", "reserved", h -> h.createEntity(entity("."))),
        bad(".info", "INVALID", "reserved", h -> h.createEntity(entity(".info"))),
        bad("the global entity", "INVALID", "reserved", h -> h.createEntity(entity(".global"))),
        bad("256 bytes", "NAME_TOO_LONG", "255", h -> h.createEntity(entity("x".repeat(256)))),
        bad("128 umlauts", "NAME_TOO_LONG", "255", h -> h.createEntity(entity("ä".repeat(128)))),
        bad("a name that exists", "EXISTS", "e", h -> h.createEntity(entity("e"))),
        bad(
            "a condition without entity",
            "INVALID",
            "entity: ",
            h -> h.addCondition(AddConditionRequest.newBuilder().setName("x").build())),
        bad("too deep a path", "INVALID", "target: ", h -> h.remove(remove("a/b/c/d", 0))),
        bad("nobody", "NOT_FOUND", "nobody", h -> h.remove(remove("nobody", 0))),
        bad("a stale handle", "NOT_FOUND", "e", h -> h.remove(remove("e", 77))),
        bad(
            "a joined path too long",
            "NAME_TOO_LONG",
            "255",
            h ->
                h.addCondition(
                    AddConditionRequest.newBuilder()
                        .setEntity(at("e"))
                        .setName("x".repeat(255))
                        .build())));
  }

  private static Stream<Arguments> processes() {
    return Stream.of(
        bad("no spec", "INVALID", "spec: ", h -> h.attach(attach().build())),
        bad("no program", "INVALID", "absolute", h -> h.attach(spec(ProcessSpec.newBuilder()))),
        bad("a relative program", "INVALID", "absolute", h -> h.attach(run("sh"))),
        bad("a missing program", "CANNOT_START", "/missing", h -> h.attach(run("/missing"))),
        bad("a NUL in an argument", "INVALID", "NUL", h -> h.attach(run("/bin/x", "a\0"))),
        bad(
            "too long a line",
            "NAME_TOO_LONG",
            "131072",
            h -> h.attach(run("/bin/x", "y".repeat(140_000)))),
        bad(
            "an unknown pid",
            "NO_SUCH_PROCESS",
            "pid: ",
            h -> h.attach(attach().setPid(NO_PID).build())),
        bad("a negative pid", "INVALID", "pid: ", h -> h.attach(attach().setPid(-1).build())),
        bad(
            "a flag of another kind",
            "INVALID",
            "flags: ",
            h -> h.attach(run("/bin/x").toBuilder().setFlags(0x40).build())),
        bad(
            "a variable without name",
            "INVALID",
            "variable",
            h -> h.attach(spec(x().addEnvironment(Variable.newBuilder().setValue("v"))))),
        bad(
            "a variable with =",
            "INVALID",
            "variable",
            h -> h.attach(spec(x().addEnvironment(Variable.newBuilder().setName("a=b"))))));
  }

  private static Stream<Arguments> moreProcesses() {
    return Stream.of(
        bad(
            "a huge environment",
            "NAME_TOO_LONG",
            "environment",
            h ->
                h.attach(
                    spec(
                        x().addEnvironment(
                                Variable.newBuilder()
                                    .setName("a")
                                    .setValue("b".repeat(200_000)))))),
        bad(
            "a relative directory",
            "INVALID",
            "absolute",
            h -> h.attach(spec(x().setDirectory("tmp")))),
        bad(
            "a user that is a command",
            "INVALID",
            "spec.user: ",
            h -> h.attach(spec(x().setUser("a; rm -rf x")))),
        bad(
            "a limit that is none",
            "INVALID",
            "limits: ",
            h -> h.attach(spec(x().addLimits(ResourceLimit.newBuilder().setResource("NO FILE"))))),
        bad("an unknown kill mode", "INVALID", "kill", h -> h.attach(spec(x().setKillValue(17)))),
        bad(
            "another process attaches itself",
            "NOT_PERMITTED",
            "for itself",
            h -> h.attachSelf(AttachSelfRequest.newBuilder().setName("me").setPid(1).build())),
        bad("too short a period", "INVALID", "1 ms", h -> h.attachSelf(self(10, 0, 0))),
        bad("marks out of order", "INVALID", "marks", h -> h.attachSelf(self(1_000_000, 9, 3))),
        bad("marks without period", "INVALID", "period", h -> h.attachSelf(self(0, 1, 2))));
  }

  private static Stream<Arguments> deeds() {
    return Stream.of(
        bad("no deed", "INVALID", "deed: ", h -> h.addAction(action(Deed.newBuilder()))),
        bad(
            "a restart under no death",
            "INVALID",
            "restart",
            h ->
                h.addAction(
                    action(Deed.newBuilder().setRestart(Deed.Restart.getDefaultInstance())))),
        bad(
            "an endless back-off",
            "INVALID",
            "366 days",
            h -> {
              Deed.Builder deed = Deed.newBuilder();
              deed.getRestartBuilder().getPolicyBuilder().setLongestMs(-1);
              h.addAction(action(deed));
            }),
        bad(
            "no delay",
            "INVALID",
            "delay",
            h ->
                h.addAction(
                    action(Deed.newBuilder().setWaitFor(Deed.WaitFor.getDefaultInstance())))),
        bad(
            "a pulse to nobody",
            "INVALID",
            "recipient",
            h -> h.addAction(action(Deed.newBuilder().setPulse(Deed.Pulse.getDefaultInstance())))));
  }

  private static Stream<Arguments> moreDeeds() {
    return Stream.of(
        bad(
            "signal 65",
            "INVALID",
            "65",
            h ->
                h.addAction(
                    action(Deed.newBuilder().setSignal(Deed.Signal.newBuilder().setSignal(65))))),
        bad(
            "a signal to nobody",
            "NO_SUCH_PROCESS",
            "deed.signal: ",
            h ->
                h.addAction(
                    action(
                        Deed.newBuilder()
                            .setSignal(Deed.Signal.newBuilder().setSignal(9).setPid(NO_PID))))),
        bad(
            "a deed on another node",
            "NOT_FOUND",
            "no node",
            h ->
                h.addAction(
                    action(
                        Deed.newBuilder()
                            .setExecute(
                                Deed.Execute.newBuilder().addArgv("/bin/x").setNode("beta"))))),
        bad(
            "too long a message",
            "NAME_TOO_LONG",
            "4096",
            h ->
                h.addAction(
                    action(
                        Deed.newBuilder()
                            .setLog(Deed.Log.newBuilder().setMessage("x".repeat(5_000)))))));
  }

  private static Stream<Arguments> others() {
    return Stream.of(
        bad(
            "another node",
            "NOT_FOUND",
            "no node 'beta'",
            h ->
                h.createEntity(
                    entity("x").toBuilder()
                        .setHeader(RequestHeader.newBuilder().setNode("beta"))
                        .build())),
        bad(
            "an unknown level",
            "INVALID",
            "header.ack",
            h ->
                h.createEntity(
                    entity("x").toBuilder()
                        .setHeader(RequestHeader.newBuilder().setAckValue(99))
                        .build())),
        bad(
            "a sequence of 0",
            "INVALID",
            "header: ",
            h ->
                h.createEntity(
                    entity("x").toBuilder()
                        .setHeader(RequestHeader.newBuilder().setClient(5))
                        .build())),
        bad(
            "an unknown type",
            "INVALID",
            "type: ",
            h -> h.addCondition(condition().setTypeValue(42).build())),
        bad(
            "a filter on a death",
            "INVALID",
            "filter",
            h -> h.addCondition(condition().setTypeValue(1).setFromState(3).build())));
  }

  private static Stream<Arguments> moreOthers() {
    return Stream.of(
        bad(
            "a raise filter on a state",
            "INVALID",
            "RAISE",
            h -> h.addCondition(condition().setTypeValue(8).setRaiseType(3).build())),
        bad(
            "rearm among the flags",
            "INVALID",
            "rearm",
            h -> h.addCondition(condition().setFlags(1).build())),
        bad(
            "an unknown rearm",
            "INVALID",
            "rearm",
            h -> h.addCondition(condition().setRearmValue(7).build())),
        bad(
            "no verb",
            "INVALID",
            "verb",
            h -> h.control(ControlRequest.newBuilder().setTarget(at("e")).build())),
        bad(
            "a self-detach of another",
            "INVALID",
            "",
            h -> h.detach(DetachRequest.newBuilder().setEntity(at("e")).setSelf(true).build())),
        bad(
            "a position that is none",
            "INVALID",
            "position",
            h -> h.watch(WatchRequest.newBuilder().setFrom("rubbish").build()).hasNext()),
        bad(
            "the output of nobody",
            "NOT_FOUND",
            "nobody",
            h ->
                h.readOutput(ReadOutputRequest.newBuilder().setEntity("nobody").build()).hasNext()),
        bad(
            "an output that is a directory name",
            "INVALID",
            "name",
            h -> h.readOutput(ReadOutputRequest.newBuilder().setEntity("../x").build()).hasNext()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("requests")
  void isRefusedAndChangesNothing(String what, String reason, String part, Bad request)
      throws Exception {
    HamState before = bench.brain.state();
    byte[] digest = Digest.ofContent(before);
    StatusRuntimeException refused = null;
    try {
      request.ask(ham.withDeadlineAfter(20, TimeUnit.SECONDS));
    } catch (StatusRuntimeException e) {
      refused = e;
    }
    assertThat(refused).as(what).isNotNull();
    Refusal refusal = StatusProto.fromThrowable(refused).getDetails(0).unpack(Refusal.class);
    assertThat(refusal.getReason()).isEqualTo(reason);
    assertThat(refusal.getMessage()).contains(part);
    assertThat(Digest.ofContent(bench.brain.state())).isEqualTo(digest);
    assertThat(bench.beats.counter(0, 1)).as("no slot was taken").isNegative();
  }

  @Test
  void aMessageBeyondTheBoundIsRefused() {
    byte[] digest = Digest.ofContent(bench.brain.state());
    assertThatThrownBy(() -> ham.createEntity(entity("x".repeat(2 << 20))))
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            e -> assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED));
    assertThat(Digest.ofContent(bench.brain.state())).isEqualTo(digest);
  }

  @Test
  void aRepeatedRequestIsAnsweredAndNotRepeated() {
    CreateEntityRequest once =
        entity("once").toBuilder()
            .setHeader(
                RequestHeader.newBuilder()
                    .setClient(9)
                    .setSequence(1)
                    .setAck(AckLevel.ACK_LEVEL_LOCAL))
            .build();
    long uid = ham.createEntity(once).getHandle().getUid();
    assertThat(ham.createEntity(once).getHandle().getUid()).isEqualTo(uid);
    ham.remove(remove("once", 0));
    assertThat(bench.brain.state().entity(new Name("once"))).isNull();
  }

  private static Arguments bad(String what, String reason, String part, Bad request) {
    return Arguments.of(what, reason, part, request);
  }

  private static CreateEntityRequest entity(String name) {
    return CreateEntityRequest.newBuilder().setName(name).build();
  }

  private static RemoveRequest remove(String path, long uid) {
    return RemoveRequest.newBuilder()
        .setTarget(Target.newBuilder().setPath(path).setUid(uid))
        .build();
  }

  private static AttachRequest.Builder attach() {
    return AttachRequest.newBuilder().setName("x");
  }

  private static ProcessSpec.Builder x() {
    return ProcessSpec.newBuilder().addArgv("/bin/x");
  }

  private static AttachRequest spec(ProcessSpec.Builder spec) {
    return attach().setSpec(spec).build();
  }

  private static AttachRequest run(String... argv) {
    return spec(ProcessSpec.newBuilder().addAllArgv(java.util.List.of(argv)));
  }

  private static AttachSelfRequest self(long period, int low, int high) {
    return AttachSelfRequest.newBuilder()
        .setName("me")
        .setPid(ProcessHandle.current().pid())
        .setPeriodNs(period)
        .setLowMark(low)
        .setHighMark(high)
        .build();
  }

  private static AddActionRequest action(Deed.Builder deed) {
    return AddActionRequest.newBuilder().setCondition(at("e/c")).setName("a").setDeed(deed).build();
  }

  private static AddConditionRequest.Builder condition() {
    return AddConditionRequest.newBuilder().setEntity(at("e")).setName("x");
  }

  private static Target at(String path) {
    return Target.newBuilder().setPath(path).build();
  }
}
