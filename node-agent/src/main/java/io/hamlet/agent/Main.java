package io.hamlet.agent;

import io.hamlet.agent.cli.Cli;
import io.hamlet.agent.cli.Rehearsal;
import io.hamlet.agent.cli.Surroundings;
import io.hamlet.agent.config.NodeConfig;
import io.hamlet.agent.launcher.LauncherLink;
import java.util.List;

/** The one entry point; deploy/bin/ham calls it. */
public final class Main {
  private Main() {}

  /**
   * {@code node ...} is for the launcher, {@code rehearse ...} for the AOT cache; else a command.
   */
  public static void main(String[] args) throws Exception {
    List<String> words = List.of(args);
    switch (words.isEmpty() ? "" : words.getFirst()) {
      case "node" -> NodeStart.main(words.subList(1, words.size()), Main::noNode);
      // Exits the long way: the JVM writes the cache when it shuts down.
      case "rehearse" -> System.exit(Rehearsal.run(words.subList(1, words.size())));
      // A short-lived process has nothing to tidy up that its end would not.
      default -> Runtime.getRuntime().halt(Cli.run(words, Surroundings.ofProcess()).status());
    }
  }

  /** Stands where the composition root belongs. */
  private static int noNode(NodeConfig config, LauncherLink link, boolean holdEffects) {
    System.err.println("ham: this build has no node");
    return 69;
  }
}
