package io.hamlet.it.live;

import io.grpc.MethodDescriptor;
import io.grpc.ServerCallHandler;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCalls;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;

/** A gRPC server that counts how often each key was added; a file outlives it. */
public final class CountingServer {
  static final MethodDescriptor<String, String> ADD = method("Add", false);
  static final MethodDescriptor<String, String> COUNT = method("Count", true);

  private final Map<String, Integer> counts = new ConcurrentHashMap<>();
  private final Path file;

  private CountingServer(Path file) throws IOException {
    this.file = file;
    if (Files.exists(file)) {
      Files.readAllLines(file).forEach(key -> counts.merge(key, 1, Integer::sum));
    }
  }

  /**
   * Serves until it is killed.
   *
   * @param args port on loopback, file
   */
  public static void main(String[] args) throws Exception {
    CountingServer counting = new CountingServer(Path.of(args[1]));
    NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", Integer.parseInt(args[0])))
        .addService(
            ServerServiceDefinition.builder("counting.Counter")
                .addMethod(ADD, answering(counting::add))
                .addMethod(COUNT, answering(counting::count))
                .build())
        .build()
        .start()
        .awaitTermination();
  }

  /** How to start it. */
  static List<String> command(int port, Path file) {
    return OtherJvm.command(
        "-Xmx96m", CountingServer.class, Integer.toString(port), file.toString());
  }

  /** What is written survives this process; that it survives the power is of no interest here. */
  private synchronized String add(String key) {
    try {
      Files.writeString(file, key + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Integer.toString(counts.merge(key, 1, Integer::sum));
  }

  private String count(String key) {
    return Integer.toString(counts.getOrDefault(key, 0));
  }

  private static ServerCallHandler<String, String> answering(UnaryOperator<String> work) {
    return ServerCalls.asyncUnaryCall(
        (key, observer) -> {
          observer.onNext(work.apply(key));
          observer.onCompleted();
        });
  }

  private static MethodDescriptor<String, String> method(String name, boolean idempotent) {
    return MethodDescriptor.<String, String>newBuilder()
        .setType(MethodDescriptor.MethodType.UNARY)
        .setFullMethodName("counting.Counter/" + name)
        .setIdempotent(idempotent)
        .setRequestMarshaller(new Text())
        .setResponseMarshaller(new Text())
        .build();
  }

  private static final class Text implements MethodDescriptor.Marshaller<String> {
    @Override
    public InputStream stream(String value) {
      return new ByteArrayInputStream(value.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public String parse(InputStream stream) {
      try {
        return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
