package io.hamlet.manager.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Attributes;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.Status;
import io.hamlet.v1.HamGrpc;
import io.hamlet.v1.StatusRequest;
import io.hamlet.v1.StatusResponse;
import org.junit.jupiter.api.Test;

class PeerGuardTest {
  private static final long OWN = 1_000;
  private final Call call = new Call();

  @Test
  void theManagersUserAndRootMayCall() {
    assertThat(isLetIn(new Peer(7, OWN, 0))).isTrue();
    assertThat(isLetIn(new Peer(7, 0, 0))).isTrue();
  }

  @Test
  void anotherUserIsToldWho() {
    assertThat(isLetIn(new Peer(7, 1_001, 0))).isFalse();
    assertThat(call.closed.getCode()).isEqualTo(Status.Code.PERMISSION_DENIED);
    assertThat(call.closed.getDescription()).contains("1001").contains("1000");
  }

  @Test
  void whoIsNotKnownStaysOutside() {
    assertThat(isLetIn(Peer.UNKNOWN)).isFalse();
    assertThat(isLetIn(null)).isFalse();
    assertThat(call.closed.getDescription()).contains("does not say");
  }

  private boolean isLetIn(Peer peer) {
    call.peer = peer;
    boolean[] in = new boolean[1];
    new PeerGuard(OWN)
        .interceptCall(
            call,
            new Metadata(),
            (passed, headers) -> {
              in[0] = true;
              return new ServerCall.Listener<>() {};
            });
    return in[0];
  }

  /** A call that only has a peer, and notes how it was closed. */
  private static final class Call extends ServerCall<StatusRequest, StatusResponse> {
    private Peer peer;
    private Status closed;

    @Override
    public Attributes getAttributes() {
      return peer == null
          ? Attributes.EMPTY
          : Attributes.newBuilder().set(Peer.TRANSPORT, peer).build();
    }

    @Override
    public void close(Status status, Metadata trailers) {
      closed = status;
    }

    @Override
    public void request(int count) {}

    @Override
    public void sendHeaders(Metadata headers) {}

    @Override
    public void sendMessage(StatusResponse message) {}

    @Override
    public boolean isCancelled() {
      return false;
    }

    @Override
    public MethodDescriptor<StatusRequest, StatusResponse> getMethodDescriptor() {
      return HamGrpc.getStatusMethod();
    }
  }
}
