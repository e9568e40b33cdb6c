package io.hamlet.manager.member;

import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.core.recovery.Reply;
import io.hamlet.manager.port.Requests;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** How a change of voters is waited for. */
class ElectorateTest {
  /**
   * Seed 1002 of wide clusters: the leader's thread never came to rest until it was written down.
   */
  @Test
  void aChangeOfVotersThatWasMadeIsWaitedForWithoutHaste() {
    Voting cluster = new Voting("a", "b", "c");
    cluster.follow("d").ready = true;
    cluster.run(Duration.ofSeconds(1));
    cluster.vain.add(true);
    CompletableFuture<Requests.Answered> added = MemberTest.vote(cluster, "d", true);
    for (int i = 0; i < 200 && cluster.elected.size() < 4; i++) {
      cluster.run(Duration.ofMillis(5));
    }
    assertThat(cluster.elected).hasSize(4);
    cluster.split(List.of("a"), List.of("b", "c", "d"));
    cluster.run(Duration.ofSeconds(1));
    assertThat(added).isNotDone();
    cluster.voter("a").loop.runOnce();
    assertThat(cluster.voter("a").loop.runOnce()).isGreaterThan(cluster.now);
    cluster.heal();
    cluster.run(Duration.ofSeconds(1));
    assertThat(added.join().reply()).isEqualTo(Reply.OK);
  }
}
