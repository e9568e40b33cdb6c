package io.hamlet.agent.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.agent.os.ffm.FfmKernel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The homes of entities, played by directories: those of the kernel need no emptying. */
class CgroupsTest {
  @TempDir Path root;

  /** Found in review: an entity that made cgroups in its own left it there for ever. */
  @Test
  void aHomeGoesWithWhatItsEntityMadeInIt() throws IOException {
    Path home = Files.createDirectories(root.resolve("g1-1"));
    Files.createDirectories(home.resolve("a/b/c"));
    Files.createDirectories(home.resolve("d"));

    assertThat(cgroups().remove(home.toString())).isTrue();

    assertThat(home).doesNotExist();
    assertThat(root).exists();
  }

  @Test
  void aHomeInUseKeepsWhatIsInIt() throws IOException {
    Path home = Files.createDirectories(root.resolve("g1-1"));
    Path empty = Files.createDirectories(home.resolve("a/b"));
    Files.writeString(home.resolve("cgroup.events"), "populated 1\nfrozen 0\n");

    assertThat(cgroups().remove(home.toString())).isFalse();

    assertThat(empty).exists();
  }

  @Test
  void aHomeThatIsGoneIsRemoved() {
    assertThat(cgroups().remove(root.resolve("g1-1").toString())).isTrue();
  }

  private Cgroups cgroups() {
    FfmKernel kernel = new FfmKernel();
    return new Cgroups(kernel, new ProcFiles(kernel), root);
  }
}
