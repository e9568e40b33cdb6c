package io.hamlet.it.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.client.ClusterPolicy;
import io.hamlet.client.TreeObject;
import io.hamlet.it.live.SoleProgram.Start;
import io.hamlet.it.live.Wounds.Fault;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Three nodes on hosts of their own, one thing after the other befalls one of them at random, and a
 * program that only one may run: never two hold its lock, each start has a higher token, and it
 * runs again while two nodes are well. More rounds: {@code -Dhamlet.siege=N}; others: {@code
 * -Dhamlet.siege.seed=N}.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OwnerSiegeIT {
  private static final Logger LOG = LoggerFactory.getLogger(OwnerSiegeIT.class);
  private static final int NODES = 3;
  private static final int ROUNDS = number("hamlet.siege", 30);
  private static final int LEADERS = Math.max(1, ROUNDS * 2 / 3);
  private static final int SEED = number("hamlet.siege.seed", 20_261_121);

  /**
   * Managers on a busy machine are silent for longer than a second, and nobody is to be stopped.
   */
  private static final String LEASE = System.getProperty("hamlet.siege.lease", "3s");

  /** A fault lasts so long at most, and longer only until it runs again. */
  private static final long MOST_NANOS = 3_000_000_000L;

  @TempDir static Path directory;
  private final Random chance = new Random(SEED);
  private final List<Blow> deck = new ArrayList<>();
  private Hosts hosts;
  private LiveCluster cluster;
  private Wounds wounds;
  private SoleProgram program;

  @RegisterExtension final Evidence ofA = new Evidence(() -> node("a"));
  @RegisterExtension final Evidence ofB = new Evidence(() -> node("b"));
  @RegisterExtension final Evidence ofC = new Evidence(() -> node("c"));

  /** Whom something befalls. */
  private enum Victim {
    OWNER,
    LEADER,
    OWNER_THAT_LEADS,
    OTHER
  }

  private record Blow(Victim victim, Fault fault) {}

  private static int number(String property, int usual) {
    String text = System.getProperty(property, "");
    return text.matches("[0-9]{1,9}") ? Integer.parseInt(text) : usual;
  }

  @BeforeAll
  void start() throws Exception {
    Needs.root();
    Needs.program("openssl");
    Needs.that("netns", "network namespaces", Hosts.possible());
    program = SoleProgram.in(directory);
    hosts = Hosts.make(NODES);
    HostKeys keys = HostKeys.make(directory.resolve("keys"));
    cluster = LiveCluster.start(hosts, keys, directory, NODES, "--lease", LEASE);
    wounds = new Wounds(hosts, cluster);
    cluster.node("a").ham().cluster().attach("web", program.command(""), ClusterPolicy.ANYWHERE);
    awaitOwner("");
  }

  @AfterEach
  void undo() throws Exception {
    wounds.heal();
  }

  @AfterAll
  void stop() {
    if (cluster != null) {
      cluster.close();
    }
    if (hosts != null) {
      hosts.close();
    }
  }

  @Test
  void oneNodeAtMostRunsItAndItIsRunAgain() throws Exception {
    LOG.info("{} rounds of seed {}", ROUNDS, SEED);
    for (int round = 1; round <= ROUNDS; round++) {
      Blow blow = draw();
      String victim = victim(blow.victim());
      final long begin = System.nanoTime();
      final Start before = awaitOwner("");
      wounds.befall(victim, blow.fault());
      LockSupport.parkNanos(chance.nextLong(MOST_NANOS));
      // Who is cut off on one side, or for a moment, may go on with it or not.
      boolean moves = blow.fault().isFatal() && before.node().equals(victim);
      Start after = awaitOwner(moves ? victim : "");
      long ran = System.nanoTime() - begin;
      heal();
      program.assertOneOwner();
      LOG.info(
          "round {}: {} {}, {}; it ran on {}, after {} ms on {}; all well after {} ms",
          round,
          blow.victim(),
          victim,
          blow.fault(),
          before.node(),
          ran / 1_000_000,
          after.node(),
          (System.nanoTime() - begin) / 1_000_000);
    }
  }

  /** Each that there is befalls each before any comes again. */
  private Blow draw() {
    if (deck.isEmpty()) {
      for (Victim victim : Victim.values()) {
        Arrays.stream(Fault.values()).forEach(fault -> deck.add(new Blow(victim, fault)));
      }
      Collections.shuffle(deck, chance);
    }
    return deck.removeLast();
  }

  private String victim(Victim kind) throws Exception {
    String leader = leader();
    boolean leads = awaitOwner("").node().equals(leader);
    switch (kind) {
      case OWNER, LEADER -> {
        if (leads) {
          move(after(leader));
        }
      }
      case OWNER_THAT_LEADS -> {
        if (!leads) {
          move(leader);
        }
      }
      case OTHER -> {
        String owner = awaitOwner("").node();
        return after(leader).equals(owner) ? after(owner) : after(leader);
      }
    }
    return kind == Victim.OWNER ? awaitOwner("").node() : leader;
  }

  private static String after(String node) {
    return LiveCluster.nameOf((Wounds.host(node) + 1) % NODES);
  }

  private void move(String node) throws Exception {
    cluster.node(node).ham().cluster().move("web", node);
    Until.isTrue("it is moved to " + node, () -> awaitOwner("").node().equals(node));
  }

  @Test
  void whoIsWellGoesOnWithItWhenTheLeaderIsLost() throws Exception {
    Fault[] faults = {Fault.KILLED, Fault.FROZEN, Fault.CUT_OFF};
    for (int round = 1; round <= LEADERS; round++) {
      String leader = victim(Victim.LEADER);
      Fault fault = faults[round % faults.length];
      final long begin = System.nanoTime();
      final Start before = awaitOwner("");
      wounds.befall(leader, fault);
      cluster.await(before.node(), leader, "lost");
      long lost = System.nanoTime() - begin;
      heal();
      assertThat(program.last()).as("round %d, %s led", round, leader).isEqualTo(before);
      assertThat(program.running()).isEqualTo(before);
      LOG.info(
          "round {}: leader {} {}; lost after {} ms, all well after {} ms",
          round,
          leader,
          fault,
          lost / 1_000_000,
          (System.nanoTime() - begin) / 1_000_000);
    }
    program.assertOneOwner();
  }

  private void heal() throws Exception {
    wounds.heal();
    cluster.awaitAll("up");
    Until.isTrue(
        "all know who runs it, and it is so",
        () -> {
          Start start = awaitOwner("");
          for (LiveNode node : cluster.nodes()) {
            TreeObject told = node.ham().connectNode("*").read("web", 0).objects().getFirst();
            assertThat(told.token()).as("%s", told).isEqualTo(start.token());
            assertThat(told.runsOn()).as("%s", told).isEqualTo(start.node());
          }
          return true;
        });
  }

  /** Waits until it runs, and somewhere else than there. */
  private Start awaitOwner(String notOn) {
    return Until.given(
        "it runs, and not on '" + notOn + "': " + program,
        () -> {
          Start now = program.running();
          return now == null || now.node().equals(notOn) ? null : now;
        });
  }

  private LiveNode node(String name) {
    return cluster == null ? null : cluster.node(name);
  }

  /** As two say it. */
  private String leader() {
    return Until.given(
        "there is a leader",
        () -> {
          String leader = leader("a");
          return leader.isEmpty() || !leader.equals(leader("b")) ? null : leader;
        });
  }

  private String leader(String by) throws InterruptedException {
    return cluster.node(by).ham().status().cluster().leader();
  }
}
