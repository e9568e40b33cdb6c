package io.hamlet.it.live;

import io.hamlet.client.ClusterPolicy;
import io.hamlet.client.Command;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a node writes it reads again, whatever digits its host's language has. */
class OtherTongueIT {
  private static final String ARABIC = "-Duser.language=ar -Duser.country=EG";

  @TempDir Path directory;

  @Test
  void aNodeRunsAndComesBackWhereDigitsAreOthers() throws Exception {
    Needs.root();
    int port = Ports.freeRange();
    String[] options = {"--cluster", "tongues", "--bind", "127.0.0.1:" + port, "--voters", "one"};
    try (LiveNode node =
        LiveNode.start(directory, "one", Map.of("JDK_JAVA_OPTIONS", ARABIC), options)) {
      ClusterPolicy policy =
          new ClusterPolicy(List.of("one"), ClusterPolicy.QuorumLoss.STOP, false);
      Until.isTrue("it leads itself", () -> !node.ham().status().cluster().leader().isEmpty());
      node.ham()
          .withTimeout(Duration.ofMinutes(1))
          .cluster()
          .attach("web", Command.of("/bin/sleep", "86400"), policy);
      long pid = Until.given("it runs", () -> running(node, 0));
      node.killEverything();
      node.launch();
      Until.given("it runs under another start", () -> running(node, pid));
    }
  }

  private static Long running(LiveNode node, long but) throws InterruptedException {
    long pid = node.pid("*web");
    return pid == 0 || pid == but ? null : pid;
  }
}
