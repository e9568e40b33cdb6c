package io.hamlet.core.model;

import java.time.Duration;
import java.util.List;

/**
 * An effect that one node asks another to perform (architecture.md 2).
 *
 * <p>Three spans keep the two sides from doing both an action and its alternate. The addressee
 * begins nothing after {@link #SPAN}, by its own clock; the sender gives it up {@link #MARGIN}
 * later; and the addressee knows what it did for {@link #KEPT} more, longer than anybody asks.
 *
 * @param deed an execute, a pulse, or a signal to a process that is named
 * @param environment of an execute
 * @param times that a pulse is sent, from 1 to {@link #MOST_TIMES}; 1 for all else
 */
public record Errand(Deed deed, List<ProcessSpec.Variable> environment, int times) {
  public static final int MOST_TIMES = 64;

  /** Long enough for a takeover at the other end, short enough for an alternate to be of use. */
  public static final Duration SPAN = Duration.ofSeconds(5);

  /** For the last answer to come back, and for clocks that do not run equally fast. */
  public static final Duration MARGIN = Duration.ofSeconds(1);

  public static final Duration KEPT = Duration.ofSeconds(10);

  public Errand {
    environment = List.copyOf(environment);
    boolean fits =
        switch (deed) {
          case Deed.Execute e -> true;
          case Deed.Pulse p -> environment.isEmpty();
          case Deed.Signal s -> s.process() != null && environment.isEmpty();
          case Deed.Restart r -> false;
          case Deed.WaitFor w -> false;
          case Deed.HeartbeatHealthy h -> false;
          case Deed.Log l -> false;
        };
    int most = deed instanceof Deed.Pulse ? MOST_TIMES : 1;
    if (!fits || times < 1 || times > most) {
      throw Refused.invalid("this cannot be done on another node: " + deed);
    }
  }

  /** Once. */
  public Errand(Deed deed, List<ProcessSpec.Variable> environment) {
    this(deed, environment, 1);
  }

  /** The node that is asked. */
  public String node() {
    return switch (deed) {
      case Deed.Execute e -> e.node();
      case Deed.Pulse p -> p.node();
      case Deed.Signal s -> s.node();
      default -> throw new IllegalStateException("no errand: " + deed);
    };
  }

  /** Why nobody knows whether that node did what it was asked for. */
  public static String beganAnew(String node) {
    return "outcome unknown: node '" + node + "' began anew";
  }

  /** {@code execute}, {@code pulse} or {@code signal}. */
  public String word() {
    return switch (deed) {
      case Deed.Execute e -> "execute";
      case Deed.Pulse p -> "pulse";
      case Deed.Signal s -> "signal";
      default -> throw new IllegalStateException("no errand: " + deed);
    };
  }

  /** What became of one. */
  public sealed interface Fate {
    record Done() implements Fate {}

    /**
     * It came to nothing, all of it or from some time on.
     *
     * @param why for people
     * @param done so many times it was done, then it was refused and not tried any more; {@link
     *     #UNKNOWN}: who is told must take it that all of them failed
     */
    record Failed(String why, int done) implements Fate {
      public static final int UNKNOWN = -1;

      public Failed(String why) {
        this(why, UNKNOWN);
      }
    }

    /**
     * It was not taken on, and is not remembered: whoever asks again may be answered otherwise.
     *
     * @param why for people
     */
    record Refused(String why) implements Fate {}

    /** It came too late, by the clock of the addressee, which did nothing and remembers nothing. */
    record Expired() implements Fate {}
  }
}
