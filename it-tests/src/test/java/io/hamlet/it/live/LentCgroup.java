package io.hamlet.it.live;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.model.Bind;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A part of this host's cgroups that containers live in and may write, and nothing else of it: what
 * a node in a container needs to run entities of the cluster, as deploy/README.md has it.
 */
final class LentCgroup implements AutoCloseable {
  private static final Path ALL = Path.of("/sys/fs/cgroup");

  /** A slice, also where nobody but systemd would mind. */
  private final String name = "hamletit" + ProcessHandle.current().pid() + ".slice";

  private final Path mount;
  private final String parent;

  LentCgroup(DockerClient docker) throws IOException {
    mount =
        Files.readAllLines(Path.of("/proc/self/mountinfo")).stream()
            .filter(line -> line.contains(" - cgroup2 "))
            .map(line -> Path.of(line.split(" ")[4]))
            .findFirst()
            .orElse(null);
    Needs.that("docker", "a cgroup v2 for containers", mount != null);
    // By its path, which is looked for below the engine's own cgroup unless it is from the root on.
    parent = "systemd".equals(docker.infoCmd().exec().getCGroupDriver()) ? name : "/" + name;
  }

  /**
   * Has a container live in it.
   *
   * @return what makes it writable there
   */
  Bind to(CreateContainerCmd container) {
    container.getHostConfig().withCgroupParent(parent).withCgroupnsMode("host");
    String path = mount.resolve(name).toString();
    return Bind.parse(path + ":" + path);
  }

  /** When no container lives in it any more; an engine leaves it. */
  @Override
  public void close() {
    Until.isTrue(
        "the containers' cgroups are empty",
        () -> {
          for (Path each : everywhere()) {
            Files.deleteIfExists(each.resolve(name));
          }
          return true;
        });
  }

  /** Those of the first kind are there once for each controller. */
  private static List<Path> everywhere() throws IOException {
    List<Path> roots = new ArrayList<>(List.of(ALL));
    try (DirectoryStream<Path> below = Files.newDirectoryStream(ALL, Files::isDirectory)) {
      below.forEach(roots::add);
    }
    return roots;
  }
}
