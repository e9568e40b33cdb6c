package io.hamlet.agent.basic.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.agent.basic.conf.BasicConfig;
import io.hamlet.agent.basic.conf.BasicConfig.Source;
import io.hamlet.agent.basic.conf.Fault;
import io.hamlet.agent.basic.conf.Nodes;
import io.hamlet.agent.script.Raw;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One of several acts (sam.md 5.5, last point), without a cluster, a clock or a process. */
class OfficeTest {
  private static final String CHECKS =
      "[hosts]\ndb\n[local]\ncheck_db\nmine\n[node:n2]\nfar_db\n[ssh:s]\nthrough_db\n";
  private static final String ACTIONS = "[slave_to_master]\none\ntwo\nthree\n";
  private static final Set<String> ALL = Set.of("n1", "n2", "n3");

  /** What the cluster keeps, over all daemons of a test. */
  private final Map<String, Recorded> records = new HashMap<>();

  private final List<Deed> done = new ArrayList<>();
  private String actions = ACTIONS;
  private long mono;
  private BasicMachine machine;

  @BeforeEach
  void beginAsFollower() {
    begin("n1");
  }

  private void begin(String node) {
    List<Fault> faults = new ArrayList<>();
    List<Source> checks = List.of(new Source("c", CHECKS));
    List<Source> acts = List.of(new Source("a", actions));
    BasicConfig config =
        BasicConfig.read(new Nodes(node, ALL), checks, acts, n -> "", n -> "", faults);
    assertThat(faults).isEmpty();
    done.clear();
    machine = new BasicMachine(node, true, BasicState.NEW);
    done.addAll(machine.begin(config, now()));
    stand(false, "", ALL);
  }

  private Now now() {
    return new Now(mono, 1_000_000 + mono);
  }

  private void stand(boolean acts, String leader, Set<String> up) {
    Map<String, Recorded> found = acts ? Map.copyOf(records) : null;
    done.addAll(machine.standing(new Standing(acts, leader, up, found), now()));
  }

  private void lead(String node) {
    stand(true, node, ALL);
  }

  private void says(String output) {
    done.addAll(machine.report(new Report("check_db", "db", 0, "", output), now()));
  }

  private void says(String node, String scope, String check, Raw raw) {
    done.addAll(machine.heard(new Shared(node, check, scope, "db", raw, ""), now()));
  }

  /** The cluster keeps all that it was asked to. */
  private void keep() {
    for (Deed.Keep keep : taken(Deed.Keep.class)) {
      records.put(keep.host(), keep.record());
      done.addAll(machine.kept(keep.sequence(), keep.at(), now()));
    }
  }

  private <T extends Deed> List<T> taken(Class<T> kind) {
    List<T> found = done.stream().filter(kind::isInstance).map(kind::cast).toList();
    done.removeIf(kind::isInstance);
    return found;
  }

  private List<String> steps() {
    return done.stream()
        .filter(Deed.RunStep.class::isInstance)
        .map(d -> ((Deed.RunStep) d).words().getFirst())
        .toList();
  }

  private void end(int exit) {
    Deed.RunStep last = null;
    for (Deed deed : done) {
      last = deed instanceof Deed.RunStep step ? step : last;
    }
    done.addAll(machine.stepEnded(last.sequence(), last.at(), Raw.exited(exit, ""), now()));
  }

  private List<String> events() {
    return done.stream()
        .filter(Deed.Tell.class::isInstance)
        .map(d -> ((Deed.Tell) d).happening().event())
        .toList();
  }

  private String state() {
    return machine.state().hosts().getFirst().state();
  }

  private void dbBecomesMaster() {
    says("slave");
    says("master");
    done.addAll(machine.fired("db", "slave_to_master", now()));
  }

  private void amidTheSecondCommand() {
    lead("n1");
    dbBecomesMaster();
    keep();
    end(0);
    keep();
    assertThat(steps()).containsExactly("one", "two");
  }

