package io.hamlet.it.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.core.model.Errand;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What one node has done by another is done once, or not at all, and the first node knows which.
 */
class ErrandTest {
  private static final long MILLI = 1_000_000L;
  private static final long SECOND = 1_000 * MILLI;
  private static final long HOURS = 7 * 3_600 * SECOND;
  private static final long GIVEN_UP = Errand.SPAN.plus(Errand.MARGIN).toNanos();
  private static final long REST = 30 * SECOND;
  private static final int SEEDS = Integer.getInteger("hamlet.sim.seeds", 300) / 4;

  @ParameterizedTest
  @ValueSource(longs = {1, 7 * 3_600, 90 * 86_400})
  void allIsDoneThereWhateverTheClockShows(long seconds) {
    TwoNodes nodes = new TwoNodes(SimBus.Fates.KIND, never(), never(), seconds * SECOND);
    nodes.raise();
    nodes.run(20 * MILLI);
    for (String kind : TwoNodes.KINDS) {
      assertThat(nodes.endings(kind)).as(kind).containsExactly("");
      assertThat(nodes.done(kind)).as(kind).isEqualTo(1);
    }
    nodes.run(REST);
    assertThat(nodes.faults()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void anyMessageMayBeLostDoubledOrLate(int burst) {
    long[][] fates = {{}, {0, 0}, {0, 3 * SECOND}, {50 * MILLI}, {0, GIVEN_UP}};
    int messages = messages(burst);
    assertThat(messages).isGreaterThan(5);
    for (int i = 0; i < messages; i++) {
      for (long[] fate : fates) {
        int one = i;
        SimBus.Fates fates1 = n -> n == one ? fate : new long[] {0};
        TwoNodes nodes = new TwoNodes(fates1, never(), never(), HOURS);
        nodes.raise(burst);
        nodes.run(REST);
        assertThat(nodes.faults()).as("message %d: %s", i, fate).isEmpty();
        for (String kind : TwoNodes.KINDS) {
          assertThat(nodes.endings(kind)).as("message %d", i).hasSize(burst).containsOnly("");
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void aMessageThatComesTooLateDoesNothing(int burst) {
    int messages = messages(burst);
    for (int i = 0; i < messages; i++) {
      int first = i;
      SimBus.Fates fates = n -> n >= first ? new long[] {GIVEN_UP - SECOND + MILLI} : new long[1];
      TwoNodes nodes = new TwoNodes(fates, never(), never(), HOURS);
      nodes.raise(burst);
      nodes.run(2 * REST);
      assertThat(nodes.faults()).as("from message %d on", i).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void theManagerThatAsksMayDieAnywhere(int burst) {
    everywhere(burst, true);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void theManagerThatIsAskedMayDieAnywhere(int burst) {
    everywhere(burst, false);
  }

  /** The first goes alone, and the rest with one message; each of the other kinds has its own. */
  @Test
  void pulsesThatWaitGoTogether() {
    assertThat(messages(4) - messages(1)).isEqualTo(2 + 3 * 2 * 2);
    assertThat(messages(40)).isEqualTo(messages(4) + 36 * 2 * 2);
  }

  @Test
  void cutOffUnseenOnlyTheAlternateRuns() {
    TwoNodes nodes = new TwoNodes(SimBus.Fates.KIND, never(), never(), HOURS);
    nodes.silent(true);
    nodes.raise();
    nodes.run(GIVEN_UP - MILLI);
    TwoNodes.KINDS.forEach(kind -> assertThat(nodes.alternates(kind)).isZero());
    nodes.run(100 * MILLI);
    nodes.silent(false);
    nodes.run(REST);
    assertThat(nodes.faults()).isEmpty();
    for (String kind : TwoNodes.KINDS) {
      assertThat(nodes.alternates(kind)).isEqualTo(1);
      assertThat(nodes.done(kind)).isZero();
    }
  }

  @Test
  void cutOffForAMomentItIsDoneAndOnlyIt() {
    TwoNodes nodes = new TwoNodes(SimBus.Fates.KIND, never(), never(), HOURS);
    nodes.silent(true);
    nodes.raise();
    nodes.run(2 * SECOND);
    nodes.silent(false);
    nodes.run(REST);
    assertThat(nodes.faults()).isEmpty();
    for (String kind : TwoNodes.KINDS) {
      assertThat(nodes.alternates(kind)).isZero();
      assertThat(nodes.done(kind)).isEqualTo(1);
    }
  }

  @Test
  void aNodeThatIsNotSeenIsNotWaitedFor() {
    TwoNodes nodes = new TwoNodes(SimBus.Fates.KIND, never(), never(), HOURS);
    nodes.apart(true);
    nodes.raise();
    nodes.run(20 * MILLI);
    for (String kind : TwoNodes.KINDS) {
      assertThat(nodes.endings(kind)).containsExactly("node 'b' is not reachable");
      assertThat(nodes.alternates(kind)).isEqualTo(1);
    }
    nodes.apart(false);
    nodes.run(REST);
    assertThat(nodes.faults()).isEmpty();
    nodes.raise();
    nodes.run(20 * MILLI);
    assertThat(nodes.faults()).isEmpty();
    assertThat(nodes.done("pulse")).isEqualTo(1);
  }

  /** Failed with alternates done when a pulse was due just after a second takeover. */
  @Test
  void whoHasJustTakenOverWaitsForOthersToShowThemselves() {
    TwoNodes nodes = new TwoNodes(SimBus.Fates.KIND, never(), never(), HOURS);
    nodes.apart(true);
    nodes.takeOver();
    nodes.raise();
    nodes.run(SECOND);
    for (String kind : TwoNodes.KINDS) {
      assertThat(nodes.endings(kind)).isEmpty();
    }
    nodes.apart(false);
    nodes.run(REST);
    assertThat(nodes.faults()).isEmpty();
    for (String kind : TwoNodes.KINDS) {
      assertThat(nodes.alternates(kind)).isZero();
      assertThat(nodes.done(kind)).isEqualTo(1);
    }
  }

  @Test
  void whoDoesNotShowItselfInTimeIsNotReachable() {
    TwoNodes nodes = new TwoNodes(SimBus.Fates.KIND, never(), never(), HOURS);
    nodes.apart(true);
    nodes.takeOver();
    nodes.raise();
    nodes.run(REST);
    assertThat(nodes.faults()).isEmpty();
    for (String kind : TwoNodes.KINDS) {
      assertThat(nodes.endings(kind)).hasSize(1);
      assertThat(nodes.alternates(kind)).isEqualTo(1);
    }
  }

  @Test
  void onARoughWayNothingIsDoneTwice() {
    int unknown = 0;
    int late = 0;
    for (long seed = 1; seed <= SEEDS; seed++) {
      Random random = new Random(seed);
      boolean[] rough = {true};
      SimBus.Fates fates = n -> rough[0] ? fate(random) : new long[] {0};
      CrashPoints ofA = new CrashPoints(n -> rough[0] && random.nextInt(100) == 0);
      CrashPoints ofB = new CrashPoints(n -> rough[0] && random.nextInt(100) == 0);
      TwoNodes nodes = new TwoNodes(fates, ofA, ofB, random.nextLong(HOURS));
      for (int i = 0; i < 10; i++) {
        nodes.silent(random.nextInt(4) == 0);
        nodes.raise(1 + random.nextInt(4));
        nodes.run(random.nextLong(3 * SECOND));
      }
      rough[0] = false;
      nodes.silent(false);
      nodes.run(2 * REST);
      assertThat(nodes.faults()).as("seed %d", seed).isEmpty();
      for (String kind : TwoNodes.KINDS) {
        for (String ending : nodes.endings(kind)) {
          unknown += ending.startsWith("outcome unknown") ? 1 : 0;
          late += ending.startsWith("expired") ? 1 : 0;
        }
      }
    }
    assertThat(unknown).as("rough enough").isPositive();
    assertThat(late).as("rough enough").isPositive();
  }

  private static long[] fate(Random random) {
    return switch (random.nextInt(8)) {
      case 0, 1 -> new long[0];
      case 2 -> new long[] {0, random.nextLong(8 * SECOND)};
      case 3 -> new long[] {random.nextLong(8 * SECOND)};
      default -> new long[] {0};
    };
  }

  private static void everywhere(int burst, boolean asking) {
    CrashPoints counted = never();
    TwoNodes calm =
        new TwoNodes(
            SimBus.Fates.KIND, asking ? counted : never(), asking ? never() : counted, HOURS);
    calm.raise(burst);
    calm.run(REST);
    assertThat(counted.count()).isGreaterThan(20);
    for (int i = 0; i < counted.count(); i++) {
      int one = i;
      CrashPoints points = new CrashPoints(n -> n == one);
      TwoNodes nodes =
          new TwoNodes(
              SimBus.Fates.KIND, asking ? points : never(), asking ? never() : points, HOURS);
      nodes.raise(burst);
      nodes.run(REST);
      String where = counted.name(i);
      assertThat(nodes.faults()).as("killed %s", where).isEmpty();
      for (String kind : TwoNodes.KINDS) {
        List<String> endings = nodes.endings(kind);
        long done = endings.stream().filter(String::isEmpty).count();
        assertThat(endings).as("killed %s", where).hasSize(burst);
        assertThat(nodes.done(kind)).as("killed %s", where).isEqualTo(done);
        // What comes while nobody acts there is for nobody.
        assertThat(endings).as("killed %s", where).first().isEqualTo("");
        assertThat(endings).as("killed %s", where).isSubsetOf("", "node 'b' is not reachable");
      }
    }
  }

  private static int messages(int burst) {
    TwoNodes nodes = new TwoNodes(SimBus.Fates.KIND, never(), never(), HOURS);
    nodes.raise(burst);
    nodes.run(REST);
    return nodes.messages();
  }

  private static CrashPoints never() {
    return new CrashPoints(n -> false);
  }
}
