package io.hamlet.manager.api;

import io.grpc.StatusException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.hamlet.core.model.Entity;
import io.hamlet.core.model.Name;
import io.hamlet.core.model.ProcessId;
import io.hamlet.core.model.Refused;
import io.hamlet.core.model.Rejection;
import io.hamlet.core.recovery.Command;
import io.hamlet.core.recovery.Reply;
import io.hamlet.manager.api.ChangeDesk.Change;
import io.hamlet.manager.wire.ArrangeCodec;
import io.hamlet.manager.wire.RequestCodec;
import io.hamlet.v1.AddActionRequest;
import io.hamlet.v1.AddConditionRequest;
import io.hamlet.v1.AddFailItemRequest;
import io.hamlet.v1.ArrangeRequest;
import io.hamlet.v1.AttachRequest;
import io.hamlet.v1.AttachSelfRequest;
import io.hamlet.v1.AttachSelfResponse;
import io.hamlet.v1.Beat;
import io.hamlet.v1.ChangeResponse;
import io.hamlet.v1.ConfirmFencedRequest;
import io.hamlet.v1.ControlHeartbeatRequest;
import io.hamlet.v1.ControlHeartbeatResponse;
import io.hamlet.v1.ControlRequest;
import io.hamlet.v1.ControlResponse;
import io.hamlet.v1.CreateEntityRequest;
import io.hamlet.v1.Deed;
import io.hamlet.v1.DetachRequest;
import io.hamlet.v1.ForgetRequest;
import io.hamlet.v1.GetHandleRequest;
import io.hamlet.v1.HamGrpc;
import io.hamlet.v1.Handle;
import io.hamlet.v1.HandleResponse;
import io.hamlet.v1.HeartbeatResponse;
import io.hamlet.v1.LeadRequest;
import io.hamlet.v1.LeadResponse;
import io.hamlet.v1.PublishRaiseRequest;
import io.hamlet.v1.PublishStateRequest;
import io.hamlet.v1.PulsesRequest;
import io.hamlet.v1.PulsesResponse;
import io.hamlet.v1.ReadOutputRequest;
import io.hamlet.v1.ReadOutputResponse;
import io.hamlet.v1.ReadRequest;
import io.hamlet.v1.ReadResponse;
import io.hamlet.v1.RemoveFailItemRequest;
import io.hamlet.v1.RemoveRequest;
import io.hamlet.v1.RequestHeader;
import io.hamlet.v1.ResponseHeader;
import io.hamlet.v1.ResumeRequest;
import io.hamlet.v1.SetVerbosityRequest;
import io.hamlet.v1.SetVerbosityResponse;
import io.hamlet.v1.SetVoterRequest;
import io.hamlet.v1.SimulateRequest;
import io.hamlet.v1.SimulateResponse;
import io.hamlet.v1.StatusRequest;
import io.hamlet.v1.StatusResponse;
import io.hamlet.v1.StopRequest;
import io.hamlet.v1.Target;
import io.hamlet.v1.WatchRequest;
import io.hamlet.v1.WatchResponse;
import io.hamlet.v1.WhyRequest;
import io.hamlet.v1.WhyResponse;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.LongFunction;
import java.util.function.Supplier;

/** The service, method by method; each says only which desk it goes to. Thread-safe. */
final class HamService extends HamGrpc.HamImplBase {
  private final Acting parts;
  private final Trees trees;
  private final ChangeDesk desk;
  private final SelfDesk self;
  private final ReadDesk read;
  private final PulseDesk pulses;
  private final ExecutorService blocking;

  HamService(
      Acting parts,
      Trees trees,
      ChangeDesk desk,
      SelfDesk self,
      ReadDesk read,
      PulseDesk pulses,
      ExecutorService blocking) {
    this.parts = parts;
    this.trees = trees;
    this.desk = desk;
    this.self = self;
    this.read = read;
    this.pulses = pulses;
    this.blocking = blocking;
  }

  @Override
  public void attach(AttachRequest request, StreamObserver<HandleResponse> out) {
    desk.makeBlocking(
        new Change<>(
            request.getHeader(),
            request.getName(),
            () -> {
              Command.Attach attach = RequestCodec.attach(request, parts.processes()::identify);
              boolean here = !request.getHeader().getNode().equals(Trees.CLUSTER);
              if (attach.spec() != null && here) {
                parts.processes().check(attach.spec());
              }
              return attach;
            },
            (header, reply) -> handle(header, request.getName(), reply)),
        out);
  }

