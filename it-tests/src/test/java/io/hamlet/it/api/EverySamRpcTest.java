package io.hamlet.it.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.protobuf.ByteString;
import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import io.hamlet.v1.AckLevel;
import io.hamlet.v1.ProcessSpec;
import io.hamlet.v1.RequestHeader;
import io.hamlet.v1.SamBeat;
import io.hamlet.v1.SamContract;
import io.hamlet.v1.SamGroupRequest;
import io.hamlet.v1.SamGrpc;
import io.hamlet.v1.SamHandle;
import io.hamlet.v1.SamHealthCheckRequest;
import io.hamlet.v1.SamInitializeRequest;
import io.hamlet.v1.SamLaunchRequest;
import io.hamlet.v1.SamListGroupsRequest;
import io.hamlet.v1.SamListRequest;
import io.hamlet.v1.SamMarkFailedRequest;
import io.hamlet.v1.SamProgram;
import io.hamlet.v1.SamRequest;
import io.hamlet.v1.SamRestoreDataRequest;
import io.hamlet.v1.SamStartRequest;
import io.hamlet.v1.SamStopRequest;
import io.hamlet.v1.SamStoreDataRequest;
import io.hamlet.v1.SamWarnSignalRequest;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each method of the service Sam, on live servers, without the library: here, and over a hop. */
class EverySamRpcTest {
  private static final Metadata.Key<String> CODE =
      Metadata.Key.of("ham-status", Metadata.ASCII_STRING_MARSHALLER);

  private static final RequestHeader LOCAL =
      RequestHeader.newBuilder().setAck(AckLevel.ACK_LEVEL_LOCAL).build();
  private static final SamHandle APP = SamHandle.newBuilder().setName("app").build();
  private static final SamContract CONTRACT =
      SamContract.newBuilder()
          .setTimeIntervalMs(60_000)
          .setRecovery(SamContract.Recovery.QUIT)
          .setPublish(true)
          .build();

  private final Called called = new Called();
  private Village village;
  private RequestHeader header = LOCAL;
  private ManagedChannel channel;
  private SamGrpc.SamBlockingStub sam;
  private SamGrpc.SamStub streams;

  @BeforeEach
  void start() throws Exception {
    village = new Village("a", "b");
    int port = village.of("a").port();
    channel = NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
    Channel noted = called.over(channel);
    sam = SamGrpc.newBlockingStub(noted);
    streams = SamGrpc.newStub(noted);
  }

