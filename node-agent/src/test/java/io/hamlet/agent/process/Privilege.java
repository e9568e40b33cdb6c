package io.hamlet.agent.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.core.model.ProcessSpec;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/** What a test needs of the machine: skipped with a reason, or failed when it was called for. */
final class Privilege {
  private Privilege() {}

  static void assumeRoot() {
    assume("root".equals(System.getProperty("user.name")), "root", "only root can change users");
  }

  static void assumeCgroups() {
    Path root = Cgroups.rootFor("test-probe-" + ProcessHandle.current().pid());
    if (root != null) {
      assertThat(root.toFile().delete()).isTrue();
    }
    assume(root != null, "root", "cgroup v2 is not writable here");
  }

  static void assume(boolean there, String name, String why) {
    boolean required =
        List.of(System.getProperty("hamlet.it.require", "").split(",")).contains(name);
    if (required) {
      assertThat(there).as(why).isTrue();
    }
    Assumptions.assumeTrue(there, why);
  }

  static ProcessSpec shell(String script) {
    return ProcessSpec.of(List.of("/bin/sh", "-c", script));
  }
}
