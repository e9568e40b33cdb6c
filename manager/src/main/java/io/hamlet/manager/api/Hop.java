package io.hamlet.manager.api;

import io.grpc.Metadata;

/** What one manager tells another beside a request that it sends on. */
final class Hop {
  /** The node that sends it on; it is not sent on again. */
  static final Metadata.Key<String> FROM =
      Metadata.Key.of("hamlet-hop", Metadata.ASCII_STRING_MARSHALLER);

  /** What its caller may do, {@link Role#word}. */
  static final Metadata.Key<String> ROLE =
      Metadata.Key.of("hamlet-role", Metadata.ASCII_STRING_MARSHALLER);

  /**
   * In the trailers of a call whose answer was lost between two managers: the one that was called
   * is well, and there is no need to look for another.
   */
  static final Metadata.Key<String> BEYOND =
      Metadata.Key.of("hamlet-beyond", Metadata.ASCII_STRING_MARSHALLER);

  private Hop() {}

  /** The node that a call was sent on from; empty: it comes from a client. */
  static String from(Metadata headers) {
    String from = headers.get(FROM);
    return from == null ? "" : from;
  }
}