  @AfterEach
  void stop() throws Exception {
    channel.shutdownNow().awaitTermination(10, TimeUnit.SECONDS);
    village.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "b"})
  void allAreServed(String node) throws Exception {
    header = LOCAL.toBuilder().setNode(node).build();
    begin();
    data();
    group();
    supervise();
    end();
    called.assertAll(SamGrpc.getServiceDescriptor());
  }

  /** 1.3: the policy is looked at before the state. */
  private void noPolicy() {
    SamContract none =
        CONTRACT.toBuilder().setRecovery(SamContract.Recovery.RECOVERY_UNSPECIFIED).build();
    for (SamContract bad : List.of(none, CONTRACT.toBuilder().setRecoveryValue(99).build())) {
      SamInitializeRequest request =
          SamInitializeRequest.newBuilder()
              .setHeader(header)
              .setProgram(APP)
              .setContract(bad)
              .setPid(ProcessHandle.current().pid())
              .build();
      refused(Status.Code.INVALID_ARGUMENT, "7", () -> sam.initialize(request));
    }
  }

  private void begin() {
    noPolicy();
    var begun =
        sam.initialize(
            SamInitializeRequest.newBuilder()
                .setHeader(header)
                .setProgram(APP)
                .setContract(CONTRACT)
                .setPid(ProcessHandle.current().pid())
                .build());
    assertThat(begun.getToken()).isNotEmpty();
    assertThat(begun.getHeader().getNode()).isEqualTo(header.getNode());
    noPolicy();
    assertThat(sam.register(request()).getInstanceId()).isEqualTo(1);
    noPolicy();
    refused(Status.Code.FAILED_PRECONDITION, "9", () -> sam.register(request()));
    sam.setHealthCheck(
        SamHealthCheckRequest.newBuilder().setHeader(header).setProgram(APP).setOn(true).build());
    sam.setWarnSignal(warnSignal(10));
    refused(Status.Code.INVALID_ARGUMENT, "7", () -> sam.setWarnSignal(warnSignal(99)));
    assertThat(look().getWarnSignal()).isEqualTo(10);
  }

  private SamWarnSignalRequest warnSignal(int signal) {
    return SamWarnSignalRequest.newBuilder()
        .setHeader(header)
        .setProgram(APP)
        .setSignal(signal)
        .build();
  }

  private void data() {
    sam.storeData(store(ByteString.copyFromUtf8("kept")));
    refused(
        Status.Code.OUT_OF_RANGE,
        "26",
        () -> sam.storeData(store(ByteString.copyFrom(new byte[(1 << 20) + 1]))));
    SamRestoreDataRequest all =
        SamRestoreDataRequest.newBuilder().setHeader(header).setProgram(APP).build();
    assertThat(sam.restoreData(all).getData().toStringUtf8()).isEqualTo("kept");
    assertThat(sam.restoreData(all.toBuilder().setSizeOnly(true).build()).getSize()).isEqualTo(4);
    refused(
        Status.Code.INVALID_ARGUMENT,
        "7",
        () -> sam.restoreData(all.toBuilder().setRoom(3).build()));
  }

  private SamStoreDataRequest store(ByteString data) {
    return SamStoreDataRequest.newBuilder().setHeader(header).setProgram(APP).setData(data).build();
  }

  private void group() {
    var joined = sam.group(act().setJoin(true).build());
    assertThat(joined.getGroup().getMembersList()).hasSize(1);
    assertThat(joined.getMember()).isEqualTo(header.getNode() + ":app#1");
    sam.group(act().setMessage(ByteString.copyFromUtf8("hello")).build());
    refused(
        Status.Code.OUT_OF_RANGE,
        "26",
        () -> sam.group(act().setMessage(ByteString.copyFrom(new byte[1025])).build()));
    refused(Status.Code.INVALID_ARGUMENT, "7", () -> sam.group(act().build()));
    refused(
        Status.Code.INVALID_ARGUMENT,
        "7",
        () -> sam.group(act().setGroup("a/b").setJoin(true).build()));
    refused(
        Status.Code.FAILED_PRECONDITION,
        "9",
        () ->
            sam.group(
                act().setProgram(SamHandle.newBuilder().setName("nobody")).setJoin(true).build()));
    refused(
        Status.Code.PERMISSION_DENIED,
        "11",
        () -> sam.group(act().setProgram(APP.toBuilder().setToken("old")).setLeave(true).build()));
    var groups = sam.listGroups(SamListGroupsRequest.newBuilder().setHeader(header).build());
    assertThat(groups.getGroupsList()).containsExactly(joined.getGroup());
    assertThat(sam.group(act().setLeave(true).build()).getGroup().getMembersList()).isEmpty();
  }

  private SamGroupRequest.Builder act() {
    return SamGroupRequest.newBuilder().setHeader(header).setProgram(APP).setGroup("g");
  }

  private void supervise() throws Exception {
    refused(Status.Code.FAILED_PRECONDITION, "9", () -> sam.heartbeat(request()));
    sam.start(SamStartRequest.newBuilder().setHeader(header).setProgram(APP).build());
    refused(Status.Code.FAILED_PRECONDITION, "9", () -> sam.cancelStart(request()));
    noPolicy();
    sam.heartbeat(request());
    Heard<SamProgram> heard = new Heard<>();
    StreamObserver<SamBeat> line = streams.attach(heard);
    line.onNext(SamBeat.newBuilder().setHeader(header).setProgram(APP).build());
    assertThat(heard.next().getState()).isEqualTo("started");
    line.onCompleted();
    sam.unhealthy(request());
    assertThat(look().getState()).isEqualTo("warned");
    SamStopRequest stop = SamStopRequest.newBuilder().setHeader(header).setProgram(APP).build();
    refused(
        Status.Code.FAILED_PRECONDITION,
        "9",
        () -> sam.stop(stop.toBuilder().setUnlessWarned(true).build()));
    sam.stop(stop);
    assertThat(look().getState()).isEqualTo("registered");
  }

  private void end() {
    sam.finalize(request());
    noPolicy();
    refused(Status.Code.FAILED_PRECONDITION, "9", () -> sam.clear(request()));
    SamHandle other = SamHandle.newBuilder().setName("other").build();
    sam.launch(
        SamLaunchRequest.newBuilder()
            .setHeader(header)
            .setProgram(other)
            .setContract(CONTRACT)
            .setSpec(ProcessSpec.newBuilder().addArgv("/bin/other"))
            .build());
    sam.markFailed(
        SamMarkFailedRequest.newBuilder()
            .setHeader(header)
            .setProgram(other)
            .setReason("enough")
            .build());
  }

  private SamRequest request() {
    return SamRequest.newBuilder().setHeader(header).setProgram(APP).build();
  }

  private SamProgram look() {
    SamListRequest one = SamListRequest.newBuilder().setHeader(header).setName("app").build();
    return sam.list(one).getPrograms(0);
  }

  private static void refused(Status.Code why, String code, ThrowingCallable call) {
    assertThatExceptionOfType(StatusRuntimeException.class)
        .isThrownBy(call)
        .satisfies(
            e -> {
              assertThat(e.getStatus().getCode()).as(e.getMessage()).isEqualTo(why);
              assertThat(e.getTrailers().get(CODE)).isEqualTo(code);
            });
  }
}
