package io.hamlet.agent.leash;

import io.hamlet.agent.os.Kernel;
import io.hamlet.agent.os.KernelException;
import io.hamlet.agent.process.ProcFiles;
import io.hamlet.manager.disk.Contents;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The cgroups that a leash is about. The pair of managers has one that no other pair ever has, so
 * that a leash ends its own and not the next; the leash itself is in none that it ends. Immutable.
 *
 * @param pair the managers of this pair
 * @param stopped parent of all that must stop without quorum
 * @param kept parent of all that may be kept without it
 * @param leash the leashes of this node
 * @param hasKill cgroup.kill is there, since Linux 5.14; else all are frozen, and killed one by one
 */
public record Cordon(Path pair, Path stopped, Path kept, Path leash, boolean hasKill) {
  private static final Logger LOG = LoggerFactory.getLogger(Cordon.class);
  private static final String PAIR = "pair-";
  private static final String MEMBERS = "cgroup.procs";

  /**
   * Makes what is missing, and has this process and all that it will start in the pair's. Takes
   * tens of milliseconds.
   *
   * @param root the cgroup of this node; writable
   */
  public static Cordon enter(Kernel kernel, Path root) throws IOException {
    ProcFiles proc = new ProcFiles(kernel);
    long self = ProcessHandle.current().pid();
    Path own = own(proc, root);
    Path pair = own == null ? root.resolve(PAIR + self + "-" + kernel.bootNanos()) : own;
    Cordon cordon = within(root, pair);
    if (own == null) {
      move(proc, self, pair);
    }
    return cordon;
  }

  /** Makes what is missing, and moves nobody. */
  static Cordon within(Path root, Path pair) throws IOException {
    for (String part : List.of("must-stop", "keep", "leash")) {
      Files.createDirectories(root.resolve(part));
    }
    Files.createDirectories(pair);
    return new Cordon(
        pair,
        root.resolve("must-stop"),
        root.resolve("keep"),
        root.resolve("leash"),
        Files.exists(pair.resolve("cgroup.kill")));
  }

  /** The pair's cgroup that this process is in already, as a Guardian is; null: in none. */
  private static Path own(ProcFiles proc, Path root) {
    for (String line : proc.read("/proc/self/cgroup").lines().toList()) {
      Path last = line.startsWith("0::/") ? Path.of(line.substring(3)) : Path.of("/");
      if (last.getNameCount() > 1
          && last.getFileName().toString().startsWith(PAIR)
          && last.getParent().getFileName().equals(root.getFileName())) {
        return root.resolve(last.getFileName());
      }
    }
    return null;
  }

  /** Moves a process, and looks that it is there. */
  static void move(ProcFiles proc, long pid, Path cgroup) {
    String members = cgroup.resolve(MEMBERS).toString();
    long written = proc.write(members, Long.toString(pid));
    if (written < 0 || proc.read(members).lines().noneMatch(Long.toString(pid)::equals)) {
      throw new KernelException("moving the process " + pid + " into " + cgroup, written);
    }
  }

  /** Removes what earlier pairs left empty; when no leash needs it as a proof any more. */
  void sweep() {
    try {
      for (Path each : Contents.of(pair.getParent(), PAIR + "*")) {
        if (!each.equals(pair)) {
          remove(each);
        }
      }
    } catch (IOException e) {
      LOG.debug("earlier pairs left cgroups that cannot be listed", e);
    }
  }

  private static void remove(Path cgroup) {
    try {
      Files.delete(cgroup);
    } catch (IOException e) {
      LOG.debug("somebody lives in {}", cgroup);
    }
  }

  /** All leashes of this node that live, by pid. */
  List<Long> leashes(ProcFiles proc) {
    return proc.read(leash.resolve(MEMBERS).toString()).lines().map(Long::valueOf).toList();
  }
}
