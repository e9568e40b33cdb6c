package io.hamlet.agent.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.agent.os.ffm.FfmKernel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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

  private static final String WHOLE =
      "24 23 0:21 / /sys/fs/cgroup ro,relatime - cgroup2 cgroup2 rw,nsdelegate";
  private static final String PART =
      "25 24 0:21 /boxes /sys/fs/cgroup/boxes rw,relatime - cgroup2 cgroup2 rw,nsdelegate";

  @Test
  void aCgroupIsWhereAMountShowsIt() {
    assertThat(Cgroups.places(List.of(WHOLE), "/")).containsExactly(Path.of("/sys/fs/cgroup"));
    assertThat(Cgroups.places(List.of(WHOLE), "/boxes/one"))
        .containsExactly(Path.of("/sys/fs/cgroup/boxes/one"));
  }

  /** A container that was given a part of its host's: what is above cannot be written there. */
  @Test
  void aMountOfAPartShowsWhatIsInThatPart() {
    Path one = Path.of("/sys/fs/cgroup/boxes/one");
    assertThat(Cgroups.places(List.of(PART), "/boxes/one")).containsExactly(one);
    assertThat(Cgroups.places(List.of(PART), "/boxes")).containsExactly(one.getParent());
    assertThat(Cgroups.places(List.of(WHOLE, PART), "/boxes/one")).containsExactly(one, one);
    assertThat(Cgroups.places(List.of(PART), "/boxes-2/one")).isEmpty();
  }

  /** Mounted from outside of the namespace that it is looked at from: that is its host's. */
  @Test
  void aMountOfWhatIsAboveShowsNothingOfOurs() {
    String above = WHOLE.replace(" / ", " /../.. ");
    assertThat(Cgroups.places(List.of(above), "/")).isEmpty();
  }

  @Test
  void aMountOfTheFirstKindOrOfSomethingElseIsNone() {
    String first = "26 24 0:22 / /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu";
    String named = "27 24 0:23 / /mnt rw - tmpfs cgroup2 rw";
    assertThat(Cgroups.places(List.of(first, named), "/")).isEmpty();
  }

  private Cgroups cgroups() {
    FfmKernel kernel = new FfmKernel();
    return new Cgroups(kernel, new ProcFiles(kernel), root);
  }
}
