package io.hamlet.it.live;

import io.hamlet.it.live.SoleProgram.Start;
import io.hamlet.it.live.Wounds.Fault;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One thing after the other befalls a node at random: never two hold the lock of the program that
 * only one may run, each start has a higher token, and it runs again while two nodes are well. More
 * rounds: {@code -Dhamlet.siege=N}; others: {@code -Dhamlet.siege.seed=N}.
 */
class OwnerSiegeIT {
  private static final Logger LOG = LoggerFactory.getLogger(OwnerSiegeIT.class);
  private static final int ROUNDS = Siege.number("hamlet.siege", 30);
  private static final int SEED = Siege.number("hamlet.siege.seed", 20_261_121);
  private static final String LEASE = System.getProperty("hamlet.siege.lease", "3s");

  /** A fault lasts so long at most, and longer only until it runs again. */
  private static final long MOST_NANOS = 2_000_000_000L;

  @TempDir Path directory;
  private final Random chance = new Random(SEED);
  private final List<Blow> deck = new ArrayList<>();
  private Siege siege;

  @RegisterExtension
  final Evidence evidence = Evidence.ofAll(() -> siege == null ? null : siege.cluster());

  /** Whom something befalls. */
  private enum Victim {
    OWNER,
    LEADER,
    OWNER_THAT_LEADS,
    OTHER
  }

  private record Blow(Victim victim, Fault fault) {}

  @AfterEach
  void lift() {
    if (siege != null) {
      siege.close();
    }
  }

  @Test
  void oneNodeAtMostRunsItAndItIsRunAgain() throws Exception {
    Needs.hosts();
    LOG.info("{} rounds of seed {}", ROUNDS, SEED);
    siege = new Siege(directory, LEASE);
    for (int round = 1; round <= ROUNDS; round++) {
      strike(draw(), round);
    }
  }

  private void strike(Blow blow, int round) throws Exception {
    String victim = victim(blow.victim());
    final long begin = System.nanoTime();
    final Start before = siege.owner("");
    siege.befall(victim, blow.fault());
    LockSupport.parkNanos(chance.nextLong(MOST_NANOS));
    // Who is cut off on one side, or for a moment, may go on with it or not.
    boolean moves = Fault.FATAL.contains(blow.fault()) && before.node().equals(victim);
    Start after = siege.owner(moves ? victim : "");
    long ran = System.nanoTime() - begin;
    siege.heal();
    siege.program().assertOneOwner();
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
    String leader = siege.leader();
    String owner = siege.owner("").node();
    boolean leads = owner.equals(leader);
    return switch (kind) {
      case OWNER -> {
        if (leads) {
          owner = Siege.after(leader);
          siege.move(owner);
        }
        yield owner;
      }
      case LEADER -> {
        if (leads) {
          siege.move(Siege.after(leader));
        }
        yield leader;
      }
      case OWNER_THAT_LEADS -> {
        if (!leads) {
          siege.move(leader);
        }
        yield leader;
      }
      case OTHER -> Siege.after(leader).equals(owner) ? Siege.after(owner) : Siege.after(leader);
    };
  }
}
