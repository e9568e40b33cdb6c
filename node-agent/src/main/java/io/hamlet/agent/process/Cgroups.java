package io.hamlet.agent.process;

import io.hamlet.agent.os.Errno;
import io.hamlet.agent.os.Kernel;
import io.hamlet.agent.os.KernelException;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A cgroup for each gate, where cgroup v2 is writable: whatever the program forks stays in it, so
 * that nothing is overlooked when it is to be ended. Thread-safe; writing to {@code cgroup.procs}
 * may take twenty milliseconds: for workers.
 */
final class Cgroups {
  /** What an entity may have made in its home, for one try: so many cgroups, one in another. */
  private static final int DEEPEST = 64;

  private static final int MOST = 1_000;

  /** Words of a line of mountinfo: what is mounted, and where. */
  private static final int ROOT = 3;

  private static final int POINT = 4;

  private final Kernel kernel;
  private final ProcFiles proc;
  private final Path root;
  private final String prefix = "g" + ProcessHandle.current().pid() + "-";
  private final AtomicLong serial = new AtomicLong();

  /**
   * @param root ours, writable; null: there are none
   */
  Cgroups(Kernel kernel, ProcFiles proc, Path root) {
    this.kernel = kernel;
    this.proc = proc;
    this.root = root;
  }

  /** Those of a house below these: one parent for all that must be ended together. */
  Cgroups below(String name) {
    return new Cgroups(kernel, proc, root == null ? null : root.resolve(name));
  }

  /** The directory for a node below our own cgroup, made if need be; null if that cannot be. */
  static Path rootFor(String node) {
    try {
      String own = own(Files.readAllLines(Path.of("/proc/self/cgroup")));
      if (own == null) {
        return null;
      }
      // A manager of a cluster is in one of these itself.
      String ours = "hamlet-" + node;
      int at = own.lastIndexOf("/" + ours + "/");
      String above = at < 0 ? own : own.substring(0, at);
      return places(Files.readAllLines(Path.of("/proc/self/mountinfo")), above).stream()
          .map(place -> place.resolve(ours))
          .filter(Cgroups::isOurs)
          .findFirst()
          .orElse(null);
    } catch (IOException e) {
      return null;
    }
  }

  /**
   * Where a cgroup is seen, in the order of the mounts. A container may see it read-only at one
   * place and be given a part of its host's that it can write at another.
   *
   * @param mountInfo lines of mountinfo
   * @param cgroup as {@code /proc/PID/cgroup} names it; empty: the root
   */
  static List<Path> places(List<String> mountInfo, String cgroup) {
    List<Path> places = new ArrayList<>();
    for (String line : mountInfo) {
      String[] words = line.split(" ");
      String root = words[ROOT].equals("/") ? "" : words[ROOT];
      if (line.contains(" - cgroup2 ") && (cgroup + "/").startsWith(root + "/")) {
        places.add(Path.of(words[POINT] + cgroup.substring(root.length())));
      }
    }
    return places;
  }

  private static boolean isOurs(Path root) {
    try {
      if (!Files.isDirectory(root)) {
        Files.createDirectory(root);
      }
      return Files.isWritable(root.resolve("cgroup.procs"));
    } catch (IOException e) {
      return false;
    }
  }

  private static String own(List<String> lines) {
    for (String line : lines) {
      if (line.startsWith("0::/")) {
        return line.substring(3);
      }
    }
    return null;
  }

  /** Puts a new process into a cgroup of its own. Returns its home; empty without cgroups. */
  String house(long pid) {
    if (root == null) {
      return "";
    }
    Path home = fresh();
    String members = home + "/cgroup.procs";
    long written = proc.write(members, Long.toString(pid));
    if (written < 0 || !proc.read(members).strip().equals(Long.toString(pid))) {
      remove(home.toString());
      throw new KernelException("moving the gate " + pid + " into " + home, written);
    }
    return home.toString();
  }

  /** The one parent of all homes, which may not be there yet; null without cgroups. */
  Path root() {
    return root;
  }

  private Path fresh() {
    makeRoot();
    while (true) {
      Path home = root.resolve(prefix + serial.incrementAndGet());
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

  private void makeRoot() {
    if (!Files.isDirectory(root)) {
      try {
        Files.createDirectories(root);
      } catch (IOException e) {
        throw new IllegalStateException("cannot make the cgroup " + root, e);
      }
    }
  }

  /** True if anything lives in a home; false for one that is gone. */
  boolean isPopulated(String home) {
    return proc.read(home + "/cgroup.events").contains("populated 1");
  }

  /** All in it, by pid. */
  List<Long> members(String home) {
    List<Long> pids = new ArrayList<>();
    proc.read(home + "/cgroup.procs").lines().forEach(line -> pids.add(Long.parseLong(line)));
    return pids;
  }

  /** SIGKILL to all in it. Asked again until nothing is left, it ends any tree. */
  void kill(String home) {
    long result = proc.write(home + "/cgroup.kill", "1");
    if (result == -Errno.ENOENT) {
      // Before Linux 5.14: nothing may fork between the reading and the killing.
      proc.write(home + "/cgroup.freeze", "1");
      members(home).forEach(pid -> kernel.kill(pid, Kernel.SIGKILL));
      proc.write(home + "/cgroup.freeze", "0");
    }
  }

  /**
   * Removes a home that nothing lives in, with what its entity made in it. Returns false if it is
   * not empty then. For workers.
   */
  boolean remove(String home) {
    Path path = Path.of(home);
    try {
      if (!isPopulated(home) && Files.isDirectory(path)) {
        removeBelow(path, DEEPEST, MOST);
      }
      Files.deleteIfExists(path);
      return true;
    } catch (IOException | DirectoryIteratorException e) {
      return false;
    }
  }

  /** Returns how many more may be looked at. */
  private static int removeBelow(Path home, int depth, int most) throws IOException {
    int left = most;
    try (DirectoryStream<Path> below = Files.newDirectoryStream(home, Cgroups::isDirectory)) {
      for (Path one : below) {
        if (depth == 0 || left <= 0) {
          return 0;
        }
        left = removeBelow(one, depth - 1, left - 1);
        Files.deleteIfExists(one);
      }
    }
    return left;
  }

  private static boolean isDirectory(Path path) {
    return Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
  }

  /** Removes what earlier managers left empty. For workers. */
  void sweep() {
    ofEarlierManagers().forEach(this::remove);
  }

  /** Homes that this manager did not make. For workers. */
  List<String> ofEarlierManagers() {
    List<String> found = new ArrayList<>();
    if (root == null || !Files.isDirectory(root)) {
      return found;
    }
    try (DirectoryStream<Path> homes = Files.newDirectoryStream(root, "g*")) {
      for (Path home : homes) {
        if (!home.getFileName().toString().startsWith(prefix)) {
          found.add(home.toString());
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      // They cost little and are found at the next start.
      return found;
    }
    return found;
  }
}
