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
    try (BasicCluster cluster = BasicCluster.start(directory, checks, "")) {
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
      String leader = cluster.acting();
      cluster.say("master");
      for (String node : cluster.names()) {
        cluster.home(node).awaitState("db", "master");
      }
      cluster.home(leader).awaitTold("sequence-done", "slave_to_master");
      assertThat(cluster.done())
          .containsExactly(leader + " one", leader + " two db", leader + " three");
      for (String node : cluster.others(leader)) {
        assertThat(cluster.home(node).told("sequence-done", "")).isZero();
        assertThat(cluster.home(node).basic("status").is(0).text())
            .contains("node " + leader + " leads")
            .contains("db  master");
      }

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
    try (BasicCluster cluster = BasicCluster.start(directory, "", "")) {
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

      Until.isTrue("all is done", () -> cluster.done().size() >= 3);
      String acting = cluster.acting();
      cluster.home(acting).awaitTold("sequence-done", "slave_to_master");
      assertThat(cluster.done())
          .extracting(line -> line.substring(2))
          .containsExactly("one", "two db", "three");
    }
  }

  @Test
  void aLostLeaderIsToldOfAndNothingIsRepeated() throws Exception {
    try (BasicCluster cluster = BasicCluster.start(directory, "", "")) {
      String leader = amidTheSecondCommand(cluster);
      cluster.lose(leader);
      String next = cluster.acting(cluster.others(leader));
      cluster.home(next).awaitTold("sequence-interrupted", "cut off at command 2, act two db");
      assertThat(cluster.home(next).state("db")).isEqualTo("master");
      // The next change is the new one's, and finds nothing in its way.
      cluster.letGo();
      cluster.say("slave");
      cluster.home(next).awaitState("db", "slave");
      cluster.say("master");
      cluster.home(next).awaitTold("sequence-done", "slave_to_master");
      assertThat(cluster.done())
          .containsExactly(
              leader + " one",
              leader + " two db",
              next + " one",
              next + " two db",
              next + " three");
    }
  }

  @Test
  void aLostLeadersSequenceGoesOnIfTheFilesSaySo() throws Exception {
    try (BasicCluster cluster = BasicCluster.start(directory, "", "[options]\nresume = yes\n")) {
      String leader = amidTheSecondCommand(cluster);
      cluster.lose(leader);
      cluster.letGo();
      String next = cluster.acting(cluster.others(leader));
      cluster.home(next).awaitTold("sequence-done", "slave_to_master");
      assertThat(cluster.home(next).told("sequence-interrupted", "it goes on there")).isEqualTo(1);
      assertThat(cluster.done())
          .containsExactly(leader + " one", leader + " two db", next + " two db", next + " three");
    }
  }

  @Test
  void aKilledManagerCostsNoCommand() throws Exception {
    try (BasicCluster cluster = BasicCluster.start(directory, "", "")) {
      String leader = amidTheSecondCommand(cluster);
      cluster.node(leader).kill(List.of(cluster.node(leader).hamPid()));
      cluster.home(leader).awaitTold("office-left", "");
      cluster.letGo();
      Until.isTrue("all is done", () -> cluster.done().size() >= 3);
      assertThat(cluster.done())
          .extracting(line -> line.substring(2))
          .containsExactly("one", "two db", "three");
      assertThat(cluster.done()).element(1).isEqualTo(leader + " two db");
      Until.isTrue("one says so", () -> told(cluster, "sequence-done") == 1);
      assertThat(told(cluster, "sequence-interrupted")).isZero();
    }
  }

  @Test
  void aKilledDaemonThatComesBackTellsWhatWasCutOff() throws Exception {
    try (BasicCluster cluster = BasicCluster.start(directory, "", "")) {
      String leader = amidTheSecondCommand(cluster);
      cluster.home(leader).kill();
      cluster.home(leader).start();
      cluster.home(leader).awaitTold("sequence-interrupted", "cut off at command 2, act two db");
      assertThat(cluster.done()).containsExactly(leader + " one", leader + " two db");
      assertThat(cluster.home(leader).state("db")).isEqualTo("master");
    }
  }

  private static long told(BasicCluster cluster, String event) throws Exception {
    long count = 0;
    for (String node : cluster.names()) {
      count += cluster.home(node).told(event, "");
    }
    return count;
  }

  private static String amidTheSecondCommand(BasicCluster cluster) throws Exception {
    String leader = cluster.acting();
    cluster.say("master");
    Until.isTrue("the second command runs", () -> cluster.done().size() == 2);
    assertThat(cluster.done()).containsExactly(leader + " one", leader + " two db");
    return leader;
  }
}