  @Override
  public void attachSelf(AttachSelfRequest request, StreamObserver<AttachSelfResponse> out) {
    self.attachSelf(request, out);
  }

  @Override
  public void detach(DetachRequest request, StreamObserver<ChangeResponse> out) {
    change(request.getHeader(), request.getEntity(), () -> RequestCodec.detach(request), out);
  }

  @Override
  public void createEntity(CreateEntityRequest request, StreamObserver<HandleResponse> out) {
    desk.make(
        new Change<>(
            request.getHeader(),
            request.getName(),
            () -> RequestCodec.createEntity(request),
            (header, reply) -> handle(header, request.getName(), reply)),
        out);
  }

  @Override
  public void addCondition(AddConditionRequest request, StreamObserver<HandleResponse> out) {
    String path = request.getEntity().getPath() + "/" + request.getName();
    desk.make(
        new Change<>(
            request.getHeader(),
            path,
            () -> RequestCodec.addCondition(request),
            (header, reply) -> handle(header, path, reply)),
        out);
  }

  @Override
  public void addAction(AddActionRequest request, StreamObserver<HandleResponse> out) {
    String path = request.getCondition().getPath() + "/" + request.getName();
    Change<HandleResponse> change =
        new Change<>(
            request.getHeader(),
            path,
            () -> {
              checkNodes(request.getDeed());
              Command.AddAction add = RequestCodec.addAction(request, identify(request.getDeed()));
              checkProgram(request.getHeader(), add.deed());
              return add;
            },
            (header, reply) -> handle(header, path, reply));
    if (isLookedAt(request.getDeed())) {
      desk.makeBlocking(change, out);
    } else {
      desk.make(change, out);
    }
  }

  @Override
  public void addFailItem(AddFailItemRequest request, StreamObserver<ChangeResponse> out) {
    Change<ChangeResponse> change =
        new Change<>(
            request.getHeader(),
            request.getAction().getPath(),
            () -> {
              checkNodes(request.getDeed());
              Command.AddFailItem add =
                  RequestCodec.addFailItem(request, identify(request.getDeed()));
              checkProgram(request.getHeader(), add.deed());
              return add;
            },
            HamService::done);
    if (isLookedAt(request.getDeed())) {
      desk.makeBlocking(change, out);
    } else {
      desk.make(change, out);
    }
  }

  @Override
  public void removeFailItem(RemoveFailItemRequest request, StreamObserver<ChangeResponse> out) {
    change(
        request.getHeader(), request.getAction(), () -> RequestCodec.removeFailItem(request), out);
  }

  @Override
  public void remove(RemoveRequest request, StreamObserver<ChangeResponse> out) {
    change(request.getHeader(), request.getTarget(), () -> RequestCodec.remove(request), out);
  }

  @Override
  public void control(ControlRequest request, StreamObserver<ControlResponse> out) {
    desk.make(
        new Change<>(
            request.getHeader(),
            request.getTarget().getPath(),
            () -> RequestCodec.control(request),
            (header, reply) ->
                ControlResponse.newBuilder()
                    .setHeader(header)
                    .setFlags((int) number(reply))
                    .build()),
        out);
  }

  @Override
  public void getHandle(GetHandleRequest request, StreamObserver<Handle> out) {
    look(request.getHeader(), request.getPath(), tree -> read.handle(tree, request), out);
  }

  @Override
  public void publishState(PublishStateRequest request, StreamObserver<ChangeResponse> out) {
    change(request.getHeader(), request.getEntity(), () -> RequestCodec.publishState(request), out);
  }

  @Override
  public void publishRaise(PublishRaiseRequest request, StreamObserver<ChangeResponse> out) {
    change(request.getHeader(), request.getEntity(), () -> RequestCodec.publishRaise(request), out);
  }

  @Override
  public StreamObserver<Beat> heartbeat(StreamObserver<HeartbeatResponse> out) {
    return new BeatSink(parts.beats(), out);
  }

