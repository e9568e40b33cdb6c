package io.hamlet.manager.member;

import io.hamlet.core.cluster.ClusterEvent;
import java.util.concurrent.CompletableFuture;

/**
 * A proposal that is made again until what it is for has come about: every event of the cluster
 * does nothing the second time. One at a time; cluster thread.
 */
final class Once {
  private static final long PAUSE = 100_000_000L;

  private CompletableFuture<Long> underWay;
  private long again = Long.MIN_VALUE;

  /**
   * Proposes unless that is under way, or failed only just now.
   *
   * @param wake has this looked at again when it has ended
   * @return when to look again at the latest
   */
  long propose(Sender sender, ClusterEvent event, long now, Runnable wake) {
    if (underWay != null && !underWay.isDone()) {
      return Long.MAX_VALUE;
    }
    if (underWay != null) {
      // Committed but not applied here yet, or not taken: a moment later it is known which.
      underWay = null;
      again = now + PAUSE;
    }
    if (now < again) {
      return again;
    }
    underWay = sender.send(event);
    CompletableFuture<Long> sent = underWay;
    sent.whenComplete((index, failure) -> wake.run());
    return Long.MAX_VALUE;
  }

  /** What it was for has come about. */
  void settled() {
    underWay = null;
    again = Long.MIN_VALUE;
  }
}