  @Test
  void whoDoesNotLeadKnowsTheStateAndRunsNothing() {
    stand(false, "n2", ALL);
    dbBecomesMaster();
    assertThat(state()).isEqualTo("master");
    assertThat(machine.state().sequences()).isEmpty();
    assertThat(taken(Deed.Keep.class)).isEmpty();
    assertThat(taken(Deed.RunCheck.class))
        .extracting(c -> c.check().name())
        .containsExactly("check_db", "mine");
  }

  @Test
  void noCommandBeginsBeforeTheClusterKeepsThatItDoes() {
    lead("n1");
    dbBecomesMaster();
    assertThat(steps()).isEmpty();
    keep();
    assertThat(steps()).containsExactly("one");
    Sequence kept = records.get("db").sequences().getFirst();
    assertThat(kept.phase()).isEqualTo(Sequence.Phase.RUNNING);
    assertThat(kept.at()).isZero();
    end(0);
    assertThat(steps()).containsExactly("one");
    // Kept twice it begins once.
    List<Deed.Keep> again = List.copyOf(taken(Deed.Keep.class));
    again.forEach(k -> done.addAll(machine.kept(k.sequence(), k.at(), now())));
    again.forEach(k -> done.addAll(machine.kept(k.sequence(), k.at(), now())));
    assertThat(steps()).containsExactly("one", "two");
  }

  @Test
  void aChangeThatWaitsGoesToTheNextLeader() {
    lead("n1");
    says("slave");
    says("master");
    keep();
    assertThat(records.get("db").host().state()).isEqualTo("master");
    stand(false, "n2", ALL);
    begin("n2");
    lead("n2");
    keep();
    assertThat(steps()).containsExactly("one");
    assertThat(events()).doesNotContain("sequence-interrupted");
  }

  @Test
  void aChangeThatNobodyRecordedIsFoundAgain() {
    lead("n1");
    says("slave");
    keep();
    begin("n2");
    stand(false, "n1", ALL);
    says("slave");
    says("master");
    done.clear();
    lead("n2");
    assertThat(events()).contains("state-change");
    // The manager must have the old state before it can fire the change.
    assertThat(taken(Deed.Announce.class))
        .extracting(a -> a.sequence() != 0)
        .containsExactly(false, true);
    done.addAll(machine.fired("db", "slave_to_master", now()));
    keep();
    assertThat(steps()).containsExactly("one");
  }

  @Test
  void whatALostLeaderHadBegunIsToldOfAndNotRepeated() {
    amidTheSecondCommand();
    begin("n2");
    stand(true, "n2", Set.of("n2", "n3"));
    keep();
    assertThat(events()).contains("sequence-interrupted");
    assertThat(steps()).isEmpty();
    assertThat(state()).isEqualTo("master");
    assertThat(records.get("db").sequences()).isEmpty();
  }

  @Test
  void withResumeItGoesOnAtThatCommand() {
    actions = ACTIONS + "[options]\nresume=yes\n";
    begin("n1");
    amidTheSecondCommand();
    begin("n2");
    stand(true, "n2", Set.of("n2", "n3"));
    keep();
    end(0);
    keep();
    assertThat(steps()).containsExactly("two", "three");
  }

  @Test
  void aLeaderThatLivesEndsItsCommandAndHandsOverTheRest() {
    amidTheSecondCommand();
    BasicMachine first = machine;
    stand(false, "n2", ALL);
    List<Deed> ofFirst = new ArrayList<>(done);
    begin("n2");
    lead("n2");
    assertThat(taken(Deed.Look.class)).isNotEmpty();
    assertThat(steps()).isEmpty();
    // Meanwhile the other ends its command.
    Deed.RunStep two =
        (Deed.RunStep) ofFirst.stream().filter(Deed.RunStep.class::isInstance).toList().getLast();
    for (Deed deed : first.stepEnded(two.sequence(), two.at(), Raw.exited(0, ""), now())) {
      assertThat(deed).isNotInstanceOf(Deed.RunStep.class);
      if (deed instanceof Deed.Keep keep) {
        records.put(keep.host(), keep.record());
      }
    }
    lead("n2");
    keep();
    assertThat(steps()).containsExactly("three");
    assertThat(events()).doesNotContain("sequence-interrupted");
    end(0);
    keep();
    assertThat(events()).contains("sequence-done");
    assertThat(records.get("db").sequences()).isEmpty();
  }

