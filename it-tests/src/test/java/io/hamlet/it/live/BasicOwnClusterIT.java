package io.hamlet.it.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Homes that bring their own nodes, and make a cluster of them: nothing else is started. */
class BasicOwnClusterIT {
  @TempDir Path directory;

  @Test
  void oneOfThreeHomesActs() throws Exception {
    List<BasicHome> homes = new ArrayList<>();
    try (LiveCluster plan = LiveCluster.prepare(directory.resolve("plan"), 3)) {
      for (LiveNode node : plan.nodes()) {
        homes.add(home(plan, node.name()));
      }
      for (BasicHome home : homes) {
        home.start();
      }
      for (BasicHome home : homes) {
        Until.isTrue("one leads", () -> !"".equals(home.status().get("leader")));
        home.awaitState("db", "slave");
      }
      Until.isTrue("it acts", () -> acting(homes) == 1);
      homes.getFirst().file("../said", "master\n");
      Until.isTrue("all is done", () -> told(homes, "sequence-done") > 0);
      assertThat(homes.getFirst().path("../acted")).hasContent("one\ntwo db\n");
      assertThat(told(homes, "sequence-done")).isEqualTo(1);
    } finally {
      for (BasicHome home : homes) {
        home.close();
      }
    }
  }

  private BasicHome home(LiveCluster plan, String node) throws Exception {
    StringBuilder config = new StringBuilder("node = " + node + "\nlisten = 127.0.0.1:0\n");
    List<String> words = plan.options(node);
    for (int i = 0; i < words.size(); i += 2) {
      config.append(words.get(i).substring(2)).append(" = ").append(words.get(i + 1)).append('\n');
    }
    config.append("voters = a,b,c\n");
    BasicHome home = new BasicHome(directory.resolve(node), node).options();
    home.file("etc/node.conf", config.toString()).file("../said", "slave\n");
    home.file("etc/checks.conf", "[hosts]\ndb\n[local]\ncheck_db\n[options]\ninterval = 200ms\n");
    home.file("etc/actions.conf", "[slave_to_master]\nact one\nact two %MASTER%\n");
    home.script("checks/check_db", "cat ../said").script("actions/act", "echo \"$*\" >>../acted");
    return home;
  }

  private static long acting(List<BasicHome> homes) throws Exception {
    long count = 0;
    for (BasicHome home : homes) {
      count += home.status().get("acts").equals(true) ? 1 : 0;
    }
    return count;
  }

  private static long told(List<BasicHome> homes, String event) throws Exception {
    long count = 0;
    for (BasicHome home : homes) {
      count += home.told(event, "");
    }
    return count;
  }
}
