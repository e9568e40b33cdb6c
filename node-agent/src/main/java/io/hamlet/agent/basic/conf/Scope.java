package io.hamlet.agent.basic.conf;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where checks run. */
public sealed interface Scope {
  /** The section's name. */
  String name();

  /** On this node. */
  record Local() implements Scope {
    @Override
    public String name() {
      return "local";
    }
  }

  /**
   * Through ssh.
   *
   * @param user empty: what ssh takes by itself
   * @param port 0: what ssh takes by itself
   */
  record Ssh(String name, String user, String host, int port) implements Scope {}

  /** On another node of the cluster, or on this one, by the daemon that runs there. */
  record Node(String name, String node) implements Scope {}

  Pattern NODE = Pattern.compile("node:([A-Za-z0-9._-]{1,64})");

  Pattern SSH =
      Pattern.compile(
          "ssh:(?:([A-Za-z0-9_][A-Za-z0-9._-]{0,63})@)?"
              + "([A-Za-z0-9][A-Za-z0-9.-]*|\\[[0-9a-fA-F:.]+\\])"
              + "(?::([0-9]{1,5}))?");

  /** True for a section that names a scope, if it were written right. */
  static boolean isScope(String section) {
    return section.equals("local") || section.startsWith("ssh:") || section.startsWith("node:");
  }

  /** Throws IllegalArgumentException. */
  static Scope of(String section) {
    if (section.equals("local")) {
      return new Local();
    }
    if (section.startsWith("node:")) {
      Matcher match = NODE.matcher(section);
      if (!match.matches()) {
        throw new IllegalArgumentException(
            "[" + section + "] is not [node:NAME], with a name of 1 to 64 of A-Z a-z 0-9 . _ -");
      }
      return new Node(section, match.group(1));
    }
    Matcher match = SSH.matcher(section);
    int port = match.matches() && match.group(3) != null ? Integer.parseInt(match.group(3)) : 0;
    if (!match.matches() || port > 65_535 || (match.group(3) != null && port == 0)) {
      throw new IllegalArgumentException("[" + section + "] is not [ssh:USER@HOST:PORT]");
    }
    String user = match.group(1) == null ? "" : match.group(1);
    String host = match.group(2);
    return new Ssh(section, user, host.replaceAll("[\\[\\]]", ""), port);
  }
}
