package io.hamlet.it.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hamlet.client.ClusterPolicy;
import io.hamlet.client.HamException;
import io.hamlet.it.live.ContainerSiege.Fault;
import io.hamlet.it.live.SoleProgram.Start;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@link OwnerSiegeIT} in containers. More rounds: {@code -Dhamlet.siege.containers=N}; others:
 * {@code -Dhamlet.siege.seed=N}.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ContainerOwnerIT {
  private static final Logger LOG = LoggerFactory.getLogger(ContainerOwnerIT.class);
  private static final int ROUNDS = Siege.number("hamlet.siege.containers", 8);
  private static final int SEED = Siege.number("hamlet.siege.seed", 20_261_123);
  private static final String LEASE = System.getProperty("hamlet.siege.lease", "3s");

  /** A fault lasts so long at most, and longer only until it runs again. */
  private static final long MOST_NANOS = 2_000_000_000L;

  @TempDir static Path directory;
  private final Random chance = new Random(SEED);
  private final List<Blow> deck = new ArrayList<>();
  private final Set<Long> paused = new HashSet<>();
  private ContainerSiege siege;

  @RegisterExtension
  final AfterTestExecutionCallback evidence =
      context -> context.getExecutionException().ifPresent(e -> System.err.println(said()));

  private record Blow(boolean ofOwner, Fault fault) {}

  @BeforeAll
  void start() throws Exception {
    siege = new ContainerSiege(directory, LEASE);
  }

  @AfterAll
  void stop() {
    if (siege != null) {
      siege.close();
    }
  }

  private String said() {
    return siege.evidence();
  }

  @Test
  void oneContainerAtMostRunsItAndItIsRunAgain() throws Exception {
    LOG.info("{} rounds of seed {}", ROUNDS, SEED);
    for (int round = 1; round <= ROUNDS; round++) {
      strike(draw(), round);
      assertOneOwner();
    }
  }

  private void strike(Blow blow, int round) throws Exception {
    final long begin = System.nanoTime();
    String victim = victim(blow);
    Start web = siege.owner("");
    final Start loner = siege.claims("");
    if (blow.fault == Fault.PAUSED && loner.node().equals(victim)) {
      paused.add(loner.token());
    }
    siege.befall(victim, blow.fault);
    LockSupport.parkNanos(chance.nextLong(MOST_NANOS));
    // All that can befall one costs it the right to run.
    Start after = siege.owner(web.node().equals(victim) ? victim : "");
    siege.claims(loner.node().equals(victim) ? victim : "");
    siege.heal();
    for (Start before : List.of(web, loner)) {
      if (before.node().equals(victim)) {
        siege.awaitEnd(before);
      }
    }
    LOG.info(
        "round {}: {}, {}; the lock was on {}, then on {}; claims came from {}, then from {}, {} of"
            + " them too late so far; all well after {} ms",
        round,
        victim,
        blow.fault,
        web.node(),
        after.node(),
        loner.node(),
        siege.claims("").node(),
        siege.loner().refused().size(),
        (System.nanoTime() - begin) / 1_000_000);
  }

  /** Each that there is befalls an owner and another, before any comes again. */
  private Blow draw() {
    if (deck.isEmpty()) {
      Arrays.stream(Fault.values()).forEach(fault -> deck.add(new Blow(true, fault)));
      Arrays.stream(Fault.values()).forEach(fault -> deck.add(new Blow(false, fault)));
      Collections.shuffle(deck, chance);
    }
    return deck.removeLast();
  }

  /**
   * Who sleeps with its clock keeps a lock of this kernel, so nobody could have it elsewhere. So of
   * those paused the owner is whoever claims, and the lock is elsewhere.
   */
  private String victim(Blow blow) {
    String owner = siege.owner("").node();
    if (blow.ofOwner && blow.fault == Fault.PAUSED) {
      String claims = siege.claims("").node();
      if (owner.equals(claims)) {
        siege.move(other(owner));
      }
      return claims;
    }
    return blow.ofOwner ? owner : other(owner);
  }

  private String other(String than) {
    List<String> others =
        ContainerSiege.OWNERS.stream().filter(node -> !node.equals(than)).toList();
    return others.get(chance.nextInt(others.size()));
  }

  /**
   * Of the lock never two; and the store has refused nobody but who was paused and wrote as it woke
   * (ARCHITECTURE.md, what failed).
   */
  private void assertOneOwner() throws Exception {
    siege.web().assertOneOwner();
    assertThat(siege.loner().refused()).allMatch(late -> paused.contains(late.token()));
    assertThat(siege.web().starts()).noneMatch(s -> s.node().equals(ContainerSiege.WITNESS));
    assertThat(siege.loner().claims()).noneMatch(s -> s.node().equals(ContainerSiege.WITNESS));
  }

  /** In a container as an engine makes it by itself. */
  @Test
  void whoCannotWriteItsCgroupsIsAWitnessAndSaysWhy() throws Exception {
    String witness = ContainerSiege.WITNESS;
    assertThat(siege.status(witness))
        .contains("cgroup v2 is not writable")
        .contains("entities of a cluster are not run here");
    assertThatThrownBy(() -> siege.ham("a").cluster().move("web", witness))
        .isInstanceOf(HamException.Refused.class)
        .hasMessageContaining("'d' is taking none");

    Claimant guest = siege.claimant("guest");
    ClusterPolicy there = new ClusterPolicy(List.of(witness), ClusterPolicy.QuorumLoss.STOP, true);
    siege.ham("a").cluster().attach("guest", guest.command(), there);
    assertThat(guest.after(0).node()).isIn(ContainerSiege.OWNERS);
    assertOneOwner();
  }
}
