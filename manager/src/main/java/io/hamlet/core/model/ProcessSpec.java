package io.hamlet.core.model;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.List;

/**
 * How to start a process. Nothing in it is ever interpreted by a shell.
 *
 * @param argv the program (an absolute path) and its arguments
 * @param environment added to the small base environment, later entries win
 * @param directory an absolute path; "/" by default
 * @param user who it runs as, {@code user} or {@code user:group}; empty: as the manager
 * @param limits resource limits, such as {@code nofile=1024}
 * @param logFile where its output goes; empty: the manager's own place, rotated
 * @param forking the started process ends and leaves a daemon; that one is the entity
 * @param pidFile where a forking program writes the pid of its daemon; empty: its session leader
 * @param kill what is ended before a restart
 */
public record ProcessSpec(
    List<String> argv,
    List<Variable> environment,
    String directory,
    String user,
    List<Limit> limits,
    String logFile,
    boolean forking,
    String pidFile,
    Kill kill) {

  /** How long a forking program may take to leave its daemon. */
  public static final Duration FORKING_LIMIT = Duration.ofSeconds(90);

  private static final int MOST_LIMITS = 32;

  /** An environment variable. */
  public record Variable(String name, String value) {}

  /** A soft and hard resource limit by the name setrlimit(2) has without RLIMIT_, in lower case. */
  public record Limit(String resource, long value) {
    /** The value of "unlimited". */
    public static final long UNLIMITED = -1;
  }

  /** What is ended before a restart (never on adoption). */
  public enum Kill {
    /** Everything that is left of the old process's cgroup or process group. */
    GROUP,
    /** Nothing but the process itself, which is dead. */
    PROCESS
  }

  public ProcessSpec {
    argv = List.copyOf(argv);
    environment = List.copyOf(environment);
    limits = List.copyOf(limits);
    CommandLine.check(argv);
    if (limits.size() > MOST_LIMITS) {
      throw Refused.invalid("there are more than " + MOST_LIMITS + " resource limits");
    }
    long bytes = 0;
    for (Variable v : environment) {
      bytes += v.name().getBytes(UTF_8).length + v.value().getBytes(UTF_8).length + 2L;
      if (v.name().isEmpty() || v.name().indexOf('=') >= 0 || v.name().indexOf(0) >= 0) {
        throw Refused.invalid("'" + v.name() + "' is no name of an environment variable");
      }
      if (v.value().indexOf(0) >= 0) {
        throw Refused.invalid("the value of " + v.name() + " has a NUL character");
      }
    }
    if (bytes > CommandLine.MAX_BYTES) {
      throw new Refused(
          Rejection.Reason.NAME_TOO_LONG,
          "the environment is longer than " + CommandLine.MAX_BYTES + " bytes");
    }
    for (String path : List.of(directory, logFile, pidFile)) {
      if (path.indexOf(0) >= 0 || (!path.isEmpty() && !path.startsWith("/"))) {
        throw Refused.invalid("'" + path + "' must be an absolute path");
      }
    }
    if (directory.isEmpty()) {
      directory = "/";
    }
  }

  public static ProcessSpec of(List<String> argv) {
    return new ProcessSpec(argv, List.of(), "/", "", List.of(), "", false, "", Kill.GROUP);
  }

  public ProcessSpec withKill(Kill other) {
    return new ProcessSpec(
        argv, environment, directory, user, limits, logFile, forking, pidFile, other);
  }

  public ProcessSpec withArgv(List<String> other) {
    return new ProcessSpec(
        other, environment, directory, user, limits, logFile, forking, pidFile, kill);
  }
}
