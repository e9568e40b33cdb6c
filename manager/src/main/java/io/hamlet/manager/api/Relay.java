package io.hamlet.manager.api;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ClientStreamTracer;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import io.grpc.StatusException;
import io.hamlet.core.model.Rejection;
import io.hamlet.manager.port.Directory;
import java.io.InputStream;
import java.util.concurrent.TimeUnit;

/**
 * One call on its way to the manager of another node, and its answers on their way back: of any
 * kind, each side no faster than the other takes it. Event loop only.
 *
 * <p>An answer of the other manager is passed on as it is. If there is none the caller is told
 * whether the request can have arrived.
 */
final class Relay<Q> extends ServerCall.Listener<Q> {
  private static final long LONGEST_UNASKED_NANOS = TimeUnit.SECONDS.toNanos(10);
  private static final long TRAVEL_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
  private static final Metadata.Key<String> CONTENT_TYPE =
      Metadata.Key.of("content-type", Metadata.ASCII_STRING_MARSHALLER);

  private final ServerCall<Q, Object> caller;
  private final Directory.Node node;
  private final Routes routes;
  private final Peers.Peer peer;
  private final Course course = new Course();
  private final ClientCall<Q, InputStream> target;
  private boolean wantsRequest;
  private boolean wantsAnswer;
  private boolean answering;
  private boolean over;

  private Relay(ServerCall<Q, Object> caller, Directory.Node node, Routes routes, Peers peers) {
    this.caller = caller;
    this.node = node;
    this.routes = routes;
    this.peer = peers.to(node);
    this.target =
        peer.channel().newCall(Passing.asBytes(caller.getMethodDescriptor()), options(peers));
  }

  /** Begins; the first message of the call, which was asked for already, is to follow. */
  @SuppressWarnings("unchecked") // The method takes bytes for answers, see Passing.
  static <Q> ServerCall.Listener<Q> start(
      ServerCall<Q, ?> caller, Directory.Node node, Routes routes, Peers peers) {
    Relay<Q> relay = new Relay<>((ServerCall<Q, Object>) caller, node, routes, peers);
    relay.begin(peers);
    return relay;
  }

  private void begin(Peers peers) {
    Metadata headers = new Metadata();
    headers.put(Hop.FROM, peers.own());
    headers.put(Hop.ROLE, Role.CALL.get().word());
    target.start(new Answers(), headers);
    target.request(1);
    peer.began();
  }

  private CallOptions options(Peers peers) {
    CallOptions options =
        CallOptions.DEFAULT
            .withWaitForReady()
            .withExecutor(peers.loop())
            .withStreamTracerFactory(course);
    Deadline deadline = Context.current().getDeadline();
    if (deadline != null) {
      // Ours comes first, so that the caller is told more than that its time is over.
      long left = Math.max(0, deadline.timeRemaining(TimeUnit.NANOSECONDS));
      return options.withDeadline(
          deadline.offset(-Math.min(left / 10, TRAVEL_NANOS), TimeUnit.NANOSECONDS));
    }
    boolean ends = caller.getMethodDescriptor().getType().serverSendsOneMessage();
    return ends ? options.withDeadlineAfter(LONGEST_UNASKED_NANOS, TimeUnit.NANOSECONDS) : options;
  }

  @Override
  public void onMessage(Q message) {
    if (over) {
      return;
    }
    target.sendMessage(message);
    if (target.isReady()) {
      caller.request(1);
    } else {
      wantsRequest = true;
    }
  }

  @Override
  public void onHalfClose() {
    if (!over) {
      target.halfClose();
    }
  }

  @Override
  public void onCancel() {
    end();
    target.cancel("the caller has gone", null);
  }

  @Override
  public void onReady() {
    if (wantsAnswer) {
      wantsAnswer = false;
      target.request(1);
    }
  }

  private void end() {
    if (!over) {
      over = true;
      peer.ended();
    }
  }

  private void close(Status status, Metadata trailers) {
    if (over) {
      return;
    }
    end();
    if (course.answered) {
      trailers.discardAll(CONTENT_TYPE);
      caller.close(status, trailers);
    } else if (!isLate(status) && !routes.isUp(node) && Routes.looks(method())) {
      // Asked again it is sent to whoever keeps a replica.
      caller.close(unanswered(status), beyond());
    } else if (!course.sent && (isLate(status) || !routes.isUp(node))) {
      refuse(routes.trouble(node.name()) + "; nothing was changed; try again (ham status)");
    } else if (isLate(status) && looks()) {
      refuse("node " + node.name() + " has not answered in time; try again (ham status)");
    } else {
      caller.close(unanswered(status), beyond());
    }
  }

  private void refuse(String why) {
    StatusException no = Refusals.status(new Rejection(Rejection.Reason.UNAVAILABLE, why), "");
    caller.close(no.getStatus(), no.getTrailers());
  }

  /** Whether it arrived or not, nothing was changed. */
  private boolean looks() {
    return Role.neededFor(caller.getMethodDescriptor()) == Role.VIEW;
  }

  private String method() {
    return caller.getMethodDescriptor().getFullMethodName();
  }

  private static boolean isLate(Status status) {
    return status.getCode() == Status.Code.DEADLINE_EXCEEDED;
  }

  private Status unanswered(Status status) {
    return isLate(status)
        ? Status.DEADLINE_EXCEEDED.withDescription(
            ("node %1$s has not answered in time; the change may still be made: look there when it"
                    + " answers (ham --node %1$s ls)")
                .formatted(node.name()))
        : Status.UNAVAILABLE.withDescription(
            routes.trouble(node.name())
                + ": it went while it was asked; look whether a change was made, or repeat the"
                + " request under its id");
  }

  private Metadata beyond() {
    Metadata trailers = new Metadata();
    trailers.put(Hop.BEYOND, node.name());
    return trailers;
  }

  /** What comes back. */
  private final class Answers extends ClientCall.Listener<InputStream> {
    @Override
    public void onMessage(InputStream answer) {
      if (over) {
        return;
      }
      if (!answering) {
        answering = true;
        caller.sendHeaders(new Metadata());
      }
      caller.sendMessage(answer);
      if (caller.isReady()) {
        target.request(1);
      } else {
        wantsAnswer = true;
      }
    }

    @Override
    public void onReady() {
      if (wantsRequest && !over) {
        wantsRequest = false;
        caller.request(1);
      }
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      close(status, trailers);
    }
  }

  /** How far the call has got. */
  private static final class Course extends ClientStreamTracer.Factory {
    private volatile boolean sent;
    private volatile boolean answered;

    @Override
    public ClientStreamTracer newClientStreamTracer(
        ClientStreamTracer.StreamInfo info, Metadata headers) {
      return new ClientStreamTracer() {
        @Override
        public void outboundHeaders() {
          sent = true;
        }

        @Override
        public void inboundTrailers(Metadata trailers) {
          answered = true;
        }
      };
    }
  }
}
