package io.hamlet.core.model;

/**
 * How a process ended.
 *
 * @param value the exit code, or the signal number; 0 for the other kinds
 * @param coreDumped the kernel says that a core was written
 */
public record Exit(Kind kind, int value, boolean coreDumped) {
  /** Four kinds of end. */
  public enum Kind {
    EXITED,
    SIGNALED,
    /** It is gone and nobody could say how; an honest answer (architecture.md 2). */
    UNKNOWN,
    /** The whole boot it lived in is over. */
    REBOOT
  }

  public static final Exit UNKNOWN = new Exit(Kind.UNKNOWN, 0, false);
  public static final Exit REBOOT = new Exit(Kind.REBOOT, 0, false);

  /** Signals whose default action dumps core on Linux (signal(7)); ham.md 4. */
  private static final long CORE_SIGNALS =
      1L << 3 | 1L << 4 | 1L << 5 | 1L << 6 | 1L << 7 | 1L << 8 | 1L << 11 | 1L << 24 | 1L << 25
          | 1L << 31;

  public static Exit exited(int code) {
    return new Exit(Kind.EXITED, code, false);
  }

  public static Exit signaled(int signal, boolean coreDumped) {
    return new Exit(Kind.SIGNALED, signal, coreDumped);
  }

  /** True for an end that fires CONDABNORMALDEATH, whether or not a core file was written. */
  public boolean isAbnormal() {
    return kind == Kind.SIGNALED && value > 0 && value < 64 && (CORE_SIGNALS >> value & 1) == 1;
  }

  /** The words of {@code HAM_REASON} and of the event stream: {@code exit 3}, {@code signal 9}. */
  public String reason() {
    return switch (kind) {
      case EXITED -> "exit " + value;
      case SIGNALED -> "signal " + value + (coreDumped ? " core" : "");
      case UNKNOWN -> "unknown";
      case REBOOT -> "REBOOT";
    };
  }
}