  @Override
  public void controlHeartbeat(
      ControlHeartbeatRequest request, StreamObserver<ControlHeartbeatResponse> out) {
    desk.make(
        new Change<>(
            request.getHeader(),
            "",
            () -> RequestCodec.controlHeartbeat(request),
            (header, reply) ->
                ControlHeartbeatResponse.newBuilder()
                    .setHeader(header)
                    .setSuspended(number(reply) != 0)
                    .build()),
        out);
  }

  @Override
  public void resume(ResumeRequest request, StreamObserver<ChangeResponse> out) {
    change(request.getHeader(), request.getEntity(), () -> RequestCodec.resume(request), out);
  }

  @Override
  public void forget(ForgetRequest request, StreamObserver<ChangeResponse> out) {
    desk.make(
        new Change<>(request.getHeader(), "", () -> RequestCodec.forget(request), HamService::done),
        out);
  }

  @Override
  public void arrange(ArrangeRequest request, StreamObserver<ChangeResponse> out) {
    desk.make(
        new Change<>(
            request.getHeader(), "", () -> ArrangeCodec.arrange(request), HamService::done),
        out);
  }

  @Override
  public void confirmFenced(ConfirmFencedRequest request, StreamObserver<ChangeResponse> out) {
    desk.make(
        new Change<>(
            request.getHeader(), "", () -> ArrangeCodec.confirmFenced(request), HamService::done),
        out);
  }

  @Override
  public void lead(LeadRequest request, StreamObserver<LeadResponse> out) {
    desk.make(
        new Change<>(
            request.getHeader(),
            request.getName(),
            () -> ArrangeCodec.lead(request),
            (header, reply) ->
                LeadResponse.newBuilder().setHeader(header).setToken(number(reply)).build()),
        out);
  }

  @Override
  public void simulate(SimulateRequest request, StreamObserver<SimulateResponse> out) {
    look(request.getHeader(), "", tree -> ClusterView.simulate(trees.clusterState(), request), out);
  }

  @Override
  public void setVoter(SetVoterRequest request, StreamObserver<ChangeResponse> out) {
    desk.make(
        new Change<>(
            request.getHeader(), "", () -> RequestCodec.setVoter(request), HamService::done),
        out);
  }

  @Override
  public void setVerbosity(SetVerbosityRequest request, StreamObserver<SetVerbosityResponse> out) {
    desk.make(
        new Change<>(
            request.getHeader(),
            "",
            () -> RequestCodec.setVerbosity(request),
            (header, reply) ->
                SetVerbosityResponse.newBuilder()
                    .setHeader(header)
                    .setLevel((int) number(reply))
                    .build()),
        out);
  }

  @Override
  public void stop(StopRequest request, StreamObserver<ChangeResponse> out) {
    desk.make(
        new Change<>(request.getHeader(), "", () -> RequestCodec.stop(request), HamService::done),
        out);
  }

  @Override
  public void status(StatusRequest request, StreamObserver<StatusResponse> out) {
    look(request.getHeader(), "", tree -> read.status(tree, request), out);
  }

  @Override
  public void read(ReadRequest request, StreamObserver<ReadResponse> out) {
    look(request.getHeader(), request.getPath(), tree -> read.read(tree, request), out);
  }

  @Override
  public void watch(WatchRequest request, StreamObserver<WatchResponse> out) {
    try {
      WatchFeed.start(trees, request, (ServerCallStreamObserver<WatchResponse>) out, blocking);
    } catch (RuntimeException e) {
      out.onError(Refusals.status(e, request.getPath()));
    }
  }

  @Override
  public void why(WhyRequest request, StreamObserver<WhyResponse> out) {
    look(request.getHeader(), request.getEntity(), tree -> read.why(tree, request), out);
  }

  @Override
  public void readOutput(ReadOutputRequest request, StreamObserver<ReadOutputResponse> stream) {
    ServerCallStreamObserver<ReadOutputResponse> out =
        (ServerCallStreamObserver<ReadOutputResponse>) stream;
    Semaphore ready = new Semaphore(0);
    out.setOnReadyHandler(ready::release);
    AtomicReference<Future<?>> work = new AtomicReference<>();
    out.setOnCancelHandler(() -> work.get().cancel(true));
    work.set(blocking.submit(() -> sendOutput(request, out, ready)));
  }

  @Override
  public StreamObserver<PulsesRequest> pulses(StreamObserver<PulsesResponse> out) {
    return pulses.serve(out);
  }

