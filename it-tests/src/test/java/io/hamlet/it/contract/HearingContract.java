package io.hamlet.it.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.core.lease.LeaseTimes;
import io.hamlet.core.lease.VoterSet;
import io.hamlet.it.TestAbreast;
import io.hamlet.manager.lease.LeaseDesk;
import io.hamlet.manager.lease.LeaseKey;
import io.hamlet.manager.port.Hearing;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;

/** What lease datagrams do, whatever carries them. */
abstract class HearingContract {
  static final LeaseTimes TIMES = LeaseTimes.DEFAULT;
  static final LeaseKey KEY = LeaseKey.of(new byte[0], "contract");
  private static final VoterSet THREE = new VoterSet(3, List.of("a", "b", "c"));

  /** One manager, and how to end it as a kill would. */
  interface Manager {
    LeaseDesk desk();

    void kill() throws Exception;
  }

  /** Starts a manager that hears. */
  protected abstract Manager start(
      String node, LeaseKey key, Hearing.Listener listener, List<String> notices) throws Exception;

  /** What one node says by itself does not reach the other any more. */
  protected abstract void cut(String from, String to);

  protected abstract void heal();

  /** Lets time pass until it is so; fails if that never comes. */
  protected abstract void until(String awaited, Callable<Boolean> fact) throws Exception;

  private final Map<String, Manager> hams = new LinkedHashMap<>();
  private final List<String> told = new CopyOnWriteArrayList<>();
  private final List<String> notices = new CopyOnWriteArrayList<>();

  private Manager ham(String node, long incarnation, VoterSet set) throws Exception {
    Manager manager = start(node, KEY, new Told(node), notices);
    manager.desk().voters(set);
    manager.desk().reign(incarnation, 1);
    manager.desk().ready();
    manager.desk().watch(new TreeMap<>(Map.of("a", TIMES, "b", TIMES, "c", TIMES)));
    hams.put(node, manager);
    return manager;
  }

  private Manager guardian(String node) throws Exception {
    Manager manager = start(node, KEY, new Told(node + "/guardian"), notices);
    manager.desk().voters(THREE);
    manager.desk().guard(1);
    return manager;
  }

  final void three() throws Exception {
    for (String node : THREE.voters()) {
      ham(node, 1, THREE);
    }
    for (String node : THREE.voters()) {
      until(node + " holds its lease", () -> holds(node));
    }
    for (String node : THREE.voters()) {
      for (String other : THREE.voters()) {
        until(node + " hears " + other, () -> desk(node).heardUnder(other, 1));
      }
    }
  }

  final LeaseDesk desk(String node) {
    return hams.get(node).desk();
  }

  final List<String> told() {
    return told;
  }

  private boolean holds(String node) {
    return desk(node).lease().mayStart(now(node));
  }

  /** CLOCK_BOOTTIME of that node. */
  protected abstract long now(String node);

  private void kill(String node) throws Exception {
    hams.remove(node).kill();
  }

  /** Until two renewals of that node have been heard, so that anything before them has worked. */
  private void hearTwice(String at, String node) throws Exception {
    for (int i = 0; i < 2; i++) {
      long number = desk(at).hearing().voice(node).hamNumber();
      until(
          at + " hears a renewal of " + node,
          () -> desk(at).hearing().voice(node).hamNumber() > number);
    }
  }

  @TestAbreast
  void allHearEachOtherAndHoldTheirLease() throws Exception {
    three();
    assertThat(desk("a").silentNanos("b")).isLessThan(TIMES.leaseNanos());
    assertThat(desk("a").silentNanos("nobody")).isEqualTo(Long.MAX_VALUE);
    assertThat(desk("a").clockOf("nobody")).isEqualTo(Long.MIN_VALUE);
    assertThat(told).isEmpty();
  }

  @TestAbreast
  void theClockOfAnotherIsNeverThoughtLaterThanItIs() throws Exception {
    three();
    for (int i = 0; i < 5; i++) {
      hearTwice("a", "b");
      long thought = desk("a").clockOf("b");
      assertThat(thought).isPositive().isLessThanOrEqualTo(now("b"));
      assertThat(now("b") - thought).isLessThan(60_000_000_000L);
    }
  }

  @TestAbreast
  void whoIsKilledIsToldSilentOnceByEach() throws Exception {
    three();
    kill("c");
    until("a and b tell", () -> told.contains("a: c 1 silent") && told.contains("b: c 1 silent"));
    hearTwice("a", "b");
    hearTwice("b", "a");
    assertThat(told).containsExactlyInAnyOrder("a: c 1 silent", "b: c 1 silent");
    assertThat(desk("a").suspects("c")).isTrue();
    assertThat(desk("a").heardUnder("c", 1)).isFalse();
    assertThat(holds("a") && holds("b")).isTrue();
  }

  @TestAbreast
  void aHintAboutTheLivingIsWithdrawnByTheirAnswer() throws Exception {
    three();
    desk("a").gone("b");
    hearTwice("a", "b");
    hearTwice("a", "c");
    assertThat(told).isEmpty();
    assertThat(desk("a").suspects("b")).isFalse();
  }

