package io.hamlet.agent;

import io.hamlet.agent.cli.Caller;
import io.hamlet.agent.cli.Cli;
import io.hamlet.agent.demo.Beater;
import io.hamlet.agent.rehearsal.Rehearsal;
import java.util.List;
import java.util.Locale;

/** The one entry point; deploy/bin/ham calls it. */
public final class Main {
  private Main() {}

  /**
   * {@code node ...} is for the launcher, {@code guardian ...} for a HAM, {@code rehearse ...} for
   * the AOT cache; else a command.
   */
  public static void main(String[] args) throws Exception {
    // What one node writes all must read: the host's language may have digits of its own.
    Locale.setDefault(Locale.ROOT);
    List<String> words = List.of(args);
    switch (words.isEmpty() ? "" : words.getFirst()) {
      case "node" -> NodeStart.main(words.subList(1, words.size()));
      case GuardianCommand.WORD -> GuardianStart.main(words.subList(1, words.size()));
      // Exits the long way: the JVM writes the cache when it shuts down.
      case "rehearse" -> System.exit(rehearse(words.getLast()) ? 0 : 1);
      case Beater.WORD -> Beater.main(words.subList(1, words.size()));
      // A short-lived process has nothing to tidy up that its end would not.
      default -> Runtime.getRuntime().halt(Cli.run(words, Caller.ofProcess()));
    }
  }

  private static boolean rehearse(String what) throws Exception {
    return switch (what) {
      case "cli" -> Rehearsal.ofCommands();
      case "node" -> NodeStart.rehearse();
      default -> false;
    };
  }
}
