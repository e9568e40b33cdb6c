package io.hamlet.agent.basic.conf;

import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The state change that a section of {@code actions.conf} is for.
 *
 * @param from a state, or {@code *}
 * @param to a state, or {@code *}
 * @param host only when this one changed; empty: any
 */
public record Transition(String from, String to, String host) {
  /** Any state but {@code unknown}. */
  public static final String ANY = "*";

  /** Before anything was seen. */
  public static final String UNKNOWN = "unknown";

  private static final Pattern FORM =
      Pattern.compile(
          "(\\*|[a-z0-9-]{1,64})_to_(\\*|[a-z0-9-]{1,64})(?:@([a-z0-9._-]{1,100}))?",
          Pattern.CASE_INSENSITIVE);

  /** Throws IllegalArgumentException. */
  static Transition of(String name) {
    Matcher match = FORM.matcher(name);
    if (!match.matches()) {
      throw new IllegalArgumentException(
          "[" + name + "] is not [FROM_to_TO] or [FROM_to_TO@HOST], with states of a-z 0-9 - or *");
    }
    String host = match.group(3) == null ? "" : match.group(3);
    return new Transition(
        match.group(1).toLowerCase(Locale.ROOT), match.group(2).toLowerCase(Locale.ROOT), host);
  }

  /** The sections that may serve a change, the most exact first. */
  static List<Transition> serving(String host, String from, String to) {
    return List.of(
        new Transition(from, to, host),
        new Transition(from, to, ""),
        new Transition(ANY, to, host),
        new Transition(ANY, to, ""),
        new Transition(from, ANY, host),
        new Transition(from, ANY, ""),
        new Transition(ANY, ANY, host),
        new Transition(ANY, ANY, ""));
  }

  /** Whether it is for that change; {@code *} never means {@code unknown}. */
  boolean covers(String aHost, String aFrom, String aTo) {
    return (host.isEmpty() || host.equals(aHost)) && covers(from, aFrom) && covers(to, aTo);
  }

  private static boolean covers(String pattern, String state) {
    return pattern.equals(ANY) ? !state.equals(UNKNOWN) : pattern.equals(state);
  }

  /** As a section has it, and a condition in the tree. */
  public String name() {
    return from + "_to_" + to + (host.isEmpty() ? "" : "@" + host);
  }
}
