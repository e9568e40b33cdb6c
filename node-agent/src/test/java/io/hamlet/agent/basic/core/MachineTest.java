package io.hamlet.agent.basic.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hamlet.agent.basic.conf.BasicConfig;
import io.hamlet.agent.basic.conf.BasicConfig.Source;
import io.hamlet.agent.basic.conf.Fault;
import io.hamlet.agent.basic.conf.Nodes;
import io.hamlet.agent.script.Raw;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Status, changes and sequences (sam.md 5.5), without a clock or a process. */
class MachineTest {
  private static final String CHECKS = "[hosts]\nhost1\nhost2\n[local]\ncheck_host1\ncheck_host2\n";
  private static final String ACTIONS =
      """
      [slave_to_master]
      stopservice1
      unplumb
      plumb %MASTER%
      startservice1
      [master_to_slave]
      stopservice1
      unplumb
      """;

  private final List<Deed> done = new ArrayList<>();
  private long mono;
  private BasicMachine machine;

  private static BasicConfig config(String checks, String actions) {
    List<Fault> faults = new ArrayList<>();
    BasicConfig config =
        BasicConfig.read(
            Nodes.alone("here"),
            List.of(new Source("c", checks)),
            List.of(new Source("a", actions)),
            name -> "",
            name -> "",
            faults);
    assertThat(faults).isEmpty();
    return config;
  }

  private void begin(String checks, String actions) {
    begin(checks, actions, BasicState.NEW);
  }

  private void begin(String checks, String actions, BasicState before) {
    machine = new BasicMachine("here", false, before);
    done.addAll(machine.begin(config(checks, actions), now()));
  }

  private Now now() {
    return new Now(mono, 1_000_000 + mono);
  }

  /** Submits a result, as the runner's would come. */
  private void says(String host, int exit, String output) {
    done.addAll(machine.report(new Report("check_" + host, host, exit, "", output), now()));
  }

  private void fire(String host, String section) {
    done.addAll(machine.fired(host, section, now()));
  }

