package io.hamlet.manager.api;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.StatusException;
import io.hamlet.core.model.Refused;
import io.hamlet.core.model.Rejection;

/**
 * Lets in root and the manager's own user for everything (ham.md 10, 26), over TLS whoever shows a
 * certificate for what its role allows, and nobody else. Thread-safe.
 */
final class PeerGuard implements ServerInterceptor {
  private final long ownUid;

  PeerGuard(long ownUid) {
    this.ownUid = ownUid;
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    Peer peer = call.getAttributes().get(Peer.TRANSPORT);
    Passport passport = call.getAttributes().get(Passport.TRANSPORT);
    try {
      Role role = acting(passport == null ? local(peer) : passport.valid(), headers);
      Role needed = Role.neededFor(call.getMethodDescriptor());
      if (!role.includes(needed)) {
        throw tooLow(call.getMethodDescriptor().getBareMethodName(), needed, role, passport);
      }
      Context context =
          Context.current().withValues(Peer.CALL, peer, Role.CALL, role.atMost(Role.ADMIN));
      return Contexts.interceptCall(context, call, headers, next);
    } catch (Refused e) {
      StatusException no = Refusals.status(e, "");
      call.close(no.getStatus(), no.getTrailers());
      return new ServerCall.Listener<>() {};
    }
  }

  /** A connection without TLS: as the kernel says who it is. */
  private Role local(Peer peer) {
    if (peer != null && (peer.uid() == 0 || peer.uid() == ownUid)) {
      return Role.MANAGER;
    }
    throw new Refused(Rejection.Reason.NOT_PERMITTED, message(peer));
  }

  /** A manager that sends a request on acts for its caller, and has no more rights than that. */
  private static Role acting(Role own, Metadata headers) {
    if (Hop.from(headers).isEmpty()) {
      return own;
    }
    if (own != Role.MANAGER) {
      throw new Refused(
          Rejection.Reason.NOT_PERMITTED,
          "only a manager may send requests on; your role is " + own.word());
    }
    Role carried = Role.of(String.valueOf(headers.get(Hop.ROLE)));
    return carried == null ? Role.VIEW : carried.atMost(Role.ADMIN);
  }

  private static Refused tooLow(String method, Role needed, Role role, Passport passport) {
    return new Refused(
        Rejection.Reason.NOT_PERMITTED,
        method
            + " needs the role "
            + needed.word()
            + ", and yours is "
            + role.word()
            + (passport == null ? "" : " (" + passport.owner() + ")")
            + "; a certificate gives it by the URI "
            + Role.URI
            + needed.word());
  }

  private String message(Peer peer) {
    String who =
        peer == null || peer.uid() < 0
            ? "the kernel does not say which user you are"
            : "you are user " + peer.uid();
    return who
        + "; only root and user "
        + ownUid
        + ", which runs the manager, may call it; others need TLS and a certificate with a role";
  }
}
