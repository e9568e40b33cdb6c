package io.hamlet.it.live;

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
    try (LiveCluster plan = LiveCluster.prepare(directory.resolve("plan"), 3);
        OwnHomes homes = new OwnHomes(directory)) {
      for (LiveNode node : plan.nodes()) {
        List<String> lines = new ArrayList<>(List.of("listen = 127.0.0.1:0", "voters = a,b,c"));
        lines.addAll(OwnHomes.lines(plan.options(node.name())));
        homes.add(node.name(), LiveNode.program(), lines);
      }
      homes.start();
      homes.promote();
    }
  }
}
