package io.hamlet.manager.member;

import io.hamlet.core.cluster.ClusterEvent;
import io.hamlet.manager.port.Proposals;
import io.hamlet.manager.wire.ClusterCodec;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** Events of the cluster on their way to be committed. Thread-safe. */
final class Sender {
  /** A leader that cannot commit for so long is none; whoever proposes looks again. */
  static final Duration PATIENCE = Duration.ofSeconds(2);

  private final Proposals proposals;

  Sender(Proposals proposals) {
    this.proposals = proposals;
  }

  CompletableFuture<Long> send(ClusterEvent event) {
    return send(event, PATIENCE);
  }

  CompletableFuture<Long> send(ClusterEvent event, Duration timeout) {
    return proposals.propose(ClusterCodec.encode(new ClusterCodec.Command(null, event)), timeout);
  }
}
