package io.hamlet.client.recovery;

import java.util.Objects;

/**
 * Under which terms a connection is covered. Immutable.
 *
 * @param losses which errors mean that it is lost
 * @param listener hears of recoveries
 * @param server knows when the server was restarted, and where
 */
public record Terms(Losses losses, RecoveryListener listener, ServerWatch server) {
  /** The errors of sockets and files; nobody listens; nobody knows the server. */
  public static final Terms USUAL = new Terms(Losses.IO, RecoveryListener.NONE, ServerWatch.NONE);

  public Terms {
    Objects.requireNonNull(losses, "losses");
    Objects.requireNonNull(listener, "listener");
    Objects.requireNonNull(server, "server");
  }

  public Terms losses(Losses which) {
    return new Terms(which, listener, server);
  }

  public Terms listener(RecoveryListener hook) {
    return new Terms(losses, hook, server);
  }

  public Terms server(ServerWatch watch) {
    return new Terms(losses, listener, watch);
  }
}
