package io.hamlet.it.live;

import io.hamlet.it.crash.CrashAgent;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/**
 * Looks like a JDK to {@code deploy/bin/ham}. The first manager that comes to a chosen place dies
 * there, its successors live as ever.
 */
final class MortalJdk {
  private static final String JAVA =
      """
      #!/bin/bash
      if [[ " $* " == *' io.hamlet.agent.Main node '* ]] && mv '%1$s/plan' '%1$s/taken' 2>/dev/null
      then exec '%2$s/bin/java' '-javaagent:%1$s/agent.jar=%1$s/taken' "$@"
      else exec '%2$s/bin/java' "$@"
      fi
      """;

  private final Path home;

  /**
   * @param home gets the files of it
   * @param place where to die, as {@link io.hamlet.it.crash.Fate} names it; empty: nowhere
   */
  MortalJdk(Path home, String place) throws IOException, URISyntaxException {
    this.home = home;
    Path real = Path.of(System.getProperty("java.home"));
    Path java = Files.createDirectories(home.resolve("bin")).resolve("java");
    Files.writeString(java, JAVA.formatted(home, real));
    Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.copy(real.resolve("release"), home.resolve("release"));
    Files.writeString(home.resolve("plan"), place);
    Manifest manifest = new Manifest();
    Attributes says = manifest.getMainAttributes();
    says.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    says.putValue("Premain-Class", CrashAgent.class.getName());
    says.put(
        Attributes.Name.CLASS_PATH,
        CrashAgent.class.getProtectionDomain().getCodeSource().getLocation().toURI().toString());
    new JarOutputStream(Files.newOutputStream(home.resolve("agent.jar")), manifest).close();
  }

  /** For {@code ham run}; without caches, which are for another JDK and for unchanged classes. */
  Map<String, String> environment() {
    return Map.of("JAVA_HOME", home.toString(), "HAM_AOT", "off");
  }

  /** The places that were passed, in order. */
  List<String> passed() throws IOException {
    Path file = home.resolve("passed");
    return Files.exists(file) ? Files.readAllLines(file) : List.of();
  }
}
