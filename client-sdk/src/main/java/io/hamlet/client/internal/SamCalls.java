package io.hamlet.client.internal;

import com.google.protobuf.ByteString;
import io.grpc.MethodDescriptor;
import io.hamlet.client.Command;
import io.hamlet.client.HamException;
import io.hamlet.client.SamContract;
import io.hamlet.client.SamEnd;
import io.hamlet.client.SamException;
import io.hamlet.client.SamFlag;
import io.hamlet.client.SamProgram;
import io.hamlet.client.SamStatus;
import io.hamlet.v1.RequestHeader;
import io.hamlet.v1.SamGrpc;
import io.hamlet.v1.SamHandle;
import io.hamlet.v1.SamHealthCheckRequest;
import io.hamlet.v1.SamInitializeRequest;
import io.hamlet.v1.SamInitializeResponse;
import io.hamlet.v1.SamLaunchRequest;
import io.hamlet.v1.SamListRequest;
import io.hamlet.v1.SamMarkFailedRequest;
import io.hamlet.v1.SamRegisterResponse;
import io.hamlet.v1.SamRequest;
import io.hamlet.v1.SamResponse;
import io.hamlet.v1.SamRestoreDataRequest;
import io.hamlet.v1.SamStartRequest;
import io.hamlet.v1.SamStopRequest;
import io.hamlet.v1.SamStoreDataRequest;
import io.hamlet.v1.SamWarnSignalRequest;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;

/** The calls of one supervised program. Thread-safe. */
public final class SamCalls {
  /** A start waits as long as that for a quorum, unless it says otherwise. */
  private static final Duration FOR_EVER = Duration.ofDays(366);

  private final Session session;
  private final String name;
  private volatile String token;
  private volatile SamContract contract;
  private volatile SamEnd previousEnd;

  private SamCalls(Session session, String name, String token) {
    this.session = session;
    this.name = name;
    this.token = token;
  }

  /**
   * @param token of the instance that calls; empty: an administrator
   */
  public static SamCalls of(Session session, String name, String token) {
    return new SamCalls(session, name, token);
  }

  public String name() {
    return name;
  }

  /** Null while it is not known here. */
  public SamContract contract() {
    return contract;
  }

  public SamEnd previousEnd() {
    return previousEnd;
  }

  Session session() {
    return session;
  }

  SamHandle handle() {
    return SamHandle.newBuilder().setName(name).setToken(token).build();
  }

  public void initialize(SamContract wanted, Command again, long pid)
      throws SamException, InterruptedException {
    SamInitializeResponse begun =
        change(
            session,
            SamGrpc.getInitializeMethod(),
            header -> {
              SamInitializeRequest.Builder request =
                  SamInitializeRequest.newBuilder()
                      .setHeader(header)
                      .setProgram(handle())
                      .setContract(SamWire.contract(wanted))
                      .setPid(pid);
              if (again != null) {
                request.setRestartCommand(Wire.spec(again));
              }
              return request.build();
            });
    contract = wanted;
    if (pid == ProcessHandle.current().pid()) {
      token = begun.getToken();
    }
  }

  public void launch(SamContract wanted, Command command, byte[] data)
      throws SamException, InterruptedException {
    checkSize(data);
    change(
        session,
        SamGrpc.getLaunchMethod(),
        header ->
            SamLaunchRequest.newBuilder()
                .setHeader(header)
                .setProgram(handle())
                .setContract(SamWire.contract(wanted))
                .setSpec(Wire.spec(command))
                .setId(ProcessHandle.current().pid())
                .setData(ByteString.copyFrom(data))
                .build());
    contract = wanted;
  }

  public long register() throws SamException, InterruptedException {
    SamRegisterResponse registered =
        change(session, SamGrpc.getRegisterMethod(), header -> request(header));
    if (registered.hasPreviousEnd()) {
      previousEnd = SamWire.end(registered.getPreviousEnd());
    }
    return registered.getInstanceId();
  }

  /**
   * @param limit zero: none
   * @return false: it has passed
   */
  public boolean start(Duration limit) throws SamException, InterruptedException {
    boolean quorum = contract == null || contract.flags().contains(SamFlag.QUORUM);
    Function<RequestHeader, SamStartRequest> request =
        header ->
            SamStartRequest.newBuilder()
                .setHeader(header)
                .setProgram(handle())
                .setLimitMs(limit.toMillis())
                .build();
    try {
      if (quorum) {
        startPatiently(request);
      } else {
        change(session, SamGrpc.getStartMethod(), request);
      }
      return true;
    } catch (SamException e) {
      if (e.getCause() instanceof HamException.Refused no
          && no.reason() == HamException.Reason.TIMED_OUT) {
        return false;
      }
      throw e;
    } catch (InterruptedException e) {
      endStart();
      throw e;
    }
  }