  private void sendOutput(
      ReadOutputRequest request,
      ServerCallStreamObserver<ReadOutputResponse> out,
      Semaphore ready) {
    try {
      desk.checkOwn(request.getHeader());
      new OutputTail(outputOf(request.getEntity()), request, out, ready).run();
      out.onCompleted();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // The reader has gone.
    } catch (IOException | RuntimeException e) {
      out.onError(Refusals.status(e, request.getEntity()));
    }
  }

  private Path outputOf(String name) {
    Entity entity = parts.requests().state().entity(new Name(name));
    Path file = entity == null ? null : parts.output().of(entity);
    if (file == null) {
      throw new Refused(
          Rejection.Reason.NOT_FOUND,
          entity == null
              ? "there is no entity '" + name + "'"
              : "the output of '" + name + "' is not captured, because it was not started here");
    }
    return file;
  }

  private void change(
      RequestHeader header,
      Target target,
      Supplier<Command> decode,
      StreamObserver<ChangeResponse> out) {
    desk.make(new Change<>(header, target.getPath(), decode, HamService::done), out);
  }

  /** Answers from a snapshot, off the event loop, because a big tree takes a while. */
  private <A> void look(
      RequestHeader header, String path, Function<Tree, A> answer, StreamObserver<A> out) {
    ((ServerCallStreamObserver<A>) out).setOnCancelHandler(() -> {});
    Duration timeout = ChangeDesk.timeout();
    blocking.execute(
        () -> {
          A found;
          try {
            if (header.getLatest()) {
              desk.catchUp(trees.look(header.getNode()), header, timeout);
            }
            found = answer.apply(trees.look(header.getNode()));
          } catch (StatusException e) {
            out.onError(e);
            return;
          } catch (RuntimeException e) {
            out.onError(Refusals.status(e, path));
            return;
          }
          out.onNext(found);
          out.onCompleted();
        });
  }

  /**
   * A deed that is to be done on a node that is not known is refused now and not when it counts.
   */
  private void checkNodes(Deed deed) {
    desk.checkKnown(deed.getExecute().getNode());
    desk.checkKnown(deed.getPulse().getNode());
    desk.checkKnown(deed.getSignal().getNode());
    if (!isHere(deed.getSignal().getNode()) && deed.getSignal().getPid() == 0) {
      throw Refused.invalid(
          "deed.signal: the entity's own process is not on another node; name one by its pid");
    }
  }

  /** The recipient of a signal is fixed now (ham.md 2.5), by the node on which it is. */
  private LongFunction<ProcessId> identify(Deed deed) {
    String node = deed.getSignal().getNode();
    return isHere(node)
        ? parts.processes()::identify
        : pid -> parts.cluster().processes().identify(node, pid);
  }

  private boolean isHere(String node) {
    return node.isEmpty() || node.equals(parts.requests().state().node());
  }

  /** A program that is missing here is told now and not when it counts. */
  private void checkProgram(RequestHeader header, io.hamlet.core.model.Deed deed) {
    List<String> words =
        switch (deed) {
          case io.hamlet.core.model.Deed.Execute e when isHere(e.node()) -> e.argv();
          case io.hamlet.core.model.Deed.Restart r -> r.argv();
          default -> List.of();
        };
    if (!words.isEmpty() && !header.getNode().equals(Trees.CLUSTER)) {
      parts.processes().checkProgram(words.getFirst());
    }
  }

  /** Something of this host is looked at, which may block. */
  private static boolean isLookedAt(Deed deed) {
    return deed.getSignal().getPid() != 0
        || deed.hasExecute()
        || deed.getRestart().getArgvCount() > 0;
  }

  private HandleResponse handle(ResponseHeader header, String path, Reply reply) {
    Handle.Builder handle = Handle.newBuilder().setNode(header.getNode()).setPath(path);
    if (reply instanceof Reply.Handle made) {
      handle.setUid(made.uid()).setPid(made.pid());
    }
    return HandleResponse.newBuilder().setHeader(header).setHandle(handle).build();
  }

  private static ChangeResponse done(ResponseHeader header, Reply reply) {
    return ChangeResponse.newBuilder().setHeader(header).build();
  }

  private static long number(Reply reply) {
    return reply instanceof Reply.Number number ? number.value() : 0;
  }
}