  @TestAbreast
  void aHintAboutTheDeadIsBelieved() throws Exception {
    three();
    kill("c");
    desk("a").gone("c");
    until("a tells", () -> told.contains("a: c 1 silent"));
    until("b tells of itself", () -> told.contains("b: c 1 silent"));
    assertThat(told).hasSize(2);
  }

  @TestAbreast
  void theGuardianAloneIsEnough() throws Exception {
    three();
    Manager guardian = guardian("c");
    until("a hears the Guardian", () -> desk("a").hearing().voice("c").guardian() > 0);
    kill("c");
    long number = desk("a").hearing().voice("c").guardianNumber();
    until(
        "the Guardian is heard for two leases",
        () -> desk("a").hearing().voice("c").guardianNumber() > number + 2 * TIMES.leaseNanos());
    assertThat(told).isEmpty();
    guardian.kill();
    until("a and b tell", () -> told.size() == 2);
  }

  @TestAbreast
  void aGuardianThatTakesOverHoldsTheLease() throws Exception {
    three();
    Manager guardian = guardian("c");
    until("a hears the Guardian", () -> desk("a").hearing().voice("c").guardian() > 0);
    kill("c");
    guardian.desk().reign(1, 2);
    guardian.desk().ready();
    hams.put("c", guardian);
    until("c holds its lease", () -> holds("c"));
    assertThat(desk("a").hearing().voice("c").epoch()).isEqualTo(2);
    assertThat(told).isEmpty();
  }

  @TestAbreast
  void silenceIsNoticedByDirection() throws Exception {
    three();
    cut("c", "a");
    until("a tells", () -> told.contains("a: c 1 silent"));
    hearTwice("c", "a");
    hearTwice("b", "c");
    assertThat(told).containsExactly("a: c 1 silent");
    assertThat(holds("c")).isTrue();
    heal();
    until("a hears it", () -> told.contains("a: c 1 heard"));
    assertThat(desk("a").heardUnder("c", 1)).isTrue();
  }

  @TestAbreast
  void whoIsHeardUnderANewIncarnationIsToldSo() throws Exception {
    three();
    kill("c");
    until("a tells", () -> told.contains("a: c 1 silent"));
    ham("c", 2, THREE);
    until("a hears it", () -> told.contains("a: c 2 heard"));
    assertThat(desk("a").heardUnder("c", 2)).isTrue();
    assertThat(desk("a").heardUnder("c", 1)).isFalse();
  }

  @TestAbreast
  void withoutAMajorityTheLeaseEndsAndComesBackWithIt() throws Exception {
    three();
    kill("b");
    kill("c");
    until("a's lease is over", () -> !desk("a").lease().holds(now("a")));
    ham("b", 2, THREE);
    until("a holds it again", () -> holds("a"));
  }

  @TestAbreast
  void whoIsFencedHoldsNoLeaseAndIsHeard() throws Exception {
    three();
    for (String node : THREE.voters()) {
      desk(node).fence("c", 1);
    }
    until("c knows", () -> desk("c").lease().fenced());
    assertThat(desk("c").lease().holds(now("c"))).isFalse();
    hearTwice("a", "c");
    assertThat(told).isEmpty();
    desk("c").reign(2, 1);
    until("c holds a lease again", () -> holds("c"));
  }

  @TestAbreast
  void whoDoesNotVoteLearnsTheNewSetFromTheVoters() throws Exception {
    three();
    ham("d", 1, THREE);
    until("d holds a lease", () -> holds("d"));
    VoterSet two = new VoterSet(9, List.of("a", "b"));
    desk("a").voters(two);
    desk("b").voters(two);
    until("d counts with it", () -> desk("d").lease().set().equals(two));
    long number = desk("d").lease().number();
    until(
        "d holds a lease by it",
        () ->
            desk("d").lease().number() > number
                && desk("d").lease().open().getFirst().set().equals(two)
                && holds("d"));
  }

  @TestAbreast
  void strangersAreNotHeardAndSaidOnce() throws Exception {
    three();
    Manager stranger = start("c", LeaseKey.of(new byte[32], "contract"), new Told("x"), notices);
    stranger.desk().voters(THREE);
    stranger.desk().reign(99, 1);
    until("somebody says so", () -> notices.stream().anyMatch(n -> n.contains("another key")));
    hearTwice("a", "c");
    assertThat(desk("a").hearing().voice("c").incarnation()).isEqualTo(1);
    stranger.kill();
  }

  /** Keeps what was told. */
  private final class Told implements Hearing.Listener {
    private final String by;

    Told(String by) {
      this.by = by;
    }

    @Override
    public void silent(String node, long incarnation) {
      told.add(by + ": " + node + " " + incarnation + " silent");
    }

    @Override
    public void heardAgain(String node, long incarnation) {
      told.add(by + ": " + node + " " + incarnation + " heard");
    }
  }
}
