package io.hamlet.it.live;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A cgroup of the first kind, whose processes wait in the kernel while it is frozen: state D, and
 * no signal reaches them, as with a disk that hangs.
 */
final class Freezer implements AutoCloseable {
  private final Path cgroup;

  /** Skips the test where there is none. */
  Freezer() throws IOException {
    Path all = Needs.cgroup("freezer");
    cgroup = Files.createDirectory(all.resolve("hamlet-it-" + ProcessHandle.current().pid()));
  }

  void freeze(long pid) throws IOException {
    Files.writeString(cgroup.resolve("cgroup.procs"), pid + "\n");
    Files.writeString(cgroup.resolve("freezer.state"), "FROZEN");
  }

  void thaw() throws IOException {
    Files.writeString(cgroup.resolve("freezer.state"), "THAWED");
  }

  /** What is in it is thawed, and awaited to end. */
  @Override
  public void close() throws IOException {
    thaw();
    Until.isTrue("the cgroup is empty", () -> cgroup.toFile().delete());
  }
}
