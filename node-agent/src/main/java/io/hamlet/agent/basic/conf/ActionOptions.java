package io.hamlet.agent.basic.conf;

import java.time.Duration;

/**
 * What holds for all sequences.
 *
 * @param timeout for each command
 * @param killAfter from TERM to KILL
 * @param stopOnFailure else the next command runs all the same
 * @param parallelHosts sequences at one time, of different hosts
 * @param allowAbsolute commands may be absolute paths
 * @param resume a sequence that was cut off goes on at the command it was at
 */
public record ActionOptions(
    Duration timeout,
    Duration killAfter,
    boolean stopOnFailure,
    int parallelHosts,
    boolean allowAbsolute,
    boolean resume) {
  /** What holds where no line says otherwise. */
  public static final ActionOptions DEFAULT =
      new ActionOptions(Duration.ofSeconds(60), Duration.ofSeconds(5), true, 1, false, false);

  /** The same with one option set. Throws IllegalArgumentException for what is no such option. */
  ActionOptions with(String key, String v) {
    return switch (key) {
      case "timeout" -> copy(Readers.duration(v), killAfter, stopOnFailure, parallelHosts);
      case "kill_after" -> copy(timeout, Readers.duration(v), stopOnFailure, parallelHosts);
      case "on_failure" ->
          copy(timeout, killAfter, Readers.is(v, "stop", "continue"), parallelHosts);
      case "max_parallel_hosts" -> copy(timeout, killAfter, stopOnFailure, Readers.count(v));
      case "allow_absolute" -> permit(Readers.yesOrNo(v), resume);
      case "resume" -> permit(allowAbsolute, Readers.yesOrNo(v));
      default -> throw new IllegalArgumentException("there is no option '" + key + "'");
    };
  }

  private ActionOptions copy(Duration limit, Duration grace, boolean stop, int parallel) {
    return new ActionOptions(limit, grace, stop, parallel, allowAbsolute, resume);
  }

  private ActionOptions permit(boolean absolute, boolean goOn) {
    return new ActionOptions(timeout, killAfter, stopOnFailure, parallelHosts, absolute, goOn);
  }
}
