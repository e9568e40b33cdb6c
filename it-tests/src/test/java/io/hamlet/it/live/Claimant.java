package io.hamlet.it.live;

import io.hamlet.client.Command;
import io.hamlet.client.OwnerToken;
import io.hamlet.it.live.SoleProgram.Start;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;

/**
 * A program that writes its token to a store twenty times a second, and asks nobody; and that
 * store, which refuses who is old. Not thread-safe.
 */
final class Claimant {
  private static final String SCRIPT =
      "while :; do echo \"$HAM_TOKEN $HAM_NODE $$\" >>\"$1\"; sleep 0.05; done";

  private final Path lines;
  private final Predicate<Start> runs;

  /**
   * @param lines a file that is not there yet
   */
  Claimant(Path lines) {
    this(lines, start -> Proc.isAlive(start.pid()));
  }

  /**
   * One whose processes are known by other pids where they run.
   *
   * @param runs whether one that has claimed still runs
   */
  Claimant(Path lines, Predicate<Start> runs) {
    this.lines = lines;
    this.runs = runs;
  }

  Command command() {
    return Command.of("/bin/sh", "-c", SCRIPT, "claimant", lines.toString());
  }

  /** The same; on one node it then waits for a file. */
  Command command(String node, Path file) {
    String script =
        SCRIPT.replace(
            "sleep 0.05", "[ \"$HAM_NODE\" != \"$2\" ] || read -r x <\"$3\"; sleep 0.05");
    return Command.of("/bin/sh", "-c", script, "claimant", lines.toString(), node, file.toString());
  }

  /** In the order in which they reached the store. */
  List<Start> claims() throws IOException {
    if (!Files.exists(lines)) {
      return List.of();
    }
    String text = Files.readString(lines);
    return text.substring(0, text.lastIndexOf('\n') + 1).lines().map(Claimant::claim).toList();
  }

  private static Start claim(String line) {
    String[] words = line.split(" ");
    return new Start(Long.parseLong(words[0]), words[1], Long.parseLong(words[2]));
  }

  /** Who has claimed last, if it runs now; else null. */
  Start running() throws IOException {
    List<Start> all = claims();
    return !all.isEmpty() && runs.test(all.getLast()) ? all.getLast() : null;
  }

  /** Waits until one with another token than that claims. */
  Start after(long token) {
    return Until.given(
        "a claim after " + token,
        () -> claims().stream().filter(c -> c.token() > token).findFirst().orElse(null));
  }

  /** Waits until it claims from there. */
  Start on(String node) {
    return Until.given(
        "a claim from " + node,
        () -> {
          Start now = running();
          return now != null && now.node().equals(node) ? now : null;
        });
  }

  /** What a store that remembers the highest token did not let in. */
  List<Start> refused() throws IOException {
    OwnerToken store = new OwnerToken(0);
    return claims().stream().filter(claim -> !store.admits(claim.token())).toList();
  }
}
