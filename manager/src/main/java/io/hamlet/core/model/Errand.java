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
 */
public record Errand(Deed deed, List<ProcessSpec.Variable> environment) {
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
    if (!fits) {
      throw Refused.invalid("this cannot be done on another node: " + deed);
    }
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
     * @param why for people
     */
    record Failed(String why) implements Fate {}

    /** It came too late, by the clock of the addressee, which did nothing and remembers nothing. */
    record Expired() implements Fate {}
  }
}
