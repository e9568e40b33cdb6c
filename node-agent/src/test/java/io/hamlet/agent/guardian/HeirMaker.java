package io.hamlet.agent.guardian;

import io.hamlet.agent.os.SpawnRequest;
import io.hamlet.agent.os.ffm.FfmKernel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A JVM that makes an heir and can be killed, in a session of its own as a Guardian is. */
final class HeirMaker {
  private HeirMaker() {}

  /** Its first line is the pid of the heir. */
  static Process start() throws IOException {
    return new ProcessBuilder(
            "setsid",
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            HeirMaker.class.getName())
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  /** Until its input ends, or it is killed. */
  public static void main(String[] words) throws IOException {
    SpawnRequest sleep =
        new SpawnRequest("/bin/sleep", List.of("sleep", "1000"), List.of("A=B"), List.of());
    System.out.println(Heir.make(new FfmKernel(), sleep).pid());
    System.in.read();
  }
}