  @Test
  void aDaemonThatNeverTellsOfItsCommandIsNotAwaitedForEver() {
    amidTheSecondCommand();
    begin("n2");
    lead("n2");
    assertThat(events()).doesNotContain("sequence-interrupted");
    mono += 60_000 + 5_000 + 10_000;
    lead("n2");
    assertThat(events()).contains("sequence-interrupted");
  }

  @Test
  void aFailureAfterTheOfficeIsLeftIsForTheNextLeaderToo() {
    actions = ACTIONS + "[failed]\nmail\n";
    begin("n1");
    amidTheSecondCommand();
    stand(false, "n2", ALL);
    end(1);
    keep();
    assertThat(steps()).containsExactly("one", "two");
    begin("n2");
    lead("n2");
    keep();
    assertThat(steps()).containsExactly("mail");
    assertThat(machine.state().hosts().getFirst().actionFailed()).isTrue();
  }

  @Test
  void whatWasNotKeptYetIsLeftWhenAnotherLeads() {
    lead("n1");
    dbBecomesMaster();
    List<Deed.Keep> late = taken(Deed.Keep.class);
    stand(false, "n2", ALL);
    late.forEach(k -> done.addAll(machine.kept(k.sequence(), k.at(), now())));
    assertThat(steps()).isEmpty();
    assertThat(events()).contains("sequence-left");
    assertThat(machine.state().sequences()).isEmpty();
  }

  @Test
  void whoseRecordWasOvertakenRunsNothing() {
    lead("n1");
    dbBecomesMaster();
    List<Deed.Keep> late = taken(Deed.Keep.class);
    done.addAll(machine.superseded("db", now()));
    late.forEach(k -> done.addAll(machine.kept(k.sequence(), k.at(), now())));
    assertThat(steps()).isEmpty();
    assertThat(events()).contains("sequence-left");
  }

  @Test
  void aDaemonThatDiedTellsOfItsOwnSequence() {
    amidTheSecondCommand();
    begin("n1");
    lead("n1");
    assertThat(events()).contains("sequence-interrupted");
    assertThat(steps()).isEmpty();
  }

  @Test
  void theOfficeComesBackAmidACommandAndNothingIsLost() {
    amidTheSecondCommand();
    stand(false, "", ALL);
    lead("n1");
    end(0);
    keep();
    assertThat(steps()).containsExactly("one", "two", "three");
    assertThat(events()).doesNotContain("sequence-interrupted");
  }

  @Test
  void resultsOfAllNodesCountAndADisagreementIsAConflict() {
    lead("n1");
    says("slave");
    says("n2", "local", "check_db", Raw.exited(0, "slave"));
    says("n3", "local", "check_db", Raw.exited(0, "slave"));
    says("n2", "local", "check_db", Raw.exited(0, "master"));
    assertThat(events()).contains("conflict");
    says("n2", "local", "check_db", Raw.exited(3, "nothing to see"));
    says("n3", "local", "check_db", Raw.exited(0, "master"));
    says("master");
    assertThat(events()).contains("conflict-over");
    assertThat(state()).isEqualTo("master");
  }

  @Test
  void whoCannotLookDoesNotContradictThoseWhoCan() {
    lead("n1");
    says("slave");
    says("n2", "local", "check_db", Raw.exited(0, "slave"));
    says("master");
    assertThat(events()).contains("conflict");
    for (int i = 0; i < 3; i++) {
      assertThat(state()).isEqualTo("slave");
      says("n2", "local", "check_db", Raw.exited(3, ""));
    }
    assertThat(state()).isEqualTo("master");
    // But if nobody can, nothing changes.
    for (int i = 0; i < 3; i++) {
      done.addAll(machine.report(new Report("check_db", "db", 3, "", ""), now()));
    }
    assertThat(state()).isEqualTo("master");
  }

