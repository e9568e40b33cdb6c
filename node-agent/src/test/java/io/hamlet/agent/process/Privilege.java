package io.hamlet.agent.process;

import io.hamlet.core.model.ProcessSpec;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/** What a test needs of the machine: skipped with a reason, or failed when it was called for. */
final class Privilege {
  private Privilege() {}

  static void assumeRoot() {
    assume("root".equals(System.getProperty("user.name")), "root", "only root can change users");
  }

  static Path assumeCgroups() {
    Path root = Cgroups.rootFor("test-" + ProcessHandle.current().pid());
    assume(root != null, "root", "cgroup v2 is not writable here");
    return root;
  }

  static void assume(boolean there, String name, String why) {
    boolean required = List.of(System.getProperty("hamlet.it.require", "").split(",")).contains(name);
    if (required) {
      Assertions.assertThat(there).as(why).isTrue();
    }
    Assumptions.assumeTrue(there, why);
  }

  static ProcessSpec shell(String script) {
    return ProcessSpec.of(List.of("/bin/sh", "-c", script));
  }
}
