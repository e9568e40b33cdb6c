package io.hamlet.agent.cli;

import java.util.List;

/** Signals by name or number, as Linux numbers them on the architectures we run on. */
final class Signals {
  private static final List<String> NAMES =
      List.of(
          "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2",
          "PIPE", "ALRM", "TERM", "STKFLT", "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG",
          "XCPU", "XFSZ", "VTALRM", "PROF", "WINCH", "IO", "PWR", "SYS");

  /** As the C library has them: it keeps 32 and 33 for itself. */
  private static final int RTMIN = 34;

  private static final int RTMAX = 64;

  private Signals() {}

  /** Reads {@code TERM}, {@code SIGTERM}, {@code 15}, {@code RTMIN+2}. */
  static int number(String text) {
    String name = text.startsWith("SIG") ? text.substring(3) : text;
    int number;
    if (NAMES.contains(name)) {
      number = NAMES.indexOf(name) + 1;
    } else if (name.matches("RTMIN(\\+\\d{1,2})?")) {
      number = RTMIN + (name.length() > 6 ? Integer.parseInt(name.substring(6)) : 0);
    } else if (name.matches("RTMAX(-\\d{1,2})?")) {
      number = RTMAX - (name.length() > 6 ? Integer.parseInt(name.substring(6)) : 0);
    } else {
      number = text.matches("\\d{1,2}") ? Integer.parseInt(text) : 0;
    }
    if (number < 1 || number > RTMAX) {
      throw new IllegalArgumentException(
          "'" + text + "' is no signal; give a name such as TERM or RTMIN+1, or 1 to 64");
    }
    return number;
  }
}