  /**
   * As a client of its own: a request that is open has the manager keep the answers to all later
   * ones of the same client.
   */
  private void startPatiently(Function<RequestHeader, SamStartRequest> request)
      throws SamException, InterruptedException {
    try {
      session
          .withTimeout(FOR_EVER)
          .change(new Tags(), SamGrpc.getStartMethod(), request, Link.Where.HOME);
    } catch (HamException e) {
      throw SamWire.exception(e);
    }
  }

  /** Who does not wait any more must not be started later. */
  private void endStart() {
    Thread.ofVirtual()
        .name("sam-cancel")
        .start(
            () -> {
              try {
                cancelStart();
              } catch (SamException e) {
                // It does not wait: it was started, or never asked for.
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
  }

  public void cancelStart() throws SamException, InterruptedException {
    simple(SamGrpc.getCancelStartMethod());
  }

  /**
   * @param unlessWarned refused with BAD_HANDLE when this instance was warned
   */
  public void stop(boolean unlessWarned) throws SamException, InterruptedException {
    change(
        session,
        SamGrpc.getStopMethod(),
        header ->
            SamStopRequest.newBuilder()
                .setHeader(header)
                .setProgram(handle())
                .setUnlessWarned(unlessWarned)
                .build());
  }

  public void heartbeat() throws SamException, InterruptedException {
    ask(SamGrpc.getHeartbeatMethod(), this::request);
  }

  public void healthCheck(boolean on) throws SamException, InterruptedException {
    change(
        session,
        SamGrpc.getSetHealthCheckMethod(),
        header ->
            SamHealthCheckRequest.newBuilder()
                .setHeader(header)
                .setProgram(handle())
                .setOn(on)
                .build());
  }

  public void warnSignal(int signal) throws SamException, InterruptedException {
    change(
        session,
        SamGrpc.getSetWarnSignalMethod(),
        header ->
            SamWarnSignalRequest.newBuilder()
                .setHeader(header)
                .setProgram(handle())
                .setSignal(signal)
                .build());
  }

  public void storeData(byte[] data) throws SamException, InterruptedException {
    checkSize(data);
    change(
        session,
        SamGrpc.getStoreDataMethod(),
        header ->
            SamStoreDataRequest.newBuilder()
                .setHeader(header)
                .setProgram(handle())
                .setData(ByteString.copyFrom(data))
                .build());
  }

  public long dataSize() throws SamException, InterruptedException {
    return ask(SamGrpc.getRestoreDataMethod(), h -> restore(h).setSizeOnly(true).build()).getSize();
  }

  /**
   * @param room of the buffer, below 0: there is none
   * @param bounded what does not fit is refused
   */
  public byte[] restoreData(long room, boolean bounded) throws SamException, InterruptedException {
    return ask(
            SamGrpc.getRestoreDataMethod(),
            h -> bounded ? restore(h).setRoom(room).build() : restore(h).build())
        .getData()
        .toByteArray();
  }

  public void markFailed(String reason) throws SamException, InterruptedException {
    change(
        session,
        SamGrpc.getMarkFailedMethod(),
        header ->
            SamMarkFailedRequest.newBuilder()
                .setHeader(header)
                .setProgram(handle())
                .setReason(reason)
                .build());
  }

  public void unhealthy() throws SamException, InterruptedException {
    simple(SamGrpc.getUnhealthyMethod());
  }

  public void finish() throws SamException, InterruptedException {
    simple(SamGrpc.getFinalizeMethod());
  }

  public void clear() throws SamException, InterruptedException {
    simple(SamGrpc.getClearMethod());
  }

  /**
   * @param wanted empty: all
   */
  public List<SamProgram> list(String wanted) throws SamException, InterruptedException {
    return ask(
            SamGrpc.getListMethod(),
            h -> SamListRequest.newBuilder().setHeader(h).setName(wanted).build())
        .getProgramsList()
        .stream()
        .map(SamWire::program)
        .toList();
  }

  private static void checkSize(byte[] data) throws SamException {
    if (data.length > 1 << 20) {
      throw new SamException(SamStatus.TOO_BIG, data.length + " bytes are more than 1 MiB", null);
    }
  }

  private SamRestoreDataRequest.Builder restore(RequestHeader header) {
    return SamRestoreDataRequest.newBuilder().setHeader(header).setProgram(handle());
  }

  private SamRequest request(RequestHeader header) {
    return SamRequest.newBuilder().setHeader(header).setProgram(handle()).build();
  }

  private void simple(MethodDescriptor<SamRequest, SamResponse> method)
      throws SamException, InterruptedException {
    change(session, method, this::request);
  }

  <Q, A> A change(
      Session through, MethodDescriptor<Q, A> method, Function<RequestHeader, Q> request)
      throws SamException, InterruptedException {
    try {
      return through.change(method, request, Link.Where.HOME);
    } catch (HamException e) {
      throw SamWire.exception(e);
    }
  }

  <Q, A> A ask(MethodDescriptor<Q, A> method, Function<RequestHeader, Q> request)
      throws SamException, InterruptedException {
    try {
      return session.ask(method, request);
    } catch (HamException e) {
      throw SamWire.exception(e);
    }
  }
}
