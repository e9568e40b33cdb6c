package io.hamlet.client.internal;

import io.grpc.ClientStreamTracer;
import io.grpc.Metadata;

/** Notes whether a request was given to a living connection. Thread-safe. */
final class SentMark extends ClientStreamTracer.Factory {
  private final Runnable sent;
  private volatile boolean set;

  /**
   * @param sent runs when it is
   */
  SentMark(Runnable sent) {
    this.sent = sent;
  }

  boolean isSet() {
    return set;
  }

  @Override
  public ClientStreamTracer newClientStreamTracer(
      ClientStreamTracer.StreamInfo info, Metadata headers) {
    return new ClientStreamTracer() {
      @Override
      public void outboundHeaders() {
        set = true;
        sent.run();
      }
    };
  }
}
