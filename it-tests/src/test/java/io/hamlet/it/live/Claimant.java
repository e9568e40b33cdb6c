package io.hamlet.it.live;

import io.hamlet.client.Command;
import io.hamlet.client.OwnerToken;
import io.hamlet.it.live.SoleProgram.Start;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A program that writes its token to a store twenty times a second, and asks nobody; and that
 * store, which refuses who is old. Not thread-safe.
 */
final class Claimant {
  private static final String SCRIPT =
      "while :; do echo \"$HAM_TOKEN $HAM_NODE $$\" >>\"$1\"; sleep 0.05; done";

  private final Path lines;

  /**
   * @param lines a file that is not there yet
   */
  Claimant(Path lines) {
    this.lines = lines;
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
          List<Start> all = claims();
          Start last = all.isEmpty() ? null : all.getLast();
          return last != null && last.node().equals(node) && Proc.isAlive(last.pid()) ? last : null;
        });
  }

  /** What a store that remembers the highest token did not let in. */
  List<Start> refused() throws IOException {
    OwnerToken store = new OwnerToken(0);
    return claims().stream().filter(claim -> !store.admits(claim.token())).toList();
  }
}
