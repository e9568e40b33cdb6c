package io.hamlet.agent.script.run;

import io.hamlet.agent.os.Kernel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** Processes that left their group, and carry the mark of a run in their environment. */
public final class Leftovers {
  private Leftovers() {}

  /** Ends all that have a variable of this beginning, of the form {@code NAME=VALUE}. */
  public static void end(Kernel kernel, String beginning) {
    String[] names = Path.of("/proc").toFile().list((d, n) -> n.matches("[1-9][0-9]*"));
    for (String name : names == null ? new String[0] : names) {
      if (carries(name, beginning)) {
        kernel.kill(Long.parseLong(name), Kernel.SIGKILL);
      }
    }
  }

  private static boolean carries(String pid, String beginning) {
    try {
      byte[] environment = Files.readAllBytes(Path.of("/proc", pid, "environ"));
      String text = new String(environment, StandardCharsets.ISO_8859_1);
      return Arrays.stream(text.split("\0")).anyMatch(v -> v.startsWith(beginning));
    } catch (IOException e) {
      return false;
    }
  }
}
