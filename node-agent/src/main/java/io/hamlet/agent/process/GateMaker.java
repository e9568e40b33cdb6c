package io.hamlet.agent.process;

import io.hamlet.agent.os.Kernel;
import io.hamlet.agent.os.KernelException;
import io.hamlet.agent.os.SpawnRequest;
import io.hamlet.agent.os.SpawnRequest.Given;
import io.hamlet.core.model.ProcessId;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Makes gates. Blocks for a millisecond, at times for twenty: for workers. Thread-safe. */
final class GateMaker {
  /** Brings the code that a script will need into memory while nobody waits. */
  private static final byte[] WARM_UP =
      ("{ set +C; trap 'echo x' EXIT; trap - EXIT; export A='b'; unset A; umask 022; cd '/';"
              + " set -- a; set --; [ -n '' ]; exec 5</dev/null 5<&-; { :; } 3>&-; }\n")
          .getBytes(StandardCharsets.US_ASCII);

  private final Kernel kernel;
  private final ProcFiles proc;
  private final Cgroups cgroups;
  private final String shell;

  GateMaker(Kernel kernel, ProcFiles proc, Cgroups cgroups) {
    this(kernel, proc, cgroups, shell());
  }

  GateMaker(Kernel kernel, ProcFiles proc, Cgroups cgroups, String shell) {
    this.kernel = kernel;
    this.proc = proc;
    this.cgroups = cgroups;
    this.shell = shell;
  }

  /** The small shell if there is one: bash adds SHLVL to what it executes, and is slower. */
  static String shell() {
    return Files.isExecutable(Path.of("/bin/dash")) ? "/bin/dash" : "/bin/sh";
  }

  /** Throws {@link KernelException}, and leaves nothing behind then. */
  Gate make() {
    long script = KernelException.check(kernel.pipe(), "pipe");
    int theirScript = (int) (script >> 32);
    int ourScript = (int) script;
    long status = kernel.pipe();
    if (status < 0) {
      kernel.close(theirScript);
      kernel.close(ourScript);
      throw new KernelException("pipe", status);
    }
    int ourStatus = (int) (status >> 32);
    int theirStatus = (int) status;
    long pid =
        kernel.spawn(
            new SpawnRequest(
                shell,
                List.of("sh"),
                List.of(),
                List.of(new Given(theirScript, 0), new Given(theirStatus, Script.STATUS_FD))));
    kernel.close(theirScript);
    kernel.close(theirStatus);
    try {
      KernelException.check(pid, "starting " + shell);
      return settle(pid, ourScript, ourStatus);
    } catch (KernelException e) {
      // Without its script's write end a gate ends by itself.
      kernel.close(ourScript);
      kernel.close(ourStatus);
      throw e;
    }
  }

  /** For a gate that is to wait: its script will find everything in memory. */
  void warmUp(Gate gate) {
    kernel.write(gate.script(), WARM_UP, 0, WARM_UP.length);
  }

  private Gate settle(long pid, int script, int status) {
    // It is our child and nobody else waits for it, so the pid cannot be another process.
    int pidfd = (int) KernelException.check(kernel.pidfdOpen(pid), "pidfd_open of a gate");
    ProcFiles.Stat stat = proc.stat(pid);
    if (stat == null) {
      kernel.close(pidfd);
      throw new IllegalStateException("/proc does not show our own child " + pid);
    }
    kernel.setNonBlocking(script);
    kernel.setNonBlocking(status);
    // A manager may be spared by the OOM killer and may run niced; what it starts must not.
    proc.write("/proc/" + pid + "/oom_score_adj", "0");
    kernel.setNice(pid, 0);
    return new Gate(
        new ProcessId(pid, stat.startTime()), pidfd, script, status, cgroups.house(pid));
  }
}
