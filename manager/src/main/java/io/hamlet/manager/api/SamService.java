package io.hamlet.manager.api;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.hamlet.core.model.Name;
import io.hamlet.core.recovery.Command;
import io.hamlet.core.recovery.HamState;
import io.hamlet.core.recovery.Reply;
import io.hamlet.core.sam.Blob;
import io.hamlet.core.sam.SamCall;
import io.hamlet.core.sam.SamProcess;
import io.hamlet.manager.api.ChangeDesk.Change;
import io.hamlet.manager.wire.SamRequestCodec;
import io.hamlet.manager.wire.SamView;
import io.hamlet.v1.RequestHeader;
import io.hamlet.v1.ResponseHeader;
import io.hamlet.v1.SamBeat;
import io.hamlet.v1.SamGroupRequest;
import io.hamlet.v1.SamGroupResponse;
import io.hamlet.v1.SamGrpc;
import io.hamlet.v1.SamHandle;
import io.hamlet.v1.SamHealthCheckRequest;
import io.hamlet.v1.SamInitializeRequest;
import io.hamlet.v1.SamInitializeResponse;
import io.hamlet.v1.SamLaunchRequest;
import io.hamlet.v1.SamListGroupsRequest;
import io.hamlet.v1.SamListGroupsResponse;
import io.hamlet.v1.SamListRequest;
import io.hamlet.v1.SamListResponse;
import io.hamlet.v1.SamMarkFailedRequest;
import io.hamlet.v1.SamProgram;
import io.hamlet.v1.SamRegisterResponse;
import io.hamlet.v1.SamRequest;
import io.hamlet.v1.SamResponse;
import io.hamlet.v1.SamRestoreDataRequest;
import io.hamlet.v1.SamRestoreDataResponse;
import io.hamlet.v1.SamStartRequest;
import io.hamlet.v1.SamStopRequest;
import io.hamlet.v1.SamStoreDataRequest;
import io.hamlet.v1.SamWarnSignalRequest;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.concurrent.ExecutorService;
import java.util.function.Supplier;

/** The service Sam, method by method. Thread-safe. */
final class SamService extends SamGrpc.SamImplBase {
  private static final int SECRET_BYTES = 16;
  private final SecureRandom random = new SecureRandom();
  private final Acting parts;
  private final ChangeDesk changes;
  private final SamDesk desk;
  private final GroupDesk groups;
  private final ExecutorService blocking;

  SamService(Acting parts, ChangeDesk changes, ExecutorService blocking) {
    this.parts = parts;
    this.changes = changes;
    this.desk = new SamDesk(parts.requests(), new KeptData(parts));
    this.groups = new GroupDesk(parts, desk);
    this.blocking = blocking;
  }

  @Override
  public void initialize(SamInitializeRequest request, StreamObserver<SamInitializeResponse> out) {
    changes.makeBlocking(
        new Change<>(
            request.getHeader(),
            request.getProgram().getName(),
            () -> {
              Command call =
                  SamRequestCodec.initialize(request, parts.processes()::identify, secret());
              if (((Command.Sam) call).call() instanceof SamCall.Initialize c
                  && c.again() != null) {
                parts.processes().check(c.again());
              }
              return call;
            },
            (header, reply) -> begun(header, request.getProgram())),
        out);
  }

  @Override
  public void launch(SamLaunchRequest request, StreamObserver<SamInitializeResponse> out) {
    changes.makeBlocking(
        new Change<>(
            request.getHeader(),
            request.getProgram().getName(),
            () -> {
              Command call = SamRequestCodec.launch(request, secret());
              if (((Command.Sam) call).call() instanceof SamCall.Launch c) {
                parts.processes().check(c.spec());
              }
              return call;
            },
            (header, reply) -> begun(header, request.getProgram())),
        out);
  }

  @Override
  public void register(SamRequest request, StreamObserver<SamRegisterResponse> out) {
    changes.make(
        new Change<>(
            request.getHeader(),
            request.getProgram().getName(),
            () -> SamRequestCodec.call(request.getProgram(), new SamCall.Register()),
            (header, reply) -> registered(header, request.getProgram(), reply)),
        out);
  }

  @Override
  public void start(SamStartRequest request, StreamObserver<SamResponse> out) {
    change(request.getHeader(), request.getProgram(), () -> SamRequestCodec.start(request), out);
  }

  @Override
  public void cancelStart(SamRequest request, StreamObserver<SamResponse> out) {
    call(request, new SamCall.CancelStart(), out);
  }

  @Override
  public void stop(SamStopRequest request, StreamObserver<SamResponse> out) {
    SamCall stop = new SamCall.Stop(request.getUnlessWarned());
    call(request.getHeader(), request.getProgram(), stop, out);
  }

  @Override
  public void heartbeat(SamRequest request, StreamObserver<SamResponse> out) {
    look(
        request.getHeader(),
        request.getProgram(),
        () -> {
          desk.heartbeat(request.getProgram());
          return SamResponse.getDefaultInstance();
        },
        out);
  }

  @Override
  public StreamObserver<SamBeat> attach(StreamObserver<SamProgram> out) {
    return new SamFeed(parts.requests(), changes, desk, out, blocking);
  }

