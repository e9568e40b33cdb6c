package io.hamlet.agent.supervise.health;

/**
 * What a look gave.
 *
 * @param text why, for people; one line, may be empty
 */
public record Finding(Verdict verdict, String text) {
  /** How the program is. */
  public enum Verdict {
    WELL,
    SICK,
    /** Nobody could look, which is no fault of the program. */
    UNKNOWN
  }

  private static final int LONGEST = 300;

  public Finding {
    String line = text.replaceAll("\\p{Cntrl}", " ").strip();
    text = line.substring(0, Math.min(line.length(), LONGEST));
  }

  static Finding well(String text) {
    return new Finding(Verdict.WELL, text);
  }

  static Finding sick(String why) {
    return new Finding(Verdict.SICK, why);
  }

  static Finding unknown(String why) {
    return new Finding(Verdict.UNKNOWN, why);
  }
}
