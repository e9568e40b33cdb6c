package io.hamlet.manager.api;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.hamlet.core.recovery.Command;
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
import java.util.concurrent.ExecutorService;
import java.util.function.Supplier;

/** The service, method by method; each says only which desk it goes to. Thread-safe. */
final class HamService extends HamGrpc.HamImplBase {
  private final Acting parts;
  private final Trees trees;
  private final ChangeDesk desk;
  private final DeedDesk deeds;
  private final SelfDesk self;
  private final LookDesk looks;
  private final ReadDesk read;
  private final OutputDesk output;
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
    this.deeds = new DeedDesk(parts, desk);
    this.self = self;
    this.looks = new LookDesk(trees, desk, blocking);
    this.read = read;
    this.output = new OutputDesk(parts, desk, blocking);
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
            (header, reply) -> Answers.handle(header, request.getName(), reply)),
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
            (header, reply) -> Answers.handle(header, request.getName(), reply)),
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
            (header, reply) -> Answers.handle(header, path, reply)),
        out);
  }

  @Override
  public void addAction(AddActionRequest request, StreamObserver<HandleResponse> out) {
    String path = request.getCondition().getPath() + "/" + request.getName();
    deeds.make(
        request.getDeed(),
        new Change<>(
            request.getHeader(),
            path,
            () -> deeds.addAction(request),
            (header, reply) -> Answers.handle(header, path, reply)),
        out);
  }

  @Override
  public void addFailItem(AddFailItemRequest request, StreamObserver<ChangeResponse> out) {
    deeds.make(
        request.getDeed(),
        new Change<>(
            request.getHeader(),
            request.getAction().getPath(),
            () -> deeds.addFailItem(request),
            Answers::done),
        out);
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
            Answers::flags),
        out);
  }

  @Override
  public void getHandle(GetHandleRequest request, StreamObserver<Handle> out) {
    looks.look(request.getHeader(), request.getPath(), tree -> read.handle(tree, request), out);
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
            Answers::suspended),
        out);
  }

  @Override
  public void resume(ResumeRequest request, StreamObserver<ChangeResponse> out) {
    change(request.getHeader(), request.getEntity(), () -> RequestCodec.resume(request), out);
  }

  @Override
  public void forget(ForgetRequest request, StreamObserver<ChangeResponse> out) {
    desk.make(
        new Change<>(request.getHeader(), "", () -> RequestCodec.forget(request), Answers::done),
        out);
  }

  @Override
  public void arrange(ArrangeRequest request, StreamObserver<ChangeResponse> out) {
    desk.make(
        new Change<>(request.getHeader(), "", () -> ArrangeCodec.arrange(request), Answers::done),
        out);
  }

  @Override
  public void confirmFenced(ConfirmFencedRequest request, StreamObserver<ChangeResponse> out) {
    desk.make(
        new Change<>(
            request.getHeader(), "", () -> ArrangeCodec.confirmFenced(request), Answers::done),
        out);
  }

  @Override
  public void lead(LeadRequest request, StreamObserver<LeadResponse> out) {
    desk.make(
        new Change<>(
            request.getHeader(),
            request.getName(),
            () -> ArrangeCodec.lead(request),
            Answers::token),
        out);
  }

  @Override
  public void simulate(SimulateRequest request, StreamObserver<SimulateResponse> out) {
    looks.look(
        request.getHeader(),
        "",
        tree -> ClusterView.simulate(trees.clusterState(), trees.fencing(), request),
        out);
  }

  @Override
  public void setVoter(SetVoterRequest request, StreamObserver<ChangeResponse> out) {
    desk.make(
        new Change<>(request.getHeader(), "", () -> RequestCodec.setVoter(request), Answers::done),
        out);
  }

  @Override
  public void setVerbosity(SetVerbosityRequest request, StreamObserver<SetVerbosityResponse> out) {
    desk.make(
        new Change<>(
            request.getHeader(), "", () -> RequestCodec.setVerbosity(request), Answers::level),
        out);
  }

  @Override
  public void stop(StopRequest request, StreamObserver<ChangeResponse> out) {
    desk.make(
        new Change<>(request.getHeader(), "", () -> RequestCodec.stop(request), Answers::done),
        out);
  }

  @Override
  public void status(StatusRequest request, StreamObserver<StatusResponse> out) {
    looks.look(request.getHeader(), "", tree -> read.status(tree, request), out);
  }

  @Override
  public void read(ReadRequest request, StreamObserver<ReadResponse> out) {
    looks.look(request.getHeader(), request.getPath(), tree -> read.read(tree, request), out);
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
    looks.look(request.getHeader(), request.getEntity(), tree -> read.why(tree, request), out);
  }

  @Override
  public void readOutput(ReadOutputRequest request, StreamObserver<ReadOutputResponse> out) {
    output.read(request, out);
  }

  @Override
  public StreamObserver<PulsesRequest> pulses(StreamObserver<PulsesResponse> out) {
    return pulses.serve(out);
  }

  private void change(
      RequestHeader header,
      Target target,
      Supplier<Command> decode,
      StreamObserver<ChangeResponse> out) {
    desk.make(new Change<>(header, target.getPath(), decode, Answers::done), out);
  }
}
