package io.hamlet.agent.script;

/**
 * How a script ended, nothing interpreted yet.
 *
 * @param end how it came to an end
 * @param exit its status; 128 and more: death by a signal
 * @param output what was kept of its standard output
 */
public record Raw(End end, int exit, String output) {
  /** The ways to end. */
  public enum End {
    EXITED,
    TIMED_OUT,
    /** It never ran; the output says why. */
    NOT_STARTED
  }

  /** It ended by itself. */
  public static Raw exited(int exit, String output) {
    return new Raw(End.EXITED, exit, output);
  }

  public static Raw timedOut(String output) {
    return new Raw(End.TIMED_OUT, -1, output);
  }

  public static Raw notStarted(String why) {
    return new Raw(End.NOT_STARTED, -1, why);
  }

  /** It ran, and ended with 0. */
  public boolean succeeded() {
    return end == End.EXITED && exit == 0;
  }

  /** For people. */
  public String words() {
    return switch (end) {
      case EXITED -> exit > 128 ? "signal " + (exit - 128) : "exit " + exit;
      case TIMED_OUT -> "timeout";
      case NOT_STARTED -> "not started: " + output;
    };
  }
}
