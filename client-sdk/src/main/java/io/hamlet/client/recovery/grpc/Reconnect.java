package io.hamlet.client.recovery.grpc;

import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.hamlet.client.recovery.Recovering;
import io.hamlet.client.recovery.Recovery;
import java.time.Duration;

/**
 * The usual recovery of a channel, which connects again by itself but takes its time, a second at
 * first: told not to, until it is ready. Immutable.
 *
 * @param patience how long to try
 */
public record Reconnect(Duration patience) implements Recovery<ManagedChannel> {
  private static final Duration FIRST = Duration.ofMillis(1);
  private static final Duration LONGEST = Duration.ofMillis(20);

  @Override
  public int recover(Recovering<ManagedChannel> it) throws InterruptedException {
    it.slowDown();
    ManagedChannel channel = it.connection();
    long end = System.nanoTime() + patience.toNanos();
    Duration pause = FIRST;
    while (channel.getState(true) != ConnectivityState.READY) {
      if (channel.isShutdown() || System.nanoTime() - end >= 0) {
        return NOT_RECOVERED;
      }
      channel.resetConnectBackoff();
      it.pause(pause);
      pause = pause.multipliedBy(2).compareTo(LONGEST) < 0 ? pause.multipliedBy(2) : LONGEST;
    }
    return it.id();
  }
}
