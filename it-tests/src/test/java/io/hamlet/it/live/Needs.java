package io.hamlet.it.live;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a test needs of its machine. Without it the test is skipped with the reason, or fails when
 * the system property {@code hamlet.it.require} names its kind.
 */
final class Needs {
  private static final List<String> REQUIRED =
      Arrays.asList(System.getProperty("hamlet.it.require", "").split(","));

  private Needs() {}

  static void root() {
    that("root", "root", isRoot());
  }

  /** Hosts of their own, with keys, as {@link Hosts} and {@link HostKeys} make them. */
  static void hosts() {
    root();
    program("openssl");
    that("netns", "network namespaces", Hosts.possible());
  }

  static boolean isRoot() {
    return System.getProperty("user.name").equals("root");
  }

  /** A program by its name, wherever Debian or the PATH has it. */
  static Path program(String name) {
    Path found =
        Stream.concat(
                Stream.of("/usr/sbin", "/usr/bin", "/bin", "/sbin"),
                Arrays.stream(System.getenv("PATH").split(":")))
            .map(d -> Path.of(d, name))
            .filter(Files::isExecutable)
            .findFirst()
            .orElse(null);
    that("programs", "the program " + name, found != null);
    return found;
  }

  /** Where cgroups v2 can be made. */
  static Path cgroup() {
    root();
    Path found =
        Stream.of("/sys/fs/cgroup/unified", "/sys/fs/cgroup")
            .map(Path::of)
            .filter(p -> Files.isWritable(p.resolve("cgroup.procs")))
            .filter(p -> Files.exists(p.resolve("cgroup.controllers")))
            .findFirst()
            .orElse(null);
    that("cgroup", "a writable cgroup v2", found != null);
    return found;
  }

  /** Where cgroups v1 of one controller can be made, as freezer; its kind has the same name. */
  static Path cgroup(String controller) {
    root();
    Path found = Path.of("/sys/fs/cgroup", controller);
    that(controller, "a writable cgroup v1: " + found, Files.isWritable(found.resolve("tasks")));
    return found;
  }

  /** A server program of PostgreSQL, which Debian keeps by version. */
  static Path postgres(String name) throws IOException {
    Path base = Path.of("/usr/lib/postgresql");
    if (Files.isDirectory(base)) {
      try (DirectoryStream<Path> versions = Files.newDirectoryStream(base)) {
        for (Path version : versions) {
          Path program = version.resolve("bin").resolve(name);
          if (Files.isExecutable(program)) {
            return program;
          }
        }
      }
    }
    return program(name);
  }

  static void that(String kind, String what, boolean there) {
    if (!there && REQUIRED.contains(kind)) {
      fail("this machine must have " + what + " (hamlet.it.require), and has not");
    }
    assumeTrue(there, "needs " + what);
  }
}
