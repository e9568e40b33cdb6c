package io.hamlet.agent.rehearsal;

import com.google.protobuf.ByteString;
import io.grpc.stub.StreamObserver;
import io.hamlet.v1.AckLevel;
import io.hamlet.v1.AddActionRequest;
import io.hamlet.v1.AddConditionRequest;
import io.hamlet.v1.AddFailItemRequest;
import io.hamlet.v1.ArrangeRequest;
import io.hamlet.v1.AttachRequest;
import io.hamlet.v1.ChangeResponse;
import io.hamlet.v1.ConfirmFencedRequest;
import io.hamlet.v1.ControlHeartbeatRequest;
import io.hamlet.v1.ControlHeartbeatResponse;
import io.hamlet.v1.ControlRequest;
import io.hamlet.v1.ControlResponse;
import io.hamlet.v1.CreateEntityRequest;
import io.hamlet.v1.DetachRequest;
import io.hamlet.v1.Event;
import io.hamlet.v1.Events;
import io.hamlet.v1.ForgetRequest;
import io.hamlet.v1.HamGrpc;
import io.hamlet.v1.Handle;
import io.hamlet.v1.HandleResponse;
import io.hamlet.v1.PublishRaiseRequest;
import io.hamlet.v1.PublishStateRequest;
import io.hamlet.v1.ReadOutputRequest;
import io.hamlet.v1.ReadOutputResponse;
import io.hamlet.v1.ReadRequest;
import io.hamlet.v1.ReadResponse;
import io.hamlet.v1.RemoveFailItemRequest;
import io.hamlet.v1.RemoveRequest;
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
import io.hamlet.v1.TreeObject;
import io.hamlet.v1.WatchRequest;
import io.hamlet.v1.WatchResponse;
import io.hamlet.v1.WhyRequest;
import io.hamlet.v1.WhyResponse;

/** Says yes to everything and knows one entity; it stands in for a manager at rehearsals. */
public final class Understudy extends HamGrpc.HamImplBase {
  /** Its answer to a change, local on purpose: less than a caller may ask for. */
  private static final ResponseHeader HEADER =
      ResponseHeader.newBuilder().setNode("understudy").setAck(AckLevel.ACK_LEVEL_LOCAL).build();

  private static final Event EVENT =
      Event.newBuilder()
          .setPosition("1.1.1")
          .setTime(1)
          .setNode("understudy")
          .setPath("web")
          .setEvent("death")
          .setReason("signal 9")
          .build();

  @Override
  public void attach(AttachRequest request, StreamObserver<HandleResponse> answer) {
    handle(request.getName(), answer);
  }

  @Override
  public void createEntity(CreateEntityRequest request, StreamObserver<HandleResponse> answer) {
    handle(request.getName(), answer);
  }

  @Override
  public void addCondition(AddConditionRequest request, StreamObserver<HandleResponse> answer) {
    handle(request.getEntity().getPath() + "/" + request.getName(), answer);
  }

  @Override
  public void addAction(AddActionRequest request, StreamObserver<HandleResponse> answer) {
    handle(request.getCondition().getPath() + "/" + request.getName(), answer);
  }

  @Override
  public void detach(DetachRequest request, StreamObserver<ChangeResponse> answer) {
    done(answer);
  }

  @Override
  public void addFailItem(AddFailItemRequest request, StreamObserver<ChangeResponse> answer) {
    done(answer);
  }

  @Override
  public void removeFailItem(RemoveFailItemRequest request, StreamObserver<ChangeResponse> answer) {
    done(answer);
  }

  @Override
  public void remove(RemoveRequest request, StreamObserver<ChangeResponse> answer) {
    done(answer);
  }

  @Override
  public void publishState(PublishStateRequest request, StreamObserver<ChangeResponse> answer) {
    done(answer);
  }

  @Override
  public void publishRaise(PublishRaiseRequest request, StreamObserver<ChangeResponse> answer) {
    done(answer);
  }

  @Override
  public void resume(ResumeRequest request, StreamObserver<ChangeResponse> answer) {
    done(answer);
  }

  @Override
  public void forget(ForgetRequest request, StreamObserver<ChangeResponse> answer) {
    done(answer);
  }

  @Override
  public void arrange(ArrangeRequest request, StreamObserver<ChangeResponse> answer) {
    done(answer);
  }

  @Override
  public void confirmFenced(ConfirmFencedRequest request, StreamObserver<ChangeResponse> answer) {
    done(answer);
  }

