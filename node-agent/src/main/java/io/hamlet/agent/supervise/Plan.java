package io.hamlet.agent.supervise;

import io.hamlet.agent.supervise.health.Health;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * What is to be supervised, and how (sam.md 4.5).
 *
 * @param name of the program among those of its node
 * @param argv an absolute path and arguments
 * @param environment all that the program gets, but for what supervision adds
 * @param directory its working directory, absolute
 * @param interval within which a sign of life is due; zero: no limit
 * @param restart after a failure it is started again; else it is over
 * @param health who gives the signs of life
 * @param startsWhenReady supervision begins when the program is ready, not with each instance
 * @param quorum start waits for a quorum, and its loss is a failure
 * @param quorumWait how long the first start waits; zero: without limit
 * @param publish its keys are published
 * @param warnSignal its number; 0: none
 * @param killAfter from warning to kill; zero: the interval, and without one 10 s
 * @param restarts how often and how soon; null: as usual
 * @param successExits statuses that end supervision in good order
 * @param data what the first instance finds
 * @param strict as libsam does
 */
public record Plan(
    String name,
    List<String> argv,
    Map<String, String> environment,
    Path directory,
    Duration interval,
    boolean restart,
    Health health,
    boolean startsWhenReady,
    boolean quorum,
    Duration quorumWait,
    boolean publish,
    int warnSignal,
    Duration killAfter,
    Restarts restarts,
    List<Integer> successExits,
    byte[] data,
    boolean strict) {
  /** From warning to kill where there is no interval. */
  static final Duration USUAL_GRACE = Duration.ofSeconds(10);

  /**
   * How often and how soon.
   *
   * @param most restarts within the period before it is given up; 0: no limit
   * @param least pause before the second try in a row, doubled each time
   * @param longest pause
   */
  public record Restarts(int most, Duration period, Duration least, Duration longest) {
    /** Outside of strict mode, unless somebody says otherwise. */
    public static final Restarts USUAL =
        new Restarts(5, Duration.ofMinutes(1), Duration.ofMillis(100), Duration.ofSeconds(10));

    /** At once, for ever. */
    public static final Restarts UNLIMITED =
        new Restarts(0, Duration.ZERO, Duration.ZERO, Duration.ZERO);
  }

  public Plan {
    argv = List.copyOf(argv);
    environment = Map.copyOf(environment);
    successExits = List.copyOf(successExits);
    data = data.clone();
  }
}
