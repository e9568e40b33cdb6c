package io.hamlet.agent.script.run;

import io.hamlet.agent.os.Kernel;
import io.hamlet.agent.script.Raw;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Runs a program in a session of its own, with a time limit for all of its process group. No shell.
 * Thread-safe; each call blocks its thread until the program has ended.
 */
public final class GroupRun {
  /** What scripts find programs in. */
  public static final String PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

  /** All processes of a run have this in their environment, wherever they went. */
  public static final String MARK = "HAM_RUN";

  /** Bytes of the output of a run that are kept. */
  public static final int MOST_OUTPUT = Kept.MOST;

  private static final long END_OF_OUTPUT = 500;

  private final Kernel kernel;
  private final Set<Long> captured = ConcurrentHashMap.newKeySet();

  public GroupRun(Kernel kernel) {
    this.kernel = kernel;
  }

  /**
   * What to run.
   *
   * @param environment all of it
   * @param killAfter from TERM to KILL, once the time is over
   */
  public record Job(
      List<String> argv,
      Map<String, String> environment,
      Path directory,
      Duration timeout,
      Duration killAfter) {}

  /** What it gave. */
  public record Result(Raw raw, String errors) {}

  /** Keeps the output; nothing of the group is left when this returns, or is interrupted. */
  public Result capture(Job job) throws InterruptedException {
    Process process;
    try {
      process = builder(job).start();
    } catch (IOException e) {
      return new Result(Raw.notStarted(e.getMessage()), "");
    }
    captured.add(process.pid());
    Kept output = Kept.of(process.getInputStream());
    Kept errors = Kept.of(process.getErrorStream());
    boolean inTime;
    try {
      inTime = await(process, job);
    } finally {
      // Whoever is left holds the output open, and is nobody's.
      captured.remove(process.pid());
      kernel.kill(-process.pid(), Kernel.SIGKILL);
    }
    if (!output.awaitEnd(END_OF_OUTPUT) || !errors.awaitEnd(END_OF_OUTPUT)) {
      Leftovers.end(kernel, MARK + "=" + job.environment().get(MARK));
      output.awaitEnd(END_OF_OUTPUT);
    }
    String text = output.text();
    return new Result(
        inTime ? Raw.exited(process.exitValue(), text) : Raw.timedOut(text), errors.text());
  }

  /** Output goes to the end of a file; what the program leaves behind on purpose lives on. */
  public Raw append(Job job, File file) throws InterruptedException {
    Process process;
    try {
      ProcessBuilder.Redirect end = ProcessBuilder.Redirect.appendTo(file);
      process = builder(job).redirectOutput(end).redirectErrorStream(true).start();
    } catch (IOException e) {
      return Raw.notStarted(e.getMessage());
    }
    if (await(process, job)) {
      return Raw.exited(process.exitValue(), "");
    }
    kernel.kill(-process.pid(), Kernel.SIGKILL);
    return Raw.timedOut("");
  }

  /** Ends everything whose output is being kept. */
  public void endCaptured() {
    captured.forEach(pid -> kernel.kill(-pid, Kernel.SIGKILL));
  }

  private static ProcessBuilder builder(Job job) {
    List<String> argv = new ArrayList<>(List.of(Tools.find("setsid")));
    argv.addAll(job.argv());
    ProcessBuilder builder = new ProcessBuilder(argv);
    builder.environment().clear();
    builder.environment().putAll(job.environment());
    builder.directory(job.directory().toFile());
    builder.redirectInput(new File("/dev/null"));
    return builder;
  }

  /** False when the time was over and it had to be ended. */
  private boolean await(Process process, Job job) throws InterruptedException {
    if (process.waitFor(job.timeout().toMillis(), TimeUnit.MILLISECONDS)) {
      return true;
    }
    kernel.kill(-process.pid(), Kernel.SIGTERM);
    if (!process.waitFor(job.killAfter().toMillis(), TimeUnit.MILLISECONDS)) {
      kernel.kill(-process.pid(), Kernel.SIGKILL);
      process.waitFor();
    }
    return false;
  }
}
