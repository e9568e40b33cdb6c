package io.hamlet.manager.api;

import com.google.protobuf.Descriptors;
import com.google.protobuf.Message;
import io.grpc.ForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.StatusException;
import io.hamlet.manager.port.Directory;
import io.hamlet.v1.RequestHeader;
import io.hamlet.v1.WatchRequest;

/**
 * Reads the header of the first message of each call, and has the call answered here or by the
 * manager of the node that it names. Thread-safe; each call is on the event loop.
 */
final class Router implements ServerInterceptor {
  private static final String HEADER = "header";
  private final Routes routes;
  private final Peers peers;

  Router(Routes routes, Peers peers) {
    this.routes = routes;
    this.peers = peers;
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    call.request(1);
    return new Undecided<>(call, headers, next);
  }

  /** Names no node, and so means the own, when there is no header. */
  private static String node(Object request) {
    if (request instanceof Message message) {
      Descriptors.FieldDescriptor field = message.getDescriptorForType().findFieldByName(HEADER);
      if (field != null && message.getField(field) instanceof RequestHeader header) {
        return header.getNode();
      }
    }
    return "";
  }

  private static boolean wantsAll(Object request) {
    return request instanceof WatchRequest watch && watch.getAllNodes();
  }

  /** A call whose first message has not come yet. */
  private final class Undecided<Q, A> extends ServerCall.Listener<Q> {
    private final ServerCall<Q, A> call;
    private final Metadata headers;
    private final ServerCallHandler<Q, A> next;
    private ServerCall.Listener<Q> decided;
    private boolean ready;

    Undecided(ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
      this.call = call;
      this.headers = headers;
      this.next = next;
    }

    @Override
    public void onMessage(Q message) {
      if (decided == null) {
        decide(message);
      }
      decided.onMessage(message);
    }

    @Override
    public void onHalfClose() {
      if (decided == null) {
        here(); // Whatever is wrong with a call without a request is said there.
      }
      decided.onHalfClose();
    }

    @Override
    public void onCancel() {
      if (decided != null) {
        decided.onCancel();
      }
    }

    @Override
    public void onComplete() {
      if (decided != null) {
        decided.onComplete();
      }
    }

    @Override
    public void onReady() {
      if (decided == null) {
        ready = true;
      } else {
        decided.onReady();
      }
    }

    private void decide(Q message) {
      String node = node(message);
      String method = call.getMethodDescriptor().getFullMethodName();
      try {
        Directory.Node there =
            wantsAll(message)
                ? routes.ofAll(Hop.from(headers))
                : routes.of(node, method, Hop.from(headers));
        if (there == null) {
          here();
        } else {
          decided = Relay.start(call, there, routes, peers);
          wake();
        }
      } catch (RuntimeException e) {
        StatusException no = Refusals.status(e, "");
        call.close(no.getStatus(), no.getTrailers());
        decided = new ServerCall.Listener<>() {};
      }
    }

    private void here() {
      decided = next.startCall(new Begun<>(call), headers);
      wake();
    }

    private void wake() {
      if (ready) {
        decided.onReady();
      }
    }
  }

  /** A call of which one message has been asked for already. */
  private static final class Begun<Q, A>
      extends ForwardingServerCall.SimpleForwardingServerCall<Q, A> {
    private int asked = 1;

    Begun(ServerCall<Q, A> call) {
      super(call);
    }

    @Override
    public void request(int messages) {
      int more = messages - asked;
      asked = Math.max(0, -more);
      if (more > 0) {
        super.request(more);
      }
    }
  }
}
