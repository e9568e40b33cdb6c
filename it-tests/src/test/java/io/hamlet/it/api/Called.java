package io.hamlet.it.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ClientInterceptors;
import io.grpc.MethodDescriptor;
import io.grpc.ServiceDescriptor;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;

/** Notes which methods are called over a channel. Thread-safe. */
final class Called implements ClientInterceptor {
  private final Set<String> methods = new ConcurrentSkipListSet<>();

  /** The same channel, on which calls are noted. */
  Channel over(Channel channel) {
    return ClientInterceptors.intercept(channel, this);
  }

  /** Each method of that service was called, and none of another. */
  void assertAll(ServiceDescriptor service) {
    assertThat(methods)
        .containsExactlyInAnyOrderElementsOf(
            service.getMethods().stream().map(MethodDescriptor::getFullMethodName).toList());
  }

  @Override
  public <Q, A> ClientCall<Q, A> interceptCall(
      MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
    methods.add(method.getFullMethodName());
    return next.newCall(method, options);
  }
}
