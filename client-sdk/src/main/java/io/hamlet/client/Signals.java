package io.hamlet.client;

import java.util.List;
import java.util.Locale;

/** Signals by their Linux names. Pure. */
final class Signals {
  private static final List<String> NAMES =
      List.of(
          "NONE", "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV",
          "USR2", "PIPE", "ALRM", "TERM", "STKFLT", "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU",
          "URG", "XCPU", "XFSZ", "VTALRM", "PROF", "WINCH", "IO", "PWR", "SYS");

  private Signals() {}

  /** The number of {@code TERM}, {@code SIGTERM} or {@code 15}; 0 for {@code none}. */
  static int number(String name) throws SamException {
    String plain = name.toUpperCase(Locale.ROOT);
    int number = NAMES.indexOf(plain.startsWith("SIG") ? plain.substring(3) : plain);
    if (number < 0 && plain.matches("[0-9]{1,2}")) {
      number = Integer.parseInt(plain);
    }
    if (number < 0) {
      throw new SamException(SamStatus.INVALID_PARAM, "'" + name + "' is no signal", null);
    }
    return number;
  }
}
