package io.hamlet.manager.api;

import io.grpc.KnownLength;
import io.grpc.MethodDescriptor;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/**
 * Answers of other managers are passed on as bytes, unread: an answer may be big, and may hold what
 * this version does not know.
 */
final class Passing {
  private Passing() {}

  /** The same service, whose methods may answer with bytes too. */
  static ServerServiceDefinition passable(ServerServiceDefinition service) {
    ServerServiceDefinition.Builder all =
        ServerServiceDefinition.builder(service.getServiceDescriptor().getName());
    service.getMethods().forEach(method -> all.addMethod(passable(method)));
    return all.build();
  }

  /** As a client calls it who wants the bytes of the answers. */
  static <Q> MethodDescriptor<Q, InputStream> asBytes(MethodDescriptor<Q, ?> method) {
    return method.toBuilder(method.getRequestMarshaller(), new Bytes()).build();
  }

  @SuppressWarnings("unchecked") // Handlers answer with A, the relay with bytes; Either takes both.
  private static <Q, A> ServerMethodDefinition<Q, Object> passable(
      ServerMethodDefinition<Q, A> method) {
    MethodDescriptor<Q, A> known = method.getMethodDescriptor();
    return ServerMethodDefinition.create(
        known.toBuilder(known.getRequestMarshaller(), new Either<>(known.getResponseMarshaller()))
            .build(),
        (io.grpc.ServerCallHandler<Q, Object>) method.getServerCallHandler());
  }

  /** Writes a message, or bytes as they are. */
  private record Either<A>(MethodDescriptor.Marshaller<A> known)
      implements MethodDescriptor.Marshaller<Object> {
    @Override
    @SuppressWarnings("unchecked") // What is no bytes comes from the handler of this very method.
    public InputStream stream(Object answer) {
      return answer instanceof InputStream bytes ? bytes : known.stream((A) answer);
    }

    @Override
    public Object parse(InputStream answer) {
      return known.parse(answer);
    }
  }

  /** Keeps the bytes of an answer. */
  private record Bytes() implements MethodDescriptor.Marshaller<InputStream> {
    @Override
    public InputStream stream(InputStream answer) {
      return answer;
    }

    @Override
    public InputStream parse(InputStream answer) {
      try {
        return new Kept(answer.readAllBytes());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** Bytes whose number is known, so that they are written without a copy. */
  private static final class Kept extends ByteArrayInputStream implements KnownLength {
    Kept(byte[] bytes) {
      super(bytes);
    }
  }
}
