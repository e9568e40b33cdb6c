package io.hamlet.it.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import io.hamlet.v1.AckLevel;
import io.hamlet.v1.AddActionRequest;
import io.hamlet.v1.AddConditionRequest;
import io.hamlet.v1.AddFailItemRequest;
import io.hamlet.v1.ArrangeRequest;
import io.hamlet.v1.AttachRequest;
import io.hamlet.v1.AttachSelfRequest;
import io.hamlet.v1.AttachSelfResponse;
import io.hamlet.v1.Beat;
import io.hamlet.v1.ConditionType;
import io.hamlet.v1.ConfirmFencedRequest;
import io.hamlet.v1.ControlHeartbeatRequest;
import io.hamlet.v1.ControlRequest;
import io.hamlet.v1.CreateEntityRequest;
import io.hamlet.v1.Deed;
import io.hamlet.v1.DetachRequest;
import io.hamlet.v1.ForgetRequest;
import io.hamlet.v1.GetHandleRequest;
import io.hamlet.v1.HamGrpc;
import io.hamlet.v1.HeartbeatResponse;
import io.hamlet.v1.LeadRequest;
import io.hamlet.v1.ProcessSpec;
import io.hamlet.v1.PublishRaiseRequest;
import io.hamlet.v1.PublishStateRequest;
import io.hamlet.v1.PulsesRequest;
import io.hamlet.v1.PulsesResponse;
import io.hamlet.v1.ReadOutputRequest;
import io.hamlet.v1.ReadRequest;
import io.hamlet.v1.RemoveFailItemRequest;
import io.hamlet.v1.RemoveRequest;
import io.hamlet.v1.RequestHeader;
import io.hamlet.v1.ResumeRequest;
import io.hamlet.v1.SetVerbosityRequest;
import io.hamlet.v1.SetVoterRequest;
import io.hamlet.v1.SimulateRequest;
import io.hamlet.v1.StatusRequest;
import io.hamlet.v1.StopRequest;
import io.hamlet.v1.Target;
import io.hamlet.v1.WatchRequest;
import io.hamlet.v1.WatchResponse;
import io.hamlet.v1.WhyRequest;
import java.nio.file.Files;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each method of the service, on live servers, without the library: here, and over a hop. */
class EveryRpcTest {
  private static final RequestHeader LOCAL =
      RequestHeader.newBuilder().setAck(AckLevel.ACK_LEVEL_LOCAL).build();
  private static final long PID = ProcessHandle.current().pid();
  private final Called called = new Called();
  private Village village;

  /** The one that is called. */
  private Bench bench;

  /** The one that is meant, and the header that says so. */
  private Bench there;

  private RequestHeader header = LOCAL;
  private ManagedChannel channel;
  private HamGrpc.HamBlockingStub ham;
  private HamGrpc.HamStub streams;

  @BeforeEach
  void start() throws Exception {
    village = new Village("a", "b");
    bench = village.of("a");
    there = bench;
    channel = NettyChannelBuilder.forAddress("127.0.0.1", bench.port()).usePlaintext().build();
    Channel noted = called.over(channel);
    ham = HamGrpc.newBlockingStub(noted);
    streams = HamGrpc.newStub(noted);
  }

