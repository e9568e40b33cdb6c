package io.hamlet.manager.api;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.StatusException;
import io.hamlet.core.model.Rejection;

/** Lets in root and the manager's own user, nobody else (ham.md 10, 26). Thread-safe. */
final class PeerGuard implements ServerInterceptor {
  private final long ownUid;

  PeerGuard(long ownUid) {
    this.ownUid = ownUid;
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    Peer peer = call.getAttributes().get(Peer.TRANSPORT);
    if (peer != null && (peer.uid() == 0 || peer.uid() == ownUid)) {
      return Contexts.interceptCall(
          Context.current().withValue(Peer.CALL, peer), call, headers, next);
    }
    StatusException no =
        Refusals.status(new Rejection(Rejection.Reason.NOT_PERMITTED, message(peer)), "");
    call.close(no.getStatus(), no.getTrailers());
    return new ServerCall.Listener<>() {};
  }

  private String message(Peer peer) {
    String who =
        peer == null || peer.uid() < 0
            ? "the kernel does not say which user you are"
            : "you are user " + peer.uid();
    return who + "; only root and user " + ownUid + ", which runs the manager, may call it";
  }
}