  @Override
  public void setHealthCheck(SamHealthCheckRequest request, StreamObserver<SamResponse> out) {
    call(request.getHeader(), request.getProgram(), new SamCall.HealthCheck(request.getOn()), out);
  }

  @Override
  public void setWarnSignal(SamWarnSignalRequest request, StreamObserver<SamResponse> out) {
    call(
        request.getHeader(),
        request.getProgram(),
        new SamCall.WarnSignal(request.getSignal()),
        out);
  }

  @Override
  public void storeData(SamStoreDataRequest request, StreamObserver<SamResponse> out) {
    RequestHeader header = request.getHeader();
    SamHandle program = request.getProgram();
    SamCall.StoreData call = new SamCall.StoreData(Blob.of(request.getData().toByteArray()));
    Command kept;
    try {
      changes.checkOwn(header);
      kept = desk.storeInCluster(program, call);
    } catch (RuntimeException e) {
      out.onError(Refusals.status(e, program.getName()));
      return;
    }
    if (kept == null) {
      call(header, program, call, out);
      return;
    }
    changes.make(
        new Change<>(
            header.toBuilder().setNode(HamState.CLUSTER).build(),
            program.getName(),
            () -> kept,
            (answered, reply) -> {
              desk.stored(program);
              return SamResponse.newBuilder().setHeader(answered).build();
            }),
        out);
  }

  @Override
  public void restoreData(
      SamRestoreDataRequest request, StreamObserver<SamRestoreDataResponse> out) {
    look(request.getHeader(), request.getProgram(), () -> desk.restore(request), out);
  }

  @Override
  public void markFailed(SamMarkFailedRequest request, StreamObserver<SamResponse> out) {
    change(
        request.getHeader(), request.getProgram(), () -> SamRequestCodec.markFailed(request), out);
  }

  @Override
  public void unhealthy(SamRequest request, StreamObserver<SamResponse> out) {
    call(request, new SamCall.Unhealthy(), out);
  }

  @Override
  public void finalize(SamRequest request, StreamObserver<SamResponse> out) {
    call(request, new SamCall.Finalize(), out);
  }

  @Override
  public void clear(SamRequest request, StreamObserver<SamResponse> out) {
    call(request, new SamCall.Clear(), out);
  }

  @Override
  public void list(SamListRequest request, StreamObserver<SamListResponse> out) {
    look(request.getHeader(), SamHandle.getDefaultInstance(), () -> desk.list(request), out);
  }

  @Override
  public void group(SamGroupRequest request, StreamObserver<SamGroupResponse> out) {
    RequestHeader header = request.getHeader();
    changes.make(
        new Change<>(
            header.toBuilder().setNode(groups.tree()).build(),
            request.getGroup(),
            () -> {
              changes.checkOwn(header);
              return groups.command(request);
            },
            (answered, reply) -> groups.response(request, answered)),
        out);
  }

  @Override
  public void listGroups(SamListGroupsRequest request, StreamObserver<SamListGroupsResponse> out) {
    look(request.getHeader(), SamHandle.getDefaultInstance(), groups::list, out);
  }

  private void call(SamRequest request, SamCall call, StreamObserver<SamResponse> out) {
    call(request.getHeader(), request.getProgram(), call, out);
  }

  private void call(
      RequestHeader header, SamHandle program, SamCall call, StreamObserver<SamResponse> out) {
    change(header, program, () -> SamRequestCodec.call(program, call), out);
  }

  private void change(
      RequestHeader header,
      SamHandle program,
      Supplier<Command> decode,
      StreamObserver<SamResponse> out) {
    changes.make(
        new Change<>(
            header,
            program.getName(),
            decode,
            (answered, reply) -> SamResponse.newBuilder().setHeader(answered).build()),
        out);
  }

  /** Answers from a snapshot, at once. */
  private <A> void look(
      RequestHeader header, SamHandle program, Supplier<A> answer, StreamObserver<A> out) {
    ((ServerCallStreamObserver<A>) out).setOnCancelHandler(() -> {});
    A found;
    try {
      changes.checkOwn(header);
      found = answer.get();
    } catch (RuntimeException e) {
      out.onError(Refusals.status(e, program.getName()));
      return;
    }
    out.onNext(found);
    out.onCompleted();
  }

  private SamInitializeResponse begun(ResponseHeader header, SamHandle program) {
    SamProcess p = parts.requests().state().sam().find(new Name(program.getName()));
    SamInitializeResponse.Builder b = SamInitializeResponse.newBuilder().setHeader(header);
    return p == null ? b.build() : b.setToken(p.token()).setPid(p.process().pid()).build();
  }

  private SamRegisterResponse registered(ResponseHeader header, SamHandle program, Reply reply) {
    SamRegisterResponse.Builder b = SamRegisterResponse.newBuilder().setHeader(header);
    if (reply instanceof Reply.Number number) {
      b.setInstanceId(number.value());
    }
    SamProcess p = parts.requests().state().sam().find(new Name(program.getName()));
    if (p != null && p.end() != null) {
      b.setPreviousEnd(SamView.end(p.end(), p.contract().strict()));
    }
    return b.build();
  }

  private String secret() {
    byte[] secret = new byte[SECRET_BYTES];
    random.nextBytes(secret);
    return HexFormat.of().formatHex(secret);
  }
}