  @AfterEach
  void stop() throws Exception {
    channel.shutdownNow().awaitTermination(10, TimeUnit.SECONDS);
    village.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "b"})
  void allAreServed(String node) throws Exception {
    there = village.of(node);
    header = LOCAL.toBuilder().setNode(node).build();
    buildATree();
    publishAndControl();
    look();
    stream();
    takeDown();
    called.assertAll(HamGrpc.getServiceDescriptor());
  }

  private void buildATree() {
    var web =
        ham.attach(
            AttachRequest.newBuilder()
                .setHeader(header)
                .setName("web")
                .setSpec(ProcessSpec.newBuilder().addArgv("/bin/web"))
                .build());
    assertThat(web.getHandle().getPid()).isPositive();
    assertThat(web.getHeader().getNode()).isEqualTo(header.getNode());
    var place =
        ham.createEntity(
            CreateEntityRequest.newBuilder().setHeader(header).setName("place").build());
    assertThat(place.getHandle().getUid()).isPositive();
    var died =
        ham.addCondition(
            AddConditionRequest.newBuilder()
                .setHeader(header)
                .setEntity(at("web"))
                .setName("died")
                .setType(ConditionType.CONDITION_TYPE_DEATH)
                .build());
    assertThat(died.getHandle().getPath()).isEqualTo("web/died");
    ham.addAction(
        AddActionRequest.newBuilder()
            .setHeader(header)
            .setCondition(at("web/died"))
            .setName("restart")
            .setDeed(Deed.newBuilder().setRestart(Deed.Restart.getDefaultInstance()))
            .build());
    ham.addFailItem(
        AddFailItemRequest.newBuilder()
            .setHeader(header)
            .setAction(at("web/died/restart"))
            .setName("note")
            .setDeed(Deed.newBuilder().setLog(Deed.Log.newBuilder().setMessage("no")))
            .build());
    assertThat(action().onFail()).hasSize(1);
    ham.removeFailItem(
        RemoveFailItemRequest.newBuilder()
            .setHeader(header)
            .setAction(at("web/died/restart"))
            .setName("note")
            .build());
    assertThat(action().onFail()).isEmpty();
  }

  private io.hamlet.core.model.Action action() {
    return there
        .brain
        .state()
        .entity(new io.hamlet.core.model.Name("web"))
        .conditions()
        .getFirst()
        .actions()
        .getFirst();
  }

  private void publishAndControl() {
    ham.publishState(
        PublishStateRequest.newBuilder()
            .setHeader(header)
            .setEntity(at("web"))
            .setState(4)
            .build());
    ham.publishRaise(
        PublishRaiseRequest.newBuilder().setHeader(header).setEntity(at("web")).build());
    var flags =
        ham.control(
            ControlRequest.newBuilder()
                .setHeader(header)
                .setTarget(at("web/died"))
                .setVerb(ControlRequest.Verb.ADD_FLAGS)
                .setFlags(0x10)
                .build());
    assertThat(flags.getFlags() & 0x10).isEqualTo(0x10);
    var before =
        ham.controlHeartbeat(
            ControlHeartbeatRequest.newBuilder()
                .setHeader(header)
                .setVerb(ControlHeartbeatRequest.Verb.SUSPEND)
                .build());
    assertThat(before.getSuspended()).isFalse();
    var level =
        ham.setVerbosity(
            SetVerbosityRequest.newBuilder()
                .setHeader(header)
                .setVerb(SetVerbosityRequest.Verb.SET)
                .setValue(3)
                .build());
    assertThat(level.getLevel()).isEqualTo(3);
  }

  private void look() throws Exception {
    assertThat(
            ham.getHandle(
                    GetHandleRequest.newBuilder().setHeader(header).setPath("web/died").build())
                .getUid())
        .isPositive();
    var status = ham.status(StatusRequest.newBuilder().setHeader(header).setDigest(true).build());
    assertThat(status.getEntities()).isEqualTo(2);
    assertThat(status.getDigest().size()).isEqualTo(32);
    var tree = ham.read(ReadRequest.newBuilder().setHeader(header).setDepth(-1).build());
    assertThat(tree.getObjectsList())
        .extracting(io.hamlet.v1.TreeObject::getPath)
        .containsExactly("", ".global", "place", "web", "web/died", "web/died/restart");
    assertThat(
            ham.why(WhyRequest.newBuilder().setHeader(header).setEntity("web").build())
                .getSummary())
        .startsWith("web: ");
    Files.writeString(there.directory.resolve("web.log"), "hello\n");
    var output =
        ham.readOutput(ReadOutputRequest.newBuilder().setHeader(header).setEntity("web").build());
    assertThat(output.next().getData().toStringUtf8()).isEqualTo("hello\n");
    assertThat(output.hasNext()).isFalse();
    var events =
        ham.watch(
            WatchRequest.newBuilder().setHeader(header).setFrom("0").setNoFollow(true).build());
    WatchResponse last = WatchResponse.getDefaultInstance();
    while (events.hasNext()) {
      last = events.next();
    }
    assertThat(last.getCaughtUp()).isNotEmpty();
  }

  private void stream() throws Exception {
    AttachSelfResponse self =
        ham.attachSelf(
            AttachSelfRequest.newBuilder()
                .setHeader(LOCAL)
                .setName("me")
                .setPid(PID)
                .setPeriodNs(1_000_000_000)
                .setHighMark(3)
                .build());
    Heard<HeartbeatResponse> done = new Heard<>();
    StreamObserver<Beat> beats = streams.heartbeat(done);
    long before = bench.beats.counter(self.getSlot(), self.getGeneration());
    beats.onNext(
        Beat.newBuilder().setSlot(self.getSlot()).setGeneration(self.getGeneration()).build());
    beats.onCompleted();
    assertThat(done.next()).isNotNull();
    assertThat(bench.beats.counter(self.getSlot(), self.getGeneration())).isGreaterThan(before);
    Heard<PulsesResponse> pulses = new Heard<>();
    StreamObserver<PulsesRequest> channelOf = streams.pulses(pulses);
    channelOf.onNext(PulsesRequest.newBuilder().setHeader(LOCAL).setPid(PID).build());
    assertThat(pulses.next().getChannel()).isPositive();
    channelOf.onNext(PulsesRequest.newBuilder().setClose(true).build());
    pulses.end.get(10, TimeUnit.SECONDS);
    assertThat(bench.brain.state().channels()).isEmpty();
  }

  @Test
  void aChannelThatItsClientClosesEndsWithoutAnError() throws Exception {
    for (int i = 0; i < 300; i++) {
      Heard<PulsesResponse> pulses = new Heard<>();
      StreamObserver<PulsesRequest> feed = streams.pulses(pulses);
      feed.onNext(PulsesRequest.newBuilder().setHeader(LOCAL).setPid(PID).build());
      assertThat(pulses.next().getChannel()).isPositive();
      feed.onNext(PulsesRequest.newBuilder().setClose(true).build());
      pulses.end.get(10, TimeUnit.SECONDS);
    }
    assertThat(bench.brain.state().channels()).isEmpty();
  }

  private void takeDown() {
    ham.remove(
        RemoveRequest.newBuilder().setHeader(header).setTarget(at("web/died/restart")).build());
    ham.detach(DetachRequest.newBuilder().setHeader(header).setEntity(at("web")).build());
    try {
      ham.resume(ResumeRequest.newBuilder().setHeader(header).setEntity(at("place")).build());
    } catch (io.grpc.StatusRuntimeException e) {
      // It was never given up; that the manager says so is an answer.
      assertThat(e.getStatus().getCode()).isEqualTo(io.grpc.Status.Code.INVALID_ARGUMENT);
    }
    // Asked of a node, not of the cluster; it must not even get into the log.
    refusedHere(
        () -> ham.forget(ForgetRequest.newBuilder().setHeader(header).setForgotten("b").build()));
    refusedHere(
        () -> ham.setVoter(SetVoterRequest.newBuilder().setHeader(header).setNode("b").build()));
    refusedHere(
        () -> ham.arrange(ArrangeRequest.newBuilder().setHeader(header).setDrain("b").build()));
    refusedHere(
        () ->
            ham.confirmFenced(
                ConfirmFencedRequest.newBuilder().setHeader(header).setFenced("b").build()));
    refusedHere(
        () ->
            ham.lead(
                LeadRequest.newBuilder()
                    .setHeader(header)
                    .setName("batch")
                    .setTurn(1)
                    .setSpanMs(1_000)
                    .build()));
    refused(
        () -> ham.simulate(SimulateRequest.newBuilder().setHeader(header).addLost("b").build()));
    ham.stop(StopRequest.newBuilder().setHeader(header).build());
    assertThat(there.brain.state().stopping()).isTrue();
  }

  private static void refused(ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            io.grpc.StatusRuntimeException.class,
            e ->
                assertThat(e.getStatus().getCode())
                    .isIn(io.grpc.Status.Code.INVALID_ARGUMENT, io.grpc.Status.Code.UNAVAILABLE));
  }

  private static void refusedHere(ThrowingCallable call) {
    refused(call);
    assertThatThrownBy(call).hasMessageContaining("of the cluster only, not of a node; name '*'");
  }

  private static Target at(String path) {
    return Target.newBuilder().setPath(path).build();
  }
}
