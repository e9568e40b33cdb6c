package io.hamlet.agent;

import io.hamlet.agent.cli.RunVerb;
import io.hamlet.agent.cluster.ClusterNode;
import io.hamlet.agent.config.NodeConfig;
import io.hamlet.agent.guardian.Guard;
import io.hamlet.agent.guardian.LifeLine;
import io.hamlet.agent.guardian.LogFollower;
import io.hamlet.agent.guardian.PairPage;
import io.hamlet.agent.launcher.LauncherLink;
import io.hamlet.agent.launcher.NotifySocket;
import io.hamlet.agent.leash.Hand;
import io.hamlet.agent.os.ffm.FfmKernel;
import io.hamlet.manager.log.StateLock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** From the words that a HAM gives to a Guardian on guard; and then, one day, to the next HAM. */
final class GuardianStart {
  private static final Logger LOG = LoggerFactory.getLogger(GuardianStart.class);

  private GuardianStart() {}

  /** Never returns. */
  static void main(List<String> text) {
    int status = NodeStart.LOST;
    try {
      GuardianCommand.Words words = GuardianCommand.Words.parse(text);
      LauncherLink link = open(words.state());
      status = guard(words, link);
      if (status != NodeStart.LOST) {
        link.end(status);
      }
    } catch (StateLock.Taken e) {
      LOG.error("a HAM died, and another has its place: {}", e.getMessage());
    } catch (Exception e) {
      // No end is said: if nobody else is there the launcher starts a new pair.
      LOG.error("the Guardian cannot go on", e);
    }
    Runtime.getRuntime().halt(status);
  }

  private static LauncherLink open(Path state) throws IOException {
    return LauncherLink.open(state, NotifySocket.of(new FfmKernel(), System.getenv()));
  }

  private static int guard(GuardianCommand.Words words, LauncherLink link) throws Exception {
    Map<String, String> options = RunVerb.options(words.run());
    options.put("state", words.state().toString());
    NodeConfig config = NodeConfig.of(options, words.directory(), System.getenv());
    Path memory = config.places().memory();
    FfmKernel kernel = new FfmKernel();
    long ham = kernel.pidfdOpen(words.ham());
    PairPage page = PairPage.open(kernel, words.page().orElse(memory.resolve("pair")));
    LogFollower log = LogFollower.open(memory.resolve("log"));
    // Held at once: a HAM that dies while this one warms up is no reason to end everything.
    Hand hand = new Hand(kernel, memory.resolve("leash"));
    hand.take();
    ClusterNode cluster;
    BooleanSupplier held = () -> false;
    Launch launch = new Launch(config, link, words.held(), words.directory(), words.run());
    Standby standby = new Standby(launch, kernel);
    standby.pair(page);
    NodeAgent next = new NodeAgent(launch, standby);
    // Our parent before and after the pidfd was opened is one and the same process.
    if (ham >= 0 && parent() == words.ham()) {
      Practice practice = Practice.begin(kernel, log, memory, standby, words.sockets());
      cluster = ClusterNode.ofGuardian(launch.config(), kernel::now);
      Guard.Ham guarded = new Guard.Ham(words.ham(), (int) ham);
      LifeLine.watch(kernel, page, guarded);
      new Guard(kernel, page, log, words.state(), guarded, leash -> hand.take()).stand();
      practice.stop();
      held = () -> !kernel.isReadable(guarded.pidfd());
    } else {
      cluster = ClusterNode.ofSuccessor(launch.config(), kernel::now);
      log.finish();
    }
    // Takes its time, as it would have in the HAM.
    Thread.ofPlatform().name("late-close").daemon().start(() -> kernel.close(GuardianCommand.KEPT));
    return next.succeed(log, page, words.sockets(), cluster, held);
  }

  private static long parent() throws IOException {
    String stat = Files.readString(Path.of("/proc/self/stat"));
    return Long.parseLong(stat.substring(stat.lastIndexOf(')') + 2).split(" ")[1]);
  }
}
