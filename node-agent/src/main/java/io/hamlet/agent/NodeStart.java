package io.hamlet.agent;

import io.hamlet.agent.cli.ExitCode;
import io.hamlet.agent.cli.RunVerb;
import io.hamlet.agent.cli.UsageException;
import io.hamlet.agent.config.ConfigException;
import io.hamlet.agent.config.NodeConfig;
import io.hamlet.agent.launcher.LauncherLink;
import io.hamlet.client.Command;
import io.hamlet.client.Condition;
import io.hamlet.client.ConditionSpec;
import io.hamlet.client.Deed;
import io.hamlet.client.Entity;
import io.hamlet.client.Ham;
import io.hamlet.client.HamException;
import io.hamlet.client.Rearm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** From the words the launcher gives to a running node, and back to an exit status. */
final class NodeStart {
  private static final String LINK = "--link";
  private static final String HOLD = "--hold-effects";

  /** Broke while it ran: no end is said, so the launcher starts it again. */
  private static final int LOST = 70;

  /** The composition root. */
  interface Node {
    /**
     * Runs until the node has ended.
     *
     * @param holdEffects start, but perform nothing until an operator says so
     * @return the exit status for the launcher
     */
    int run(NodeConfig config, LauncherLink link, boolean holdEffects) throws Exception;
  }

  private NodeStart() {}

  /**
   * Never returns.
   *
   * @param words {@code --link STATE [--hold-effects]} of the launcher, then those of {@code ham
   *     run}
   */
  static void main(List<String> words, Node node) throws IOException {
    Path state = words.size() > 1 && words.getFirst().equals(LINK) ? Path.of(words.get(1)) : null;
    LauncherLink link = state == null ? LauncherLink.none() : LauncherLink.open(state);
    List<String> rest = words.subList(state == null ? 0 : 2, words.size());
    boolean hold = !rest.isEmpty() && rest.getFirst().equals(HOLD);
    int status = run(hold ? rest.subList(1, rest.size()) : rest, state, link, hold, node);
    if (status != LOST) {
      link.end(status);
    }
    Runtime.getRuntime().halt(status);
  }

  private static int run(
      List<String> words, Path state, LauncherLink link, boolean hold, Node node) {
    try {
      Map<String, String> options = RunVerb.options(words);
      if (state != null) {
        // The launcher has decided already, by the same rules.
        options.put("state", state.toString());
      }
      NodeConfig config = NodeConfig.of(options, Path.of("").toAbsolutePath(), System.getenv());
      return node.run(config, link, hold);
    } catch (UsageException e) {
      System.err.println("ham: " + e.getMessage());
      return ExitCode.USAGE.status();
    } catch (ConfigException e) {
      e.problems().forEach(p -> System.err.println("ham: " + p));
      boolean onlyOptions = e.problems().stream().allMatch(p -> p.startsWith("--"));
      return (onlyOptions ? ExitCode.USAGE : ExitCode.CONFIGURATION).status();
    } catch (Exception e) {
      e.printStackTrace();
      // What never started would fail for ever if it were started again.
      return link.wasReady() ? LOST : ExitCode.REFUSED.status();
    }
  }

  /** Starts and stops a node of its own for the AOT cache; answers whether that went well. */
  static boolean rehearse(Node node) throws Exception {
    Path directory = Files.createTempDirectory("ham-rehearsal");
    Map<String, String> options =
        Map.of("node", "rehearsal", "state", directory + "/state", "listen", "127.0.0.1:0");
    NodeConfig config = NodeConfig.of(options, directory, System.getenv());
    FutureTask<Integer> run =
        new FutureTask<>(() -> node.run(config, LauncherLink.none(), false));
    Thread.ofPlatform().daemon().start(run);
    try (Ham ham = Ham.connect("unix:" + config.places().socket())) {
      while (!run.isDone() && !answers(ham)) {
        Thread.onSpinWait();
      }
      if (!run.isDone()) {
        Entity entity = ham.attach("e", Command.of("/bin/sleep", "100"));
        Condition death = entity.condition("died", ConditionSpec.death().rearm(Rearm.ON));
        death.action("again", Deed.restart(), Rearm.ON);
        death.action("log", Deed.log("it died"), Rearm.ON);
        ham.read("", -1);
        ham.stopWithEntities(Duration.ofSeconds(1));
      }
      return run.get(30, TimeUnit.SECONDS) == 0;
    } finally {
      remove(directory);
      remove(config.places().memory());
      remove(config.places().socket().getParent());
    }
  }

  private static boolean answers(Ham ham) throws InterruptedException {
    try {
      return ham.status().ham().pid() > 0;
    } catch (HamException e) {
      return false;
    }
  }

  private static void remove(Path directory) throws IOException {
    if (Files.exists(directory)) {
      try (Stream<Path> files = Files.walk(directory)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.deleteIfExists(file);
        }
      }
    }
  }
}