  @Test
  void theWordOfALostNodeCountsNoMore() {
    lead("n1");
    says("n2", "local", "check_db", Raw.exited(0, "slave"));
    says("n1", "local", "check_db", Raw.exited(0, "slave"));
    says("master");
    assertThat(events()).contains("conflict");
    stand(true, "n1", Set.of("n1", "n3"));
    assertThat(events()).contains("check-silent", "conflict-over");
    assertThat(state()).isEqualTo("master");
  }

  @Test
  void aNodeScopeIsHeardFromItsNodeOnlyAndItsSilenceIsUnknown() {
    lead("n1");
    says("n3", "node:n2", "far_db", Raw.exited(0, "master"));
    assertThat(state()).isEqualTo("unknown");
    says("n2", "node:n2", "far_db", Raw.exited(0, "slave"));
    assertThat(state()).isEqualTo("slave");
    mono = machine.nextTick() + 100_000;
    done.addAll(machine.tick(now()));
    assertThat(events()).contains("scope-unreachable");
    assertThat(done.toString()).contains("the same files");
    assertThat(state()).isEqualTo("slave");
  }

  @Test
  void whyNobodyCanSayIsToldEachTimeItIsAnother() {
    lead("n1");
    says("n2", "node:n2", "far_db", Raw.timedOut(""));
    assertThat(events()).doesNotContain("scope-unreachable", "check-not-runnable");
    says("n2", "node:n2", "far_db", Raw.notStarted("no such file"));
    says("n2", "node:n2", "far_db", Raw.notStarted("no such file"));
    assertThat(events()).containsOnlyOnce("check-not-runnable");
  }

  @Test
  void checksThroughSshAreForTheOneThatActs() {
    assertThat(taken(Deed.RunCheck.class)).noneMatch(c -> c.check().name().equals("through_db"));
    says("n2", "ssh:s", "through_db", Raw.exited(0, "slave"));
    assertThat(state()).isEqualTo("slave");
    lead("n1");
    assertThat(taken(Deed.RunCheck.class)).anyMatch(c -> c.check().name().equals("through_db"));
  }

  @Test
  void aCheckWithoutAHostIsAboutTheNodeItRunsOn() {
    Raw here = Raw.exited(0, "STATE=fine");
    Shared other = new Shared("n3", "mine", "local", "n3", here, "");
    done.addAll(machine.heard(other, now()));
    assertThat(machine.state().hosts())
        .filteredOn(h -> h.state().equals("fine"))
        .extracting(HostState::host)
        .containsExactly("n3");
    // Of hosts and checks that are not known here nothing is taken.
    done.addAll(machine.heard(new Shared("n3", "mine", "local", "x", here, ""), now()));
    done.addAll(machine.heard(new Shared("n3", "x", "local", "db", here, ""), now()));
    assertThat(machine.state().hosts()).noneMatch(h -> h.host().equals("x"));
    assertThat(machine.state().checks()).noneMatch(c -> c.key().startsWith("x@"));
  }

  @Test
  void ofFilesThatDifferIsToldOnce() {
    Raw here = Raw.exited(0, "");
    for (int i = 0; i < 3; i++) {
      says("n3", "local", "mine", here);
      done.addAll(machine.heard(new Shared("n3", "x", "local", "db", here, ""), now()));
    }
    assertThat(done.toString()).contains("n3 has a check 'x' in [local]");
    assertThat(events()).containsOnlyOnce("files-differ");
  }

  @Test
  void whoSubmitsNeedsNoFiles() {
    says("n3", "", "x", Raw.exited(0, ""));
    assertThat(events()).doesNotContain("files-differ");
  }
}
