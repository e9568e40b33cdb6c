package io.hamlet.it.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.client.ConditionSpec;
import io.hamlet.client.Proof;
import io.hamlet.client.Status;
import io.hamlet.it.live.SoleProgram.Start;
import io.hamlet.it.live.Wounds.Fault;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * The table "what failed" of ARCHITECTURE.md, cell by cell: a class for each row, in it a method
 * for each column. The first of a row brings it about, the last has it undone.
 */
class WhatFailedIT {
  /** On a busy machine a takeover may take longer than one of the default length has left. */
  private static final Duration LEASE = Duration.ofSeconds(6);

  @TempDir static Path directory;
  private static Stakes stakes;

  @RegisterExtension
  static final Evidence EVIDENCE =
      Evidence.ofAll(() -> stakes == null ? null : stakes.siege().cluster());

  @BeforeAll
  static void start() throws Exception {
    Needs.hosts();
    stakes = new Stakes(directory, LEASE.toSeconds() + "s");
  }

  @AfterAll
  static void stop() {
    if (stakes != null) {
      stakes.siege().close();
    }
  }

  /** In the order of their names: what the cluster runs, what a node runs, the state. */
  @TestInstance(TestInstance.Lifecycle.PER_CLASS)
  @TestMethodOrder(MethodOrderer.MethodName.class)
  abstract static class Row {
    /** Three nodes: who suffers, and the others. */
    String x;

    String y;
    String z;
    Map<String, String> tree;
    long own;

    /** A launcher that has lost both managers a third time within a minute holds effects. */
    void begin(String victim) throws Exception {
      x = victim;
      y = Siege.after(x);
      z = Siege.after(y);
      stakes.heal();
      own = stakes.own(x);
      tree = stakes.tree(x);
      stakes.forgetTold();
    }

    /**
     * The same.
     *
     * @param places of web, loner and kept by the letters of the nodes, such as {@code xzz}
     * @return who runs web
     */
    Start begin(String victim, String places) throws Exception {
      begin(victim);
      return place(places);
    }

    Start place(String places) throws Exception {
      List<String> nodes = places.chars().mapToObj(c -> List.of(x, y, z).get(c - 'x')).toList();
      stakes.place(nodes.get(0), nodes.get(1), nodes.get(2));
      return stakes.siege().owner("");
    }

    /** What the node runs by itself is recovered there. */
    void assertRecovered(String node) throws Exception {
      long before = stakes.own(node);
      Proc.signal("KILL", before);
      stakes.ownAfter(node, before);
    }

    /** Nobody has ended what ran, so nobody may start it elsewhere sooner. */
    void assertLeaseIsOver(long blow) {
      assertThat(Duration.ofNanos(System.nanoTime() - blow)).isGreaterThan(LEASE);
    }

    /** What the node runs was not touched. */
    void assertOwnRunsOn() throws Exception {
      assertThat(Proc.isAlive(own)).isTrue();
      assertThat(stakes.own(x)).isEqualTo(own);
    }

    @AfterAll
    void undo() throws Exception {
      stakes.heal();
      stakes.siege().program().assertOneOwner();
    }
  }

  @Nested
  class AnEntity extends Row {
    @Test
    void clusterScopeIsRestartedThereAndElsewhereWhenItsBudgetIsSpent() throws Exception {
      begin("c", "zxz");
      Start first = stakes.loner().on(x);
      Proc.signal("KILL", first.pid());
      Start second = stakes.loner().after(first.token());
      assertThat(second.node()).isEqualTo(x);
      Proc.signal("KILL", second.pid());
      Start third = stakes.loner().after(second.token());
      assertThat(third.node()).isNotEqualTo(x);
      assertThat(Handover.why(stakes.node(third.node()), "loner"))
          .isEqualTo("out of restarts for it on " + x);
      stakes.star(x).named("loner").resume();
    }

    @Test
    void nodeScopeIsRestartedByItsOwnAction() throws Exception {
      final long deaths = stakes.node(x).object("own").deaths();
      assertRecovered(x);
      assertThat(stakes.node(x).object("own").deaths()).isEqualTo(deaths + 1);
    }

    @Test
    void stateIsKept() throws Exception {
      assertThat(stakes.tree(x).keySet()).isEqualTo(tree.keySet());
    }
  }

  @Nested
  class AHamOrAGuardian extends Row {
    private String digest;

    @Test
    void clusterScopeIsUntouched() throws Exception {
      begin("c", "xxx");
      LiveNode node = stakes.node(x);
      final Start web = stakes.siege().owner("");
      final Start kept = stakes.kept().on(x);
      digest = node.ham().statusWithDigest().digest();
      Until.isTrue("a Guardian stands guard", () -> node.guardianPid() != 0);
      long guardian = node.guardianPid();
      node.kill(List.of(node.hamPid()));
      Until.isTrue("its Guardian acts", () -> node.hamPid() == guardian);
      Until.isTrue("another stands guard", () -> node.guardianPid() != 0);
      long next = node.guardianPid();
      node.kill(List.of(next));
      Until.isTrue("and yet another", () -> node.guardianPid() != 0 && node.guardianPid() != next);
      assertThat(stakes.siege().program().running()).isEqualTo(web);
      assertThat(stakes.kept().on(x)).isEqualTo(kept);
    }

