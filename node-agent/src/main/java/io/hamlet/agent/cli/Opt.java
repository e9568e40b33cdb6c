package io.hamlet.agent.cli;

import java.util.List;
import org.apache.commons.cli.Option;

/**
 * One option of a command.
 *
 * @param name the long name without dashes
 * @param letter the short name without dash; null for none
 * @param value what help calls its value; {@code a|b} lists all values there are; null: a switch
 * @param many may be given more than once
 * @param later belongs to a later version: refused with that word, and not shown
 */
record Opt(String name, String letter, String value, String help, boolean many, boolean later) {
  static Opt flag(String name, String help) {
    return new Opt(name, null, null, help, false, false);
  }

  static Opt value(String name, String value, String help) {
    return new Opt(name, null, value, help, false, false);
  }

  static Opt later(String name, String value) {
    return new Opt(name, null, value, "", true, true);
  }

  Opt as(String shortName) {
    return new Opt(name, shortName, value, help, many, later);
  }

  Opt repeated() {
    return new Opt(name, letter, value, help, true, later);
  }

  /** All values there are; empty when any will do. */
  List<String> choices() {
    return value != null && value.matches("[a-z]+(\\|[a-z]+)+")
        ? List.of(value.split("\\|"))
        : List.of();
  }

  /** As help and error messages show it. */
  String shown() {
    return (letter == null ? "" : "-" + letter + ", ")
        + "--"
        + name
        + (value == null ? "" : " " + value);
  }

  Option forParser() {
    Option.Builder option = letter == null ? Option.builder() : Option.builder(letter);
    return option.longOpt(name).hasArg(value != null).get();
  }
}
