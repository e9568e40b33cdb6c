package io.hamlet.agent.cli;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import com.google.protobuf.TextFormat;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.netty.NettyServerBuilder;
import io.hamlet.agent.rehearsal.Understudy;
import io.hamlet.v1.RequestHeader;
import io.hamlet.v1.StatusRequest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/** An {@link Understudy} that keeps what it is asked. Thread-safe. */
final class RecordingServer implements AutoCloseable {
  private final List<Message> requests = new ArrayList<>();
  private final Server server;

  RecordingServer() throws IOException {
    ServerInterceptor recorder =
        new ServerInterceptor() {
          @Override
          public <Q, A> ServerCall.Listener<Q> interceptCall(
              ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
            return new SimpleForwardingServerCallListener<>(next.startCall(call, headers)) {
              @Override
              public void onMessage(Q message) {
                keep((Message) message);
                super.onMessage(message);
              }
            };
          }
        };
    InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    server =
        NettyServerBuilder.forAddress(any)
            .addService(ServerInterceptors.intercept(new Understudy(), recorder))
            .build()
            .start();
  }

  String address() {
    return "127.0.0.1:" + server.getPort();
  }

  /** The only request so far: its kind and its fields on one line, without the header. */
  synchronized String request() {
    // Who stops a node looks first who it is.
    requests.removeIf(r -> r instanceof StatusRequest && requests.size() > 1);
    if (requests.size() != 1) {
      throw new AssertionError("not one request but " + requests);
    }
    Message bare = requests.getFirst().toBuilder().clearField(header(requests.getFirst())).build();
    String fields = TextFormat.printer().emittingSingleLine(true).printToString(bare);
    return (bare.getDescriptorForType().getName() + " " + fields).strip();
  }

  synchronized RequestHeader lastHeader() {
    return (RequestHeader) requests.getLast().getField(header(requests.getLast()));
  }

  synchronized void forget() {
    requests.clear();
  }

  @Override
  public void close() {
    server.shutdownNow();
  }

  private synchronized void keep(Message message) {
    requests.add(message);
  }

  private static FieldDescriptor header(Message message) {
    return message.getDescriptorForType().findFieldByName("header");
  }
}
