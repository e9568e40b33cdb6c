package io.hamlet.agent.leash;

import io.hamlet.agent.os.Kernel;
import io.hamlet.agent.os.KernelException;
import io.hamlet.agent.os.SpawnRequest;
import io.hamlet.agent.os.SpawnRequest.Given;
import io.hamlet.agent.process.ProcFiles;
import io.hamlet.core.model.ProcessId;
import io.hamlet.manager.lease.LeashSecret;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Makes leashes. Blocks for milliseconds, at times for tens. Thread-safe. */
final class LeashMaker {
  private static final String SHELL = "/bin/bash";
  private static final int LEAST_NICE = -20;
  private static final String NEVER_BY_OOM = "-1000";
  private static final long NANOS_PER_HUNDREDTH = 10_000_000L;

  private final Kernel kernel;
  private final ProcFiles proc;
  private final Cordon cordon;
  private final String node;
  private final long longest;
  private final String script;

  /**
   * One that was made.
   *
   * @param pidfd ours
   * @param rein ours
   */
  record Made(ProcessId process, int pidfd, Rein rein) {}

  /**
   * @param longestNanos no deadline is ever further away
   */
  LeashMaker(Kernel kernel, Cordon cordon, String node, long longestNanos) {
    this.kernel = kernel;
    this.proc = new ProcFiles(kernel);
    this.cordon = cordon;
    this.node = node;
    this.longest = Math.ceilDiv(longestNanos, NANOS_PER_HUNDREDTH);
    try (InputStream text = LeashMaker.class.getResourceAsStream("leash.sh")) {
      this.script = new String(text.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * A leash that has its secret, knows no voters, and is not armed. Throws {@link KernelException}
   * and leaves nothing behind then; without its secret a leash ends with its writers, silently.
   */
  Made make(long incarnation, long generation, LeashSecret secret) {
    // It may be opened anew by those who take over; a name to it in the file system there never is.
    long pipe = KernelException.check(kernel.pipe(), "pipe");
    int theirs = (int) (pipe >> 32);
    Rein rein = new Rein(kernel, (int) pipe);
    long quiet = kernel.pipe();
    long pid = quiet < 0 ? quiet : spawn(theirs, quiet, incarnation, generation);
    kernel.close(theirs);
    if (quiet >= 0) {
      kernel.close((int) (quiet >> 32));
      kernel.close((int) quiet);
    }
    try {
      KernelException.check(pid, "starting " + SHELL);
      return settle(pid, rein, secret);
    } catch (RuntimeException e) {
      rein.close();
      throw e;
    }
  }

  private long spawn(int line, long quiet, long incarnation, long generation) {
    List<String> argv =
        List.of(
            "hamlet-leash",
            "--norc",
            "-c",
            script,
            "leash",
            cordon.hasKill() ? "kill" : "freeze",
            Long.toString(longest),
            node,
            Long.toString(incarnation),
            Long.toString(generation),
            cordon.kept().toString(),
            cordon.pair().toString(),
            cordon.stopped().toString());
    List<Given> given =
        List.of(new Given(line, 0), new Given((int) (quiet >> 32), 3), new Given((int) quiet, 4));
    return kernel.spawn(new SpawnRequest(SHELL, argv, List.of("LC_ALL=C"), given));
  }

  private Made settle(long pid, Rein rein, LeashSecret secret) {
    // It is our child, so the pid cannot be another process until we bury it.
    int pidfd = (int) KernelException.check(kernel.pidfdOpen(pid), "pidfd_open of a leash");
    try {
      ProcFiles.Stat stat = proc.stat(pid);
      if (stat == null) {
        throw new IllegalStateException("/proc does not show our own child " + pid);
      }
      kernel.setNonBlocking(rein.descriptor());
      // Out of the cgroup of the pair before it has anything to end.
      Cordon.move(proc, pid, cordon.leash());
      proc.write("/proc/" + pid + "/oom_score_adj", NEVER_BY_OOM);
      kernel.setNice(pid, LEAST_NICE);
      if (!rein.say("S " + secret.all() + " " + secret.stopped())) {
        throw new IllegalStateException("a leash does not read");
      }
      return new Made(new ProcessId(pid, stat.startTime()), pidfd, rein);
    } catch (RuntimeException e) {
      kernel.close(pidfd);
      throw e;
    }
  }

  /** The line that sets a deadline. */
  static String deadline(long bootNanos) {
    // Its clock counts hundredths; rounded down, it is never late.
    long hundredths = Math.clamp(bootNanos / NANOS_PER_HUNDREDTH, 1, 999_999_999_999L);
    String digits = Long.toString(bootNanos == Long.MAX_VALUE ? 0 : hundredths);
    return "D " + "0".repeat(12 - digits.length()) + digits + " .";
  }
}