  private <T extends Deed> List<T> all(Class<T> kind) {
    return done.stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  private List<String> events() {
    return all(Deed.Tell.class).stream().map(t -> t.happening().event()).toList();
  }

  private List<List<String>> steps() {
    return all(Deed.RunStep.class).stream().map(Deed.RunStep::words).toList();
  }

  private void end(int exit) {
    Deed.RunStep last = all(Deed.RunStep.class).getLast();
    done.addAll(machine.stepEnded(last.sequence(), last.at(), Raw.exited(exit, ""), now()));
  }

  private HostState host(String name) {
    return machine.state().hosts().stream()
        .filter(h -> h.host().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private void slaveBecomesMaster() {
    says("host1", 0, "master");
    says("host2", 0, "slave");
    says("host1", 2, "");
    says("host2", 0, "master");
  }

  @Test
  void theFirstStateIsAChangeFromUnknownAndRunsNothing() {
    begin(CHECKS, ACTIONS + "[*_to_*]\nx\n");
    says("host1", 0, "master");
    assertThat(host("host1").state()).isEqualTo("master");
    assertThat(events()).containsOnlyOnce("state-change");
    assertThat(all(Deed.Announce.class)).singleElement().extracting("sequence").isEqualTo(0L);
    assertThat(machine.state().sequences()).isEmpty();
  }

  @Test
  void unknownMatchesOnlyWhereItIsNamed() {
    begin(CHECKS, "[unknown_to_*]\nx\n");
    says("host1", 0, "up");
    assertThat(machine.state().sequences()).hasSize(1);
  }

  @Test
  void nothingRunsBeforeAChangeIsBelieved() {
    begin(CHECKS + "[options]\nattempts=3\n", ACTIONS);
    for (int i = 0; i < 3; i++) {
      says("host2", 0, "slave");
    }
    says("host2", 0, "master");
    says("host2", 0, "master");
    says("host2", 3, "");
    says("host2", 0, "master");
    says("host2", 0, "master");
    says("host2", 0, "slave");
    says("host2", 0, "master");
    says("host2", 0, "master");
    assertThat(host("host2").state()).isEqualTo("slave");
    assertThat(machine.state().sequences()).isEmpty();
    says("host2", 0, "master");
    assertThat(host("host2").state()).isEqualTo("master");
    assertThat(machine.state().sequences()).hasSize(1);
  }

  @Test
  void unknownChangesNothingAndIsAnAlertAfterThree() {
    begin(CHECKS, ACTIONS);
    says("host1", 0, "master");
    says("host1", 3, "slave");
    says("host1", 77, "slave");
    assertThat(events()).doesNotContain("check-unknown");
    says("host1", 137, "slave");
    says("host1", 3, "slave");
    assertThat(host("host1").state()).isEqualTo("master");
    assertThat(events()).containsOnlyOnce("check-unknown");
  }

  @Test
  void commandsRunStrictlyInOrderOnceTheManagerFired() {
    begin(CHECKS, ACTIONS);
    slaveBecomesMaster();
    assertThat(steps()).isEmpty();
    fire("host2", "*_to_master");
    fire("host1", "slave_to_master");
    assertThat(steps()).isEmpty();
    fire("host2", "slave_to_master");
    assertThat(steps()).containsExactly(List.of("stopservice1"));
    end(0);
    end(0);
    assertThat(steps().getLast()).containsExactly("plumb", "host2");
    end(0);
    end(0);
    assertThat(steps()).hasSize(4);
    assertThat(events()).contains("sequence-done");
    assertThat(machine.state().sequences()).isEmpty();
    assertThat(all(Deed.RunStep.class).getFirst().environment())
        .containsEntry("HAM_MASTER", "host2")
        .containsEntry("HAM_FROM", "slave")
        .containsEntry("HAM_CHECK", "check_host2")
        .containsEntry("HAM_NODE", "here");
  }

  @Test
  void aStateIsSavedBeforeItIsAnnouncedAndBeforeEachCommand() {
    begin(CHECKS, ACTIONS);
    slaveBecomesMaster();
    fire("host2", "slave_to_master");
    end(0);
    for (int i = 0; i < done.size(); i++) {
      if (done.get(i) instanceof Deed.RunStep || done.get(i) instanceof Deed.Announce) {
        assertThat(done.get(i - 1)).isEqualTo(new Deed.Save(true));
      }
    }
  }

  @Test
  void aFailureSkipsTheRestFlagsTheHostAndRunsTheFailureSection() {
    begin(CHECKS, ACTIONS + "[failed:slave_to_master]\nmail %HOST%\n[failed]\nother\n");
    slaveBecomesMaster();
    fire("host2", "slave_to_master");
    end(0);
    end(1);
    assertThat(steps())
        .containsExactly(List.of("stopservice1"), List.of("unplumb"), List.of("mail", "host2"));
    assertThat(host("host2").actionFailed()).isTrue();
    end(1);
    assertThat(steps()).hasSize(3);
    assertThat(machine.state().sequences()).isEmpty();
    says("host2", 0, "slave");
    assertThat(host("host2").actionFailed()).isFalse();
  }

  @Test
  void theGeneralFailureSectionServesAllOthers() {
    begin(CHECKS, ACTIONS + "[failed]\nother\n");
    slaveBecomesMaster();
    fire("host2", "slave_to_master");
    end(7);
    assertThat(steps().getLast()).containsExactly("other");
  }

  @Test
  void aDashIgnoresAFailureAndContinueGoesOn() {
    begin(CHECKS, "[slave_to_master]\n-a\nb\nc\n[options]\non_failure=continue\n");
    slaveBecomesMaster();
    fire("host2", "slave_to_master");
    end(1);
    assertThat(events()).doesNotContain("action-failed");
    end(1);
    end(0);
    assertThat(steps()).containsExactly(List.of("a"), List.of("b"), List.of("c"));
    assertThat(host("host2").actionFailed()).isTrue();
  }

  @Test
  void anUnresolvedMasterRunsNothingAndSaysSo() {
    begin(CHECKS, "[slave_to_down]\nfirst\nplumb %MASTER%\n");
    says("host2", 0, "slave");
    says("host2", 2, "");
    fire("host2", "slave_to_down");
    assertThat(events()).contains("variable-unresolved");
    assertThat(steps()).isEmpty();
    assertThat(machine.state().sequences()).isEmpty();
  }

  @Test
  void ofSeveralMastersTheFirstInTheFilesIsTakenAndThatIsSaid() {
    begin(CHECKS, "[slave_to_master]\nplumb %MASTER% %MASTERS%\n");
    says("host2", 0, "slave");
    says("host1", 0, "master");
    says("host2", 0, "master");
    fire("host2", "slave_to_master");
    assertThat(events()).contains("several-candidates");
    assertThat(steps()).containsExactly(List.of("plumb", "host1", "host1 host2"));
  }

  @Test
  void checksThatDisagreeAreAConflictInWhichNothingRuns() {
    begin("[hosts]\nhost2\n[local]\na_host2\nb_host2\nping_host2\n", ACTIONS + "[*_to_*]\nx\n");
    for (String check : List.of("a_host2", "b_host2")) {
      done.addAll(machine.report(new Report(check, "", 0, "slave", ""), now()));
    }
    done.addAll(machine.report(new Report("ping_host2", "", 0, "", "fine"), now()));
    assertThat(host("host2").shown()).isEqualTo("slave");
    done.addAll(machine.report(new Report("a_host2", "", 0, "master", ""), now()));
    assertThat(host("host2").shown()).isEqualTo("conflict");
    assertThat(events()).contains("conflict");
    assertThat(machine.state().sequences()).isEmpty();
    done.addAll(machine.report(new Report("b_host2", "", 0, "master", ""), now()));
    assertThat(host("host2").shown()).isEqualTo("master");
    assertThat(machine.state().sequences()).singleElement().extracting("from").isEqualTo("slave");
  }

  @Test
  void whileASequenceRunsOnlyTheNewestChangeOfItsHostWaits() {
    begin(CHECKS, ACTIONS + "[master_to_down]\nd\n[down_to_slave]\ns\n");
    slaveBecomesMaster();
    fire("host2", "slave_to_master");
    says("host2", 2, "");
    fire("host2", "master_to_down");
    says("host2", 0, "slave");
    fire("host2", "down_to_slave");
    assertThat(events()).contains("sequence-superseded");
    assertThat(steps()).hasSize(1);
    for (int i = 0; i < 4; i++) {
      end(0);
    }
    // It leads back to where the first began, and runs all the same.
    assertThat(steps().getLast()).containsExactly("s");
  }

  @Test
  void sequencesRunOneAtATimeUnlessMoreHostsAreAllowed() {
    twoAtOnce("");
    assertThat(steps()).hasSize(1);
    end(0);
    assertThat(steps()).hasSize(2);
    done.clear();
    twoAtOnce("[options]\nmax_parallel_hosts=2\n");
    assertThat(steps()).hasSize(2);
  }

  private void twoAtOnce(String options) {
    begin(CHECKS, "[slave_to_master]\nx\n" + options);
    for (String host : List.of("host1", "host2")) {
      says(host, 0, "slave");
      says(host, 0, "master");
      fire(host, "slave_to_master");
    }
  }

  @Test
  void whatTheManagerDoesNotFireIsGivenUp() {
    begin(CHECKS, ACTIONS);
    slaveBecomesMaster();
    mono = Sequences.PATIENCE;
    done.addAll(machine.tick(now()));
    fire("host2", "slave_to_master");
    assertThat(events()).contains("sequence-not-fired");
    assertThat(steps()).isEmpty();
  }

  @Test
  void aRestartMakesNoFalseChangeAndDoesNotRepeatWhatWasCutOff() {
    begin(CHECKS, ACTIONS);
    slaveBecomesMaster();
    fire("host2", "slave_to_master");
    end(0);
    BasicState before = machine.state();
    done.clear();
    begin(CHECKS, ACTIONS, before);
    says("host2", 0, "master");
    assertThat(events()).contains("sequence-interrupted").doesNotContain("state-change");
    assertThat(
            all(Deed.Tell.class).stream()
                .map(t -> t.happening().text())
                .filter(t -> t.contains("cut off")))
        .singleElement()
        .asString()
        .contains("command 2, unplumb");
    assertThat(steps()).isEmpty();
    assertThat(machine.state().sequences()).isEmpty();
  }

  @Test
  void withResumeItGoesOnWhereItWasCutOff() {
    String actions = ACTIONS + "[options]\nresume=yes\n";
    begin(CHECKS, actions);
    slaveBecomesMaster();
    fire("host2", "slave_to_master");
    end(0);
    BasicState before = machine.state();
    done.clear();
    begin(CHECKS, actions, before);
    assertThat(steps()).containsExactly(List.of("unplumb"));
    end(0);
    end(0);
    end(0);
    assertThat(events()).contains("sequence-done");
  }

  @Test
  void aCheckNeverRunsTwiceAtOnceAndAReplacedOneHarmsNobody() {
    begin(CHECKS, ACTIONS);
    List<Deed.RunCheck> first = all(Deed.RunCheck.class);
    assertThat(first).hasSize(2);
    mono = 60_000;
    done.clear();
    done.addAll(machine.tick(now()));
    assertThat(all(Deed.RunCheck.class)).isEmpty();
    done.addAll(
        machine.configure(config("[hosts]\nhost2\n[local]\ncheck_host2\n", ACTIONS), now()));
    Deed.RunCheck gone = first.getFirst();
    Raw late = Raw.exited(0, "master");
    done.addAll(machine.checkEnded(gone.check().key(), gone.run(), late, now()));
    assertThat(machine.state().hosts()).extracting(HostState::host).containsExactly("host2");
    Deed.RunCheck kept = first.getLast();
    done.addAll(machine.checkEnded(kept.check().key(), kept.run() + 99, late, now()));
    assertThat(host("host2").state()).isEqualTo("unknown");
    done.addAll(machine.checkEnded(kept.check().key(), kept.run(), late, now()));
    assertThat(host("host2").state()).isEqualTo("master");
    assertThat(all(Deed.RunCheck.class)).hasSize(1);
  }

  @Test
  void anybodyMaySubmitForAKnownHostOnly() {
    begin(CHECKS, ACTIONS);
    done.addAll(machine.report(new Report("outside", "host1", 0, "slave", "x"), now()));
    assertThat(host("host1").state()).isEqualTo("slave");
    assertThatThrownBy(
            () -> machine.report(new Report("outside", "nobody", 0, "slave", "x"), now()))
        .hasMessageContaining("nobody");
  }
}
