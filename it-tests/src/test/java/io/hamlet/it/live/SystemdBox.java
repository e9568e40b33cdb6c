package io.hamlet.it.live;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A real systemd as the first process of namespaces of its own: it sees the files of this machine,
 * but none of its units, processes, cgroups or sockets, and cannot change its kernel settings. Not
 * thread-safe.
 */
final class SystemdBox implements AutoCloseable {
  private static final Path SYSTEMD = Path.of("/lib/systemd/systemd");

  /** Units that those of a test may name, and that do nothing. */
  private static final List<String> TARGETS =
      List.of("box", "sysinit", "basic", "shutdown", "umount", "network", "multi-user");

  private static final String INSIDE =
      """
      set -eu
      hostname box
      mount --bind /proc/sys /proc/sys
      mount -o remount,bind,ro /proc/sys
      umount -l /sys/fs/cgroup
      mount -t cgroup2 none /sys/fs/cgroup
      mount -t tmpfs none /run
      mount -t tmpfs none /dev/shm
      mount -t tmpfs none /lib/systemd/system
      mount -t tmpfs none /lib/systemd/system-generators
      mount --bind "$1/units" /etc/systemd/system
      mount --bind "$1/console" /dev/console
      exec env -i PATH="$PATH" container=box "$2" --system --unit=box.target \
        --log-target=console --log-level=info --show-status=false
      """;

  private final Path directory;
  private final Path cgroup;
  private final Process outer;
  private final long init;

  private SystemdBox(Path directory, Path cgroup, Process outer, long init) {
    this.directory = directory;
    this.cgroup = cgroup;
    this.outer = outer;
    this.init = init;
  }

  /**
   * Boots it.
   *
   * @param directory gets its units and what it says
   * @param unit a unit file for it
   * @param dropIn what is to be different in that one here
   */
  static SystemdBox boot(Path directory, Path unit, String dropIn) throws Exception {
    Needs.root();
    Needs.that("systemd", "systemd", Files.isExecutable(SYSTEMD));
    Needs.that("systemd", "unshare and nsenter", Files.isExecutable(Path.of("/usr/bin/nsenter")));
    Path mount = cgroups();
    Needs.that("systemd", "a cgroup v2 that can be written", mount != null);
    write(directory, unit, dropIn);
    Path cgroup = Files.createTempDirectory(mount, "hamlet-box-");
    Process outer = start(directory, cgroup);
    long init =
        Until.given(
            "systemd is the first process of its namespace",
            () ->
                Proc.children(outer.pid()).stream()
                    .filter(p -> Proc.commandLine(p).startsWith(SYSTEMD.toString()))
                    .findFirst()
                    .orElseGet(() -> dead(outer, directory)));
    SystemdBox box = new SystemdBox(directory, cgroup, outer, init);
    Until.isTrue(
        "systemd has booted", () -> box.show("box.target", "ActiveState").equals("active"));
    return box;
  }

  private static void write(Path directory, Path unit, String dropIn) throws IOException {
    Path units = Files.createDirectories(directory.resolve("units"));
    for (String target : TARGETS) {
      Files.writeString(units.resolve(target + ".target"), "[Unit]\nDescription=" + target + "\n");
    }
    String name = unit.getFileName().toString();
    Files.copy(unit, units.resolve(name));
    Path more = Files.createDirectories(units.resolve(name + ".d"));
    Files.writeString(more.resolve("here.conf"), dropIn);
    Files.createFile(directory.resolve("console"));
  }

  private static Process start(Path directory, Path cgroup) throws IOException {
    return new ProcessBuilder(
            "/bin/sh",
            "-c",
            "echo $$ >\"$0/cgroup.procs\" && exec \"$@\"",
            cgroup.toString(),
            "unshare",
            "--mount",
            "--pid",
            "--fork",
            "--kill-child",
            "--uts",
            "--ipc",
            "--net",
            "--cgroup",
            "--mount-proc",
            "--propagation=private",
            "/bin/sh",
            "-c",
            INSIDE,
            "box",
            directory.toString(),
            SYSTEMD.toString())
        .redirectErrorStream(true)
        .redirectOutput(directory.resolve("box.out").toFile())
        .start();
  }

  private static Long dead(Process outer, Path directory) {
    if (!outer.isAlive()) {
      Needs.that("systemd", "namespaces for it: " + text(directory.resolve("box.out")), false);
    }
    return null;
  }

  /** Where a cgroup v2 is mounted in which one more can be made; null: nowhere. */
  private static Path cgroups() {
    return Stream.of("/sys/fs/cgroup", "/sys/fs/cgroup/unified")
        .map(Path::of)
        .filter(p -> Files.exists(p.resolve("cgroup.procs")) && Files.isWritable(p))
        .filter(p -> Files.exists(p.resolve("cgroup.subtree_control")))
        .findFirst()
        .orElse(null);
  }

  /** Runs a program inside to its end, and gives what it said. */
  String run(String... command) throws Exception {
    List<String> words = new ArrayList<>(List.of("nsenter", "-t", "" + init, "-a", "--"));
    words.addAll(List.of(command));
    Path said = Files.createTempFile(directory, "said", "");
    Process process =
        new ProcessBuilder(words).redirectErrorStream(true).redirectOutput(said.toFile()).start();
    if (!process.waitFor(120, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError(words + " did not end: " + text(said));
    }
    if (process.exitValue() != 0) {
      throw new AssertionError(words + " ended with " + process.exitValue() + ": " + text(said));
    }
    return text(said).strip();
  }

  /** A property of a unit, as systemd has it now. */
  String show(String unit, String property) throws Exception {
    return run("systemctl", "show", "--value", "-p", property, unit);
  }

  /** A process of the inside as the outside knows it. */
  long outside(long pid) throws IOException {
    for (long candidate : Proc.all().toList()) {
      if (Proc.namespacePids(candidate).equals(List.of(candidate, pid))
          && sameNamespace(candidate)) {
        return candidate;
      }
    }
    return -1;
  }

  private boolean sameNamespace(long pid) throws IOException {
    try {
      Path own = Path.of("/proc/" + init + "/ns/pid");
      return Files.readSymbolicLink(Path.of("/proc/" + pid + "/ns/pid"))
          .equals(Files.readSymbolicLink(own));
    } catch (IOException gone) {
      return false;
    }
  }

  /** What systemd has said so far. */
  String said() {
    return text(directory.resolve("console")) + text(directory.resolve("box.out"));
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return e.toString();
    }
  }

  /** Ends systemd, and with it everything inside. */
  @Override
  public void close() {
    Proc.signal("KILL", init);
    Until.isTrue("systemd is gone", () -> !outer.isAlive());
    Until.isTrue("nothing is left inside", this::removeCgroups);
  }

  private boolean removeCgroups() throws IOException {
    try (Stream<Path> all = Files.walk(cgroup)) {
      for (Path each : all.filter(Files::isDirectory).sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(each);
      }
    }
    return true;
  }
}