    @Test
    void nodeScopeIsUntouched() throws Exception {
      assertOwnRunsOn();
    }

    @Test
    void stateIsKeptExactly() throws Exception {
      assertThat(stakes.node(x).ham().statusWithDigest().digest()).isEqualTo(digest);
    }
  }

  @Nested
  class BothKilledOrFrozen extends Row {
    @Test
    void clusterScopeIsStoppedByTheLeashAndRunsElsewhere() throws Exception {
      Start first = begin("a", "xzz");
      stakes.node(x).kill(stakes.node(x).managers());
      stakes.webElsewhere(first, Proof.OBITUARY);
      stakes.heal();
      Start again = place("xzz");
      List<Long> frozen = stakes.node(x).pair();
      stakes.freeze(x);
      stakes.webElsewhere(again);
      for (long pid : frozen) {
        Until.isTrue("the leash has ended " + pid, () -> !Proc.isAlive(pid));
      }
      // On a busy machine its word may come after the lease, which is then proof enough.
      Until.isTrue(
          "the leash has said so",
          () -> Handover.losses(stakes.node(y), x).getLast().equals("proof obituary"));
    }

    @Test
    void nodeScopeRunsOnAndIsAdoptedAgain() throws Exception {
      assertThat(Proc.isAlive(own)).isTrue();
      stakes.heal();
      assertOwnRunsOn();
    }

    @Test
    void stateIsKept() throws Exception {
      assertThat(stakes.tree(x)).isEqualTo(tree);
    }
  }

  @Nested
  class BothAndTheLeash extends Row {
    private Start first;

    /** With {@code fencing required} it would wait: BailiffTest. */
    @Test
    void clusterScopeRunsElsewhereAfterTheLeaseAndMayOverlap() throws Exception {
      begin("c", "zxz");
      first = stakes.loner().on(x);
      long blow = System.nanoTime();
      stakes.kill(x, stakes.keepers(x));
      Start second = stakes.loner().after(first.token());
      assertLeaseIsOver(blow);
      assertThat(second.node()).isNotEqualTo(x);
      stakes.assertProved("loner", first, second, Proof.LEASE);
      assertThat(Proc.isAlive(first.pid())).as("nobody was left to end it").isTrue();
      Until.isTrue("the store refuses who is old", () -> stakes.loner().refused().contains(first));
    }

    @Test
    void nodeScopeRunsOn() throws Exception {
      assertThat(Proc.isAlive(own)).isTrue();
      stakes.node(x).launch();
      stakes.heal();
      assertOwnRunsOn();
      assertThat(Proc.isAlive(first.pid())).as("the next pair ends what is left").isFalse();
    }

    @Test
    void stateIsKept() throws Exception {
      assertThat(stakes.tree(x)).isEqualTo(tree);
    }
  }

  @Nested
  class AWholeNode extends Row {
    @Test
    void clusterScopeRunsElsewhere() throws Exception {
      Start first = begin("c", "xzz");
      List<Long> all = new ArrayList<>(stakes.keepers(x));
      all.addAll(List.of(own, first.pid()));
      stakes.kill(x, all);
      stakes.webElsewhere(first, Proof.LEASE);
    }

    @Test
    void nodeScopeIsToldOfElsewhereAndRestartedOnReturn() throws Exception {
      Until.isTrue("it is told", () -> !stakes.told().isEmpty());
      assertThat(stakes.told()).as("once").containsOnlyOnce(x);
      LiveNode node = stakes.node(x);
      assertThat(stakes.node(y).ham().connectNode(x).read("own", 0).objects().getFirst().pid())
          .as("another serves its tree")
          .isEqualTo(own);
      // Its disk and memory are lost too.
      try (Stream<Path> files = Files.list(node.state().resolve("log"))) {
        for (Path file : files.toList()) {
          Files.delete(file);
        }
      }
      LiveNode.removeMemory(node.memory());
      node.launch();
      stakes.ownAfter(x, own);
    }

    @Test
    void stateIsGivenBackFromReplicas() throws Exception {
      stakes.heal();
      assertThat(stakes.tree(x).keySet()).isEqualTo(tree.keySet());
      assertThat(stakes.node(x).object("own").restarts()).isPositive();
    }
  }

  @Nested
  class APausedNode extends Row {
    @Test
    void clusterScopeMayOverlapAtTheMomentOfWakingAndTheTokenTells() throws Exception {
      begin("b", "zxz");
      Start first = stakes.loner().on(x);
      List<Long> keepers = stakes.keepers(x);
      long blow = System.nanoTime();
      // The leash after those who would replace it; who writes is stopped last, and wakes first.
      keepers.reversed().forEach(pid -> Proc.signal("STOP", pid));
      List.of(own, first.pid()).forEach(pid -> Proc.signal("STOP", pid));
      Start second = stakes.loner().after(first.token());
      assertLeaseIsOver(blow);
      assertThat(second.node()).isNotEqualTo(x);
      stakes.assertProved("loner", first, second, Proof.LEASE);
      List.of(own, first.pid()).forEach(pid -> Proc.signal("CONT", pid));
      Until.isTrue("the store refuses it", () -> stakes.loner().refused().contains(first));
      keepers.forEach(pid -> Proc.signal("CONT", pid));
      Until.isTrue("its leash ends it", () -> !Proc.isAlive(first.pid()));
    }

