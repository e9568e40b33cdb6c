package io.hamlet.it.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.client.ClusterPolicy;
import io.hamlet.client.ClusterPolicy.QuorumLoss;
import io.hamlet.client.Ham;
import io.hamlet.client.HamException;
import io.hamlet.it.live.SoleProgram.Start;
import io.hamlet.it.live.Wounds.Fault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The leader is killed, frozen or cut off, again and again: what a healthy node runs for the
 * cluster is not stopped. More rounds: {@code -Dhamlet.siege.leaders=N}, another lease: {@code
 * -Dhamlet.siege.lease=1500ms}.
 */
class LeaderLossIT {
  private static final Logger LOG = LoggerFactory.getLogger(LeaderLossIT.class);
  private static final int ROUNDS = Siege.number("hamlet.siege.leaders", 20);

  /** Of the two nodes that are left each must answer the other within a sixth of it. */
  private static final String LEASE = System.getProperty("hamlet.siege.lease", "6s");

  @TempDir Path directory;
  private Siege siege;
  private String owner = "a";

  @RegisterExtension
  final Evidence evidence = Evidence.of(() -> siege == null ? null : siege.cluster().node(owner));

  @AfterEach
  void lift() {
    if (siege != null) {
      siege.close();
    }
  }

  @Test
  void whoIsWellGoesOnWithItWhenTheLeaderIsLost() throws Exception {
    Needs.hosts();
    siege = new Siege(directory, LEASE);
    for (int round = 1; round <= ROUNDS; round++) {
      lose(round);
    }
    siege.program().assertOneOwner();
  }

  /** To renew needs a majority of the voters and no leader. */
  @Test
  void whoIsWellGoesOnWithItThoughNobodyLeadsForLongerThanALease() throws Exception {
    Needs.hosts();
    Duration lease = Duration.ofSeconds(6);
    siege = new Siege(directory, lease.toSeconds() + "s");
    // On who led, and on one of the others.
    owner = siege.leader();
    siege.move(owner);
    Start before = siege.owner("");
    String other = Siege.after(owner);
    Claimant side = new Claimant(directory.resolve("side"));
    ClusterPolicy policy = new ClusterPolicy(List.of(other), QuorumLoss.STOP, false);
    siege.cluster().node(owner).ham().cluster().attach("side", side.command(), policy);
    Start beside = side.on(other);
    siege.silenceConsensus();
    for (LiveNode node : siege.cluster().nodes()) {
      Until.isTrue("nothing is agreed on at " + node.name(), () -> !agrees(node));
    }
    List<Long> newest = newest();
    long since = System.nanoTime();
    Until.isTrue("two go by", () -> System.nanoTime() - since > lease.multipliedBy(2).toNanos());
    assertThat(newest()).as("nothing was, at any").isEqualTo(newest);
    assertThat(siege.program().running()).isEqualTo(before);
    assertThat(side.on(other)).isEqualTo(beside);
    siege.heal();
    assertThat(siege.program().running()).isEqualTo(before);
    siege.program().assertOneOwner();
  }

  /** A read of the latest is an entry. */
  private static boolean agrees(LiveNode node) throws InterruptedException {
    try {
      Ham star = node.ham().withTimeout(Duration.ofSeconds(1)).connectNode("*");
      star.withLatest().read("web", 0);
      return true;
    } catch (HamException e) {
      return false;
    }
  }

  /** The last entry that each has of the cluster. */
  private List<Long> newest() throws InterruptedException {
    List<Long> newest = new ArrayList<>();
    for (LiveNode node : siege.cluster().nodes()) {
      newest.add(node.ham().status().cluster().index());
    }
    return newest;
  }

  private void lose(int round) throws Exception {
    String leader = siege.leader();
    if (siege.owner("").node().equals(leader)) {
      siege.move(Siege.after(leader));
    }
    Fault fault = Fault.FATAL.get(round % Fault.FATAL.size());
    final long begin = System.nanoTime();
    final Start before = siege.owner("");
    owner = before.node();
    siege.befall(leader, fault);
    Until.isTrue(
        "another leads than " + leader,
        () -> {
          String now = siege.leader(owner);
          return !now.isEmpty() && !now.equals(leader);
        });
    long led = System.nanoTime() - begin;
    siege.heal();
    assertThat(siege.program().last()).as("round %d, %s led", round, leader).isEqualTo(before);
    assertThat(siege.program().running()).isEqualTo(before);
    LOG.info(
        "round {}: leader {} {}; another leads after {} ms, all well after {} ms",
        round,
        leader,
        fault,
        led / 1_000_000,
        (System.nanoTime() - begin) / 1_000_000);
  }
}
