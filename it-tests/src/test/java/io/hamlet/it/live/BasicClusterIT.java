package io.hamlet.it.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The basic HA daemon on each node of a cluster (sam.md 5.2, 5.5). */
class BasicClusterIT {
  @TempDir Path directory;

  @Test
  void oneActsAndAllKnow() throws Exception {
    String checks =
        "[node:b]\nwhere\n[options:where]\nhost = b\n[local]\nmine\n[options:mine]\nattempts = 2\n";
    try (BasicCluster cluster = BasicCluster.start(directory, checks, "", "--lease", "10s")) {
      for (String node : cluster.names()) {
        BasicHome home = cluster.home(node);
        home.script("checks/where", "echo \"on $(basename $PWD)\"");
        home.script("checks/mine", "echo STATE=here-" + node);
      }
      for (String node : cluster.names()) {
        BasicHome home = cluster.home(node);
        Until.isTrue("told by b", () -> "on home-b".equals(home.check("where", "text")));
        // Each looks at its own node, and all know of all.
        for (String other : List.of("a", "c")) {
          home.awaitState(other, "here-" + other);
        }
      }
      cluster.letGo();
      cluster.say("master");
      for (String node : cluster.names()) {
        cluster.home(node).awaitState("db", "master");
      }
      cluster.awaitTold(cluster.names(), "sequence-done", "slave_to_master");
      assertThat(cluster.words()).containsExactly("one", "two db", "three");
      for (String node : cluster.names()) {
        assertThat(cluster.home(node).basic("status").is(0).text())
            .contains("node " + node + ": ")
            .contains("db  master");
      }
      assertThat(cluster.told("sequence-done")).isEqualTo(1);

      // Nobody could look is no news: the state stays.
      cluster.home("b").kill();
      for (String node : List.of("a", "c")) {
        cluster.home(node).awaitTold("scope-unreachable", "where@node:b");
        assertThat(cluster.home(node).state("db")).isEqualTo("master");
      }
    }
  }

  @Test
  void withoutQuorumNothingRunsAndWithItOnce() throws Exception {
    try (BasicCluster cluster = BasicCluster.start(directory, "", "", "--lease", "10s")) {
      String leader = cluster.acting();
      List<String> others = cluster.others(leader);
      others.forEach(n -> cluster.node(n).killEverything());
      BasicHome home = cluster.home(leader);
      home.awaitTold("office-left", "");
      cluster.letGo();
      cluster.say("master");
      home.awaitState("db", "master");
      Object last = home.check("check_db", "last");
      Until.isTrue("it goes on looking", () -> !home.check("check_db", "last").equals(last));
      assertThat(cluster.done()).isEmpty();

      others.forEach(n -> cluster.node(n).launch());

      cluster.awaitTold(cluster.names(), "sequence-done", "slave_to_master");
      assertThat(cluster.words()).containsExactly("one", "two db", "three");
    }
  }

  @Test
  void aLostLeaderIsToldOfAndNothingIsRepeated() throws Exception {
    try (BasicCluster cluster = BasicCluster.start(directory, "", "", "--lease", "10s")) {
      String leader = amidTheSecondCommand(cluster);
      List<String> others = cluster.others(leader);
      cluster.lose(leader);
      cluster.awaitTold(others, "sequence-interrupted", "cut off at command 2, act two db");
      for (String node : others) {
        assertThat(cluster.home(node).state("db")).isEqualTo("master");
      }
      assertThat(cluster.words()).containsExactly("one", "two db");
      // The next change finds nothing in its way.
      cluster.letGo();
      cluster.say("slave");
      for (String node : others) {
        cluster.home(node).awaitState("db", "slave");
      }
      cluster.say("master");
      cluster.awaitTold(others, "sequence-done", "slave_to_master");
      assertThat(cluster.words()).containsExactly("one", "two db", "one", "two db", "three");
    }
  }

  @Test
  void aLostLeadersSequenceGoesOnIfTheFilesSaySo() throws Exception {
    try (BasicCluster cluster =
        BasicCluster.start(directory, "", "[options]\nresume = yes\n", "--lease", "10s")) {
      String leader = amidTheSecondCommand(cluster);
      cluster.lose(leader);
      cluster.letGo();
      List<String> others = cluster.others(leader);
      cluster.awaitTold(others, "sequence-done", "slave_to_master");
      cluster.awaitTold(others, "sequence-interrupted", "it goes on there");
      assertThat(cluster.words()).containsExactly("one", "two db", "two db", "three");
      assertThat(cluster.done().subList(2, 4)).noneMatch(line -> line.startsWith(leader + " "));
    }
  }

  @Test
  void aKilledManagerCostsNoCommand() throws Exception {
    // A node that is slow only, on a busy machine, is not to be taken for a lost one here.
    try (BasicCluster cluster = BasicCluster.start(directory, "", "", "--lease", "10s")) {
      String leader = amidTheSecondCommand(cluster);
      LiveNode node = cluster.node(leader);
      long killed = node.hamPid();
      node.kill(List.of(killed));
      Until.isTrue("its Guardian took over", () -> node.hamPid() != killed);
      cluster.letGo();
      cluster.awaitTold(cluster.names(), "sequence-done", "slave_to_master");
      assertThat(cluster.words()).containsExactly("one", "two db", "three");
      assertThat(cluster.done()).element(1).isEqualTo(leader + " two db");
      assertThat(cluster.told("sequence-interrupted")).isZero();
    }
  }

  @Test
  void aKilledDaemonThatComesBackTellsWhatWasCutOff() throws Exception {
    try (BasicCluster cluster = BasicCluster.start(directory, "", "", "--lease", "10s")) {
      String leader = amidTheSecondCommand(cluster);
      cluster.home(leader).kill();
      cluster.home(leader).start();
      String text = "cut off at command 2, act two db";
      // It is the one that leads, unless another was elected just then.
      cluster.awaitTold(cluster.names(), "sequence-interrupted", text);
      assertThat(cluster.words()).containsExactly("one", "two db");
      assertThat(cluster.home(leader).state("db")).isEqualTo("master");
    }
  }

  /** The node that runs it. */
  private static String amidTheSecondCommand(BasicCluster cluster) throws Exception {
    cluster.acting();
    cluster.say("master");
    try {
      Until.isTrue("the second command runs", () -> cluster.done().size() == 2);
    } catch (AssertionError e) {
      throw new AssertionError(e.getMessage() + "; the daemons say " + cluster.testimony(), e);
    }
    assertThat(cluster.words()).containsExactly("one", "two db");
    return cluster.done().get(1).split(" ")[0];
  }
}
