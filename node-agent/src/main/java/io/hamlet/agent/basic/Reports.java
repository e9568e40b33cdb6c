package io.hamlet.agent.basic;

import io.hamlet.agent.basic.core.Report;
import io.hamlet.agent.script.run.GroupRun;

/** Results that come in at the socket. */
final class Reports {
  private static final int LONGEST_OUTPUT = GroupRun.MOST_OUTPUT;

  private Reports() {}

  /** Throws IllegalArgumentException; unknown fields are ignored. */
  static Report of(Fields f) {
    String check = check(f);
    int exit = f.integer("exit");
    if (exit < 0 || exit > 255) {
      throw new IllegalArgumentException("'exit' must be from 0 to 255");
    }
    return new Report(check, f.text("host"), exit, f.text("state"), output(f));
  }

  static String check(Fields f) {
    String check = f.text("check");
    if (!check.matches("[A-Za-z0-9._-]{1,100}")) {
      throw new IllegalArgumentException("'check' must be the name of a check");
    }
    return check;
  }

  static String output(Fields f) {
    String output = f.text("output");
    return output.substring(0, Math.min(LONGEST_OUTPUT, output.length()));
  }
}
