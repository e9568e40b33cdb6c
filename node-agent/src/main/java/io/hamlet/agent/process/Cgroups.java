package io.hamlet.agent.process;

import io.hamlet.agent.os.KernelException;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A cgroup for each gate, where cgroup v2 is writable: whatever the program forks stays in it, so
 * that nothing is overlooked when it is to be ended. Thread-safe; writing to {@code cgroup.procs}
 * may take twenty milliseconds: for workers.
 */
final class Cgroups {
  private final ProcFiles proc;
  private final Path root;
  private final long mine = ProcessHandle.current().pid();
  private final AtomicLong serial = new AtomicLong();

  /**
   * @param root ours, writable; null: there are none
   */
  Cgroups(ProcFiles proc, Path root) {
    this.proc = proc;
    this.root = root;
  }

  /** The directory for a node below our own cgroup, made if need be; null if that cannot be. */
  static Path rootFor(String node) {
    try {
      Path mount = mount(Files.readAllLines(Path.of("/proc/self/mountinfo")));
      String own = own(Files.readAllLines(Path.of("/proc/self/cgroup")));
      if (mount == null || own == null) {
        return null;
      }
      Path root = mount.resolve(own.substring(1)).resolve("hamlet-" + node);
      if (!Files.isDirectory(root)) {
        Files.createDirectory(root);
      }
      return Files.isWritable(root.resolve("cgroup.procs")) ? root : null;
    } catch (IOException e) {
      return null;
    }
  }

  /** Where cgroup v2 is mounted, by mountinfo; octal escapes in it are not expected. */
  static Path mount(List<String> mountInfo) {
    for (String line : mountInfo) {
      int type = line.indexOf(" - cgroup2 ");
      if (type > 0) {
        return Path.of(line.split(" ")[4]);
      }
    }
    return null;
  }

  private static String own(List<String> lines) {
    for (String line : lines) {
      if (line.startsWith("0::/")) {
        return line.substring(3);
      }
    }
    return null;
  }

  boolean areThere() {
    return root != null;
  }

  /** Puts a new process into a cgroup of its own. Returns its home; empty without cgroups. */
  String house(long pid) {
    if (root == null) {
      return "";
    }
    Path home = fresh();
    String members = home + "/cgroup.procs";
    KernelException.check(proc.write(members, Long.toString(pid)), "writing " + members);
    if (!proc.read(members).strip().equals(Long.toString(pid))) {
      throw new IllegalStateException("the gate " + pid + " is not in its cgroup " + home);
    }
    return home.toString();
  }

  private Path fresh() {
    while (true) {
      Path home = root.resolve("g" + mine + "-" + serial.incrementAndGet());
      try {
        return Files.createDirectory(home);
      } catch (FileAlreadyExistsException e) {
        // Left by a manager that had our pid: somebody may live there, so take the next.
        continue;
      } catch (IOException e) {
        throw new IllegalStateException("cannot make the cgroup " + home, e);
      }
    }
  }

  /** True if anything lives in a home that may have had processes. */
  boolean isPopulated(String home) {
    return proc.read(home + "/cgroup.events").contains("populated 1");
  }

  /** Removes an empty home; false if it is there still. */
  boolean remove(String home) {
    try {
      return Files.deleteIfExists(Path.of(home)) || true;
    } catch (IOException e) {
      return false;
    }
  }
}
