package io.hamlet.it.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.protobuf.ByteString;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
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
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Each method of the service Sam, on a live server, without the library. */
class EverySamRpcTest {
  private static final Metadata.Key<String> CODE =
      Metadata.Key.of("ham-status", Metadata.ASCII_STRING_MARSHALLER);

  private static final RequestHeader HEADER =
      RequestHeader.newBuilder().setAck(AckLevel.ACK_LEVEL_LOCAL).build();
  private static final SamHandle APP = SamHandle.newBuilder().setName("app").build();
  private static final SamContract CONTRACT =
      SamContract.newBuilder()
          .setTimeIntervalMs(60_000)
          .setRecovery(SamContract.Recovery.QUIT)
          .setPublish(true)
          .build();
  private static final SamRequest REQUEST =
      SamRequest.newBuilder().setHeader(HEADER).setProgram(APP).build();

  private final Set<String> called = new TreeSet<>();
  private Bench bench;
  private ManagedChannel channel;
  private SamGrpc.SamBlockingStub sam;
  private SamGrpc.SamStub streams;

  @BeforeEach
  void start() throws Exception {
    bench = new Bench();
    channel = NettyChannelBuilder.forAddress("127.0.0.1", bench.port()).usePlaintext().build();
    Channel noted = ClientInterceptors.intercept(channel, new Note());
    sam = SamGrpc.newBlockingStub(noted);
    streams = SamGrpc.newStub(noted);
  }

  @AfterEach
  void stop() throws Exception {
    channel.shutdownNow().awaitTermination(10, TimeUnit.SECONDS);
    bench.close();
  }

  @Test
  void allAreServed() throws Exception {
    begin();
    data();
    group();
    supervise();
    end();
    List<String> methods =
        SamGrpc.getServiceDescriptor().getMethods().stream()
            .map(MethodDescriptor::getFullMethodName)
            .toList();
    assertThat(called).containsExactlyInAnyOrderElementsOf(methods);
  }

  private void begin() {
    var begun =
        sam.initialize(
            SamInitializeRequest.newBuilder()
                .setHeader(HEADER)
                .setProgram(APP)
                .setContract(CONTRACT)
                .setPid(ProcessHandle.current().pid())
                .build());
    assertThat(begun.getToken()).isNotEmpty();
    assertThat(sam.register(REQUEST).getInstanceId()).isEqualTo(1);
    refused(Status.Code.FAILED_PRECONDITION, "9", () -> sam.register(REQUEST));
    sam.setHealthCheck(
        SamHealthCheckRequest.newBuilder().setHeader(HEADER).setProgram(APP).setOn(true).build());
    sam.setWarnSignal(warnSignal(10));
    refused(Status.Code.INVALID_ARGUMENT, "7", () -> sam.setWarnSignal(warnSignal(99)));
    assertThat(look().getWarnSignal()).isEqualTo(10);
  }

  private static SamWarnSignalRequest warnSignal(int signal) {
    return SamWarnSignalRequest.newBuilder()
        .setHeader(HEADER)
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
        SamRestoreDataRequest.newBuilder().setHeader(HEADER).setProgram(APP).build();
    assertThat(sam.restoreData(all).getData().toStringUtf8()).isEqualTo("kept");
    assertThat(sam.restoreData(all.toBuilder().setSizeOnly(true).build()).getSize()).isEqualTo(4);
    refused(
        Status.Code.INVALID_ARGUMENT,
        "7",
        () -> sam.restoreData(all.toBuilder().setRoom(3).build()));
  }

  private static SamStoreDataRequest store(ByteString data) {
    return SamStoreDataRequest.newBuilder().setHeader(HEADER).setProgram(APP).setData(data).build();
  }

  private void group() {
    var joined = sam.group(act().setJoin(true).build());
    assertThat(joined.getGroup().getMembersList()).hasSize(1);
    assertThat(joined.getMember()).endsWith(":app#1");
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
    var groups = sam.listGroups(SamListGroupsRequest.newBuilder().setHeader(HEADER).build());
    assertThat(groups.getGroupsList()).containsExactly(joined.getGroup());
    assertThat(sam.group(act().setLeave(true).build()).getGroup().getMembersList()).isEmpty();
  }

  private static SamGroupRequest.Builder act() {
    return SamGroupRequest.newBuilder().setHeader(HEADER).setProgram(APP).setGroup("g");
  }

  private void supervise() throws Exception {
    refused(Status.Code.FAILED_PRECONDITION, "9", () -> sam.heartbeat(REQUEST));
    sam.start(SamStartRequest.newBuilder().setHeader(HEADER).setProgram(APP).build());
    refused(Status.Code.FAILED_PRECONDITION, "9", () -> sam.cancelStart(REQUEST));
    sam.heartbeat(REQUEST);
    EveryRpcTest.Heard<SamProgram> heard = new EveryRpcTest.Heard<>();
    StreamObserver<SamBeat> line = streams.attach(heard);
    line.onNext(SamBeat.newBuilder().setProgram(APP).build());
    assertThat(heard.next().getState()).isEqualTo("started");
    line.onCompleted();
    sam.unhealthy(REQUEST);
    assertThat(look().getState()).isEqualTo("warned");
    SamStopRequest stop = SamStopRequest.newBuilder().setHeader(HEADER).setProgram(APP).build();
    refused(
        Status.Code.FAILED_PRECONDITION,
        "9",
        () -> sam.stop(stop.toBuilder().setUnlessWarned(true).build()));
    sam.stop(stop);
    assertThat(look().getState()).isEqualTo("registered");
  }

  private void end() {
    sam.finalize(REQUEST);
    refused(Status.Code.FAILED_PRECONDITION, "9", () -> sam.clear(REQUEST));
    SamHandle other = SamHandle.newBuilder().setName("other").build();
    sam.launch(
        SamLaunchRequest.newBuilder()
            .setHeader(HEADER)
            .setProgram(other)
            .setContract(CONTRACT)
            .setSpec(ProcessSpec.newBuilder().addArgv("/bin/other"))
            .build());
    sam.markFailed(
        SamMarkFailedRequest.newBuilder()
            .setHeader(HEADER)
            .setProgram(other)
            .setReason("enough")
            .build());
  }

  private SamProgram look() {
    SamListRequest one = SamListRequest.newBuilder().setHeader(HEADER).setName("app").build();
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

  private final class Note implements ClientInterceptor {
    @Override
    public <Q, A> ClientCall<Q, A> interceptCall(
        MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
      called.add(method.getFullMethodName());
      return next.newCall(method, options);
    }
  }
}
