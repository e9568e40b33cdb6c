package io.hamlet.manager.member;

import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.core.cluster.ClusterEvent;
import io.hamlet.manager.port.Consensus;
import io.hamlet.manager.wire.ClusterCodec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class AdmissionTest {
  private final Voting cluster = new Voting("a", "b", "c");
  private final List<ClusterEvent> proposed = new ArrayList<>();

  /** Seen in review: a leader was frozen while it had the goodbye, and the next one lost a node. */
  @Test
  void aGoodbyeThatIsLostWithItsLeaderIsSaidToTheNext() throws Exception {
    Ledger ledger = cluster.voter("a").ledger;
    long start = ledger.state().nodes().get("a").start();
    Admission admission =
        new Admission(
            () -> new Admission.Applicant("a", "boot", "state-a", start, "a:2", 0),
            ledger,
            (command, timeout) -> {
              proposed.add(ClusterCodec.decode(command).event());
              return proposed.size() < 3
                  ? CompletableFuture.failedFuture(new Consensus.Unknown("b leads no more"))
                  : CompletableFuture.completedFuture(7L);
            },
            () -> {});
    admission.due(0);

    assertThat(admission.leave(Duration.ofSeconds(1)).get(1, TimeUnit.MINUTES)).isEqualTo(7L);

    long incarnation = ledger.state().nodes().get("a").incarnation();
    assertThat(proposed).hasSize(3).containsOnly(new ClusterEvent.Left("a", incarnation));
  }
}
