package io.hamlet.manager.member;

import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.core.cluster.ClusterEvent;
import io.hamlet.core.model.Moment;
import io.hamlet.manager.port.Consensus;
import io.hamlet.manager.wire.ClusterCodec;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Voter v, which begins again with a snapshot in which a leads already. */
class AbreastTest {
  private final Voting cluster = new Voting("a", "b", "c");
  private final Ledger known = cluster.voter("a").ledger;
  private final Ledger ledger = new Ledger(cluster.voter("b"));
  private final List<CompletableFuture<Long>> proposed = new ArrayList<>();
  private final Abreast abreast =
      new Abreast(
          ledger,
          (command, timeout) -> {
            proposed.add(new CompletableFuture<>());
            return proposed.getLast();
          },
          () -> {});
  private long now;

  @BeforeEach
  void begin() {
    ledger.restore(known.state().last(), known.snapshot());
    look();
    assertThat(proposed).as("nobody leads").isEmpty();
    ledger.leaderChanged("a", known.state().reign().term(), false);
  }

  private void look() {
    now += 60_000_000;
    abreast.due(now);
  }

  private void commit(ClusterEvent event) {
    byte[] command = ClusterCodec.encode(new ClusterCodec.Command(Moment.ZERO, event));
    ledger.committed(ledger.state().last() + 1, 1, command);
    look();
  }

  /** Found in review: it acknowledged leases of a node that it had given its word to forget. */
  @Test
  void theTermOfTheLeaderIsNotEnough() {
    look();
    long fence = ledger.state().last() + 1;
    assertThat(abreast.isReached()).isFalse();

    proposed.getFirst().complete(fence + 1);
    look();
    assertThat(abreast.isReached()).as("the fence is to come").isFalse();
    commit(new ClusterEvent.Standby("b", true));
    assertThat(abreast.isReached()).isFalse();
    commit(new ClusterEvent.Standby("b", false));
    assertThat(abreast.isReached()).isTrue();
    assertThat(proposed).hasSize(1);
  }

  @Test
  void whatIsNotTakenIsProposedAgain() {
    look();
    proposed.getFirst().completeExceptionally(new Consensus.Unknown("a is gone"));
    look();
    look();
    assertThat(proposed).hasSize(2);
    proposed.getLast().complete(ledger.state().last());
    look();
    assertThat(abreast.isReached()).isTrue();
  }

  @Test
  void aLaterTermIsWaitedForToo() {
    look();
    proposed.getFirst().complete(ledger.state().last());
    ledger.leaderChanged("c", known.state().reign().term() + 1, false);
    look();
    assertThat(abreast.isReached()).isFalse();
  }
}
