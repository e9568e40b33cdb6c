package io.hamlet.agent.basic.core;

import io.hamlet.agent.basic.conf.CheckOptions;
import io.hamlet.agent.script.Raw;
import java.util.Set;

/**
 * What the end of a script means (sam.md 5.4).
 *
 * @param word the state it speaks for; empty: it has no effect on the state
 * @param printed the word is the script's own, not a default
 * @param event what else is to be told; empty: nothing
 */
public record Reading(
    Outcome outcome, String word, boolean printed, CheckOutput output, String event) {
  static final String DEGRADED = "degraded";
  static final String NOT_RUNNABLE = "check-not-runnable";
  static final String UNREACHABLE = "scope-unreachable";

  private static final int SSH_FAILED = 255;

  /** The meaning of a raw result; {@code words} are those that may stand alone. */
  public static Reading of(Raw raw, CheckOptions options, boolean viaSsh, Set<String> words) {
    CheckOutput output = CheckOutput.parse(raw.output(), words);
    return switch (raw.end()) {
      case NOT_STARTED -> unknown(output, NOT_RUNNABLE);
      case TIMED_OUT ->
          options.criticalOnTimeout()
              ? new Reading(Outcome.CRITICAL, options.critical(), false, output, "")
              : unknown(output, "");
      case EXITED -> of(raw.exit(), output, options, viaSsh);
    };
  }

  private static Reading of(int exit, CheckOutput output, CheckOptions options, boolean viaSsh) {
    return switch (exit) {
      case 0 -> known(Outcome.OK, output, options.ok(), "");
      case 1 -> known(Outcome.WARNING, output, options.warning(), DEGRADED);
      case 2 -> known(Outcome.CRITICAL, output, options.critical(), "");
      case 126, 127 -> unknown(output, NOT_RUNNABLE);
      default -> unknown(output, viaSsh && exit == SSH_FAILED ? UNREACHABLE : "");
    };
  }

  private static Reading known(
      Outcome outcome, CheckOutput output, String otherwise, String event) {
    boolean printed = !output.word().isEmpty();
    return new Reading(outcome, printed ? output.word() : otherwise, printed, output, event);
  }

  private static Reading unknown(CheckOutput output, String event) {
    return new Reading(Outcome.UNKNOWN, "", false, output, event);
  }

  /** The same, with a state that was said beside the output; empty: none was. */
  Reading saying(String state) {
    String said = CheckOutput.allowed(state);
    boolean counts = outcome != Outcome.UNKNOWN && !said.isEmpty();
    return counts ? new Reading(outcome, said, true, output, event) : this;
  }

  /** A default word for a good result: it gives way to what other checks of the host printed. */
  boolean isWeak() {
    return !printed && outcome != Outcome.CRITICAL;
  }
}