    @Test
    void nodeScopeRunsOn() throws Exception {
      stakes.heal();
      assertOwnRunsOn();
    }

    @Test
    void stateIsKept() throws Exception {
      assertThat(stakes.tree(x)).isEqualTo(tree);
    }
  }

  @Nested
  class TheMinoritySide extends Row {
    @Test
    void clusterScopeIsStoppedOrKept() throws Exception {
      Start web = begin("c", "xzx");
      final Start kept = stakes.kept().on(x);
      stakes.siege().befall(x, Fault.CUT_OFF);
      stakes.webElsewhere(web, Proof.LEASE);
      assertThat(stakes.kept().on(x)).isEqualTo(kept);
    }

    @Test
    void nodeScopeRunsOnAndIsRestarted() throws Exception {
      assertOwnRunsOn();
      assertRecovered(x);
    }

    @Test
    void stateOfItsOwnCanBeChanged() throws Exception {
      stakes.node(x).ham().entity("while-cut-off");
      stakes.heal();
      assertThat(stakes.node(x).object("while-cut-off")).isNotNull();
    }
  }

  @Nested
  class TheLeaderOrAMinorityOfVoters extends Row {
    @Test
    void clusterScopeIsUnaffectedAndMovesWithTheNextLeader() throws Exception {
      Start web = begin(stakes.siege().leader(), "yyz");
      stakes.freeze(x);
      Until.isTrue("another leads", () -> !List.of("", x).contains(stakes.siege().leader(z)));
      assertThat(stakes.siege().program().running()).isEqualTo(web);
      stakes.heal();
      assertThat(stakes.siege().program().running()).isEqualTo(web);
      Start ofLeader = begin(stakes.siege().leader(), "xzz");
      stakes.siege().befall(x, Fault.KILLED);
      stakes.webElsewhere(ofLeader, Proof.OBITUARY);
      assertThat(stakes.siege().leader(z)).isNotEqualTo(x);
    }

    @Test
    void nodeScopeIsUnaffected() throws Exception {
      assertThat(Proc.isAlive(own)).isTrue();
      assertRecovered(z);
    }

    @Test
    void stateIsKept() throws Exception {
      stakes.star(z).named(".global").condition("next", ConditionSpec.nodeLost(Proof.FENCED));
      stakes.heal();
      assertThat(stakes.tree(x)).isEqualTo(tree);
    }
  }

  @Nested
  class AMajorityOfVoters extends Row {
    @Test
    void clusterScopeIsStoppedOrKeptWhenTheLeaseIsOver() throws Exception {
      Start web = begin("c", "xzx");
      final Start kept = stakes.kept().on(x);
      final Start lonely = stakes.loner().on(z);
      long blow = System.nanoTime();
      stakes.siege().befall(y, Fault.CUT_OFF);
      stakes.siege().befall(z, Fault.CUT_OFF);
      Until.isTrue("it is stopped", () -> !Proc.isAlive(web.pid()));
      Until.isTrue("so is what another ran", () -> !Proc.isAlive(lonely.pid()));
      awaitLeases(blow, 3);
      assertThat(stakes.siege().program().last()).as("nobody starts it").isEqualTo(web);
      assertThat(stakes.loner().claims().getLast()).as("nor that").isEqualTo(lonely);
      assertThat(stakes.kept().on(x)).isEqualTo(kept);
      assertNobodyIsLost();
    }

    /** Until whoever is not heard would have been lost, and what it ran be elsewhere. */
    private void awaitLeases(long since, int leases) {
      Until.isTrue(
          leases + " leases have gone by",
          () -> System.nanoTime() - since > leases * LEASE.toNanos());
    }

    private void assertNobodyIsLost() throws Exception {
      for (LiveNode by : stakes.siege().cluster().nodes()) {
        Status.Cluster cluster = by.ham().status().cluster();
        assertThat(cluster.quorate()).as(by.name()).isFalse();
        assertThat(cluster.members())
            .as("as %s sees them", by.name())
            .extracting(Status.Member::state)
            .doesNotContain("lost");
      }
      assertThat(stakes.told()).isEmpty();
    }

    @Test
    void nodeScopeIsUnaffected() throws Exception {
      assertOwnRunsOn();
      assertRecovered(x);
    }

    @Test
    void stateIsKept() throws Exception {
      stakes.node(x).ham().entity("without-a-majority");
      stakes.heal();
      assertThat(stakes.node(x).object("without-a-majority")).isNotNull();
      assertThat(stakes.siege().owner("").token()).isPositive();
    }
  }
}