  @Override
  public void simulate(SimulateRequest request, StreamObserver<SimulateResponse> answer) {
    send(
        answer,
        SimulateResponse.newBuilder()
            .setQuorate(true)
            .addFates(SimulateResponse.Fate.newBuilder().setEntity("web").setFrom("a").setTo("b"))
            .build());
  }

  @Override
  public void setVoter(SetVoterRequest request, StreamObserver<ChangeResponse> answer) {
    done(answer);
  }

  @Override
  public void stop(StopRequest request, StreamObserver<ChangeResponse> answer) {
    done(answer);
  }

  @Override
  public void control(ControlRequest request, StreamObserver<ControlResponse> answer) {
    send(answer, ControlResponse.newBuilder().setHeader(HEADER).setFlags(3).build());
  }

  @Override
  public void controlHeartbeat(
      ControlHeartbeatRequest request, StreamObserver<ControlHeartbeatResponse> answer) {
    send(answer, ControlHeartbeatResponse.newBuilder().setHeader(HEADER).build());
  }

  @Override
  public void setVerbosity(
      SetVerbosityRequest request, StreamObserver<SetVerbosityResponse> answer) {
    int level = request.getValue();
    send(answer, SetVerbosityResponse.newBuilder().setHeader(HEADER).setLevel(level).build());
  }

  @Override
  public void status(StatusRequest request, StreamObserver<StatusResponse> answer) {
    StatusResponse.Manager ham = StatusResponse.Manager.newBuilder().setPid(2).setSince(1).build();
    send(
        answer,
        StatusResponse.newBuilder()
            .setNode("understudy")
            .setVersion("0")
            .setRole("ham")
            .setBoot("b")
            .setHam(ham)
            .setEntities(1)
            .build());
  }

  @Override
  public void read(ReadRequest request, StreamObserver<ReadResponse> answer) {
    ReadResponse.Builder tree = ReadResponse.newBuilder().setNode("understudy").setPosition("1");
    if (request.getPath().isEmpty()) {
      tree.addObjects(object(TreeObject.Kind.ROOT, "", ""));
    }
    tree.addObjects(object(TreeObject.Kind.ENTITY, "web", "ATTACHED"));
    tree.addObjects(object(TreeObject.Kind.CONDITION, "web/died", "CONDDEATH"));
    tree.addObjects(object(TreeObject.Kind.ACTION, "web/died/again", "restart"));
    send(answer, tree.build());
  }

  @Override
  public void watch(WatchRequest request, StreamObserver<WatchResponse> answer) {
    Events batch = Events.newBuilder().addEvents(EVENT).build();
    answer.onNext(WatchResponse.newBuilder().setEvents(batch).build());
    send(answer, WatchResponse.newBuilder().setCaughtUp("1.1.1").build());
  }

  @Override
  public void why(WhyRequest request, StreamObserver<WhyResponse> answer) {
    send(answer, WhyResponse.newBuilder().setSummary("It died.").addEvents(EVENT).build());
  }

  @Override
  public void readOutput(ReadOutputRequest request, StreamObserver<ReadOutputResponse> answer) {
    ByteString data = ByteString.copyFromUtf8("hello\n");
    send(answer, ReadOutputResponse.newBuilder().setData(data).build());
  }

  private static TreeObject object(TreeObject.Kind kind, String path, String type) {
    return TreeObject.newBuilder()
        .setKind(kind)
        .setPath(path)
        .setUid(7)
        .setType(type)
        .setPid(4711)
        .setEnabled(true)
        .setInfo("Path            : " + path + "\n")
        .setCreated(1_000_000_007)
        .setState(kind == TreeObject.Kind.ENTITY ? "up" : "")
        .putFields("rearm", "ON")
        .build();
  }

  private static void handle(String path, StreamObserver<HandleResponse> answer) {
    Handle handle =
        Handle.newBuilder().setNode("understudy").setPath(path).setUid(7).setPid(4711).build();
    send(answer, HandleResponse.newBuilder().setHeader(HEADER).setHandle(handle).build());
  }

  private static void done(StreamObserver<ChangeResponse> answer) {
    send(answer, ChangeResponse.newBuilder().setHeader(HEADER).build());
  }

  private static <T> void send(StreamObserver<T> answer, T message) {
    answer.onNext(message);
    answer.onCompleted();
  }
}
