package io.hamlet.agent.fence;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a fence agent is told of each node: a file with a line {@code NODE name=value} for each
 * option, where {@code *} is every node; a later line wins. Blank lines and those that begin with
 * {@code #} say nothing. Immutable.
 */
public final class FenceOptions {
  private static final int MOST_LINES = 10_000;
  private static final Pattern LINE =
      Pattern.compile("([A-Za-z0-9._-]{1,64}|\\*)[ \\t]+([A-Za-z0-9_-]{1,64})=(.{0,1000})");

  private final List<Option> options;

  private record Option(String node, String name, String value) {}

  private FenceOptions(List<Option> options) {
    this.options = options;
  }

  /** Throws IllegalArgumentException that names the line, never what is in it: it may be secret. */
  public static FenceOptions parse(List<String> lines) {
    if (lines.size() > MOST_LINES) {
      throw new IllegalArgumentException("more than " + MOST_LINES + " lines");
    }
    List<Option> options = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).strip();
      if (line.isEmpty() || line.startsWith("#")) {
        continue;
      }
      Matcher parts = LINE.matcher(line);
      if (!parts.matches()) {
        throw new IllegalArgumentException("line " + (i + 1) + " is not NODE name=value");
      }
      options.add(new Option(parts.group(1), parts.group(2), parts.group(3)));
    }
    return new FenceOptions(options);
  }

  /** For the standard input of the agent, one to a line. */
  String input(String node, String action) {
    TreeMap<String, String> all = new TreeMap<>();
    all.put("nodename", node);
    for (Option option : options) {
      if (option.node.equals("*") || option.node.equals(node)) {
        all.put(option.name, option.value);
      }
    }
    if (!all.containsKey("port")) {
      all.putIfAbsent("plug", node);
    }
    all.put("action", action);
    StringBuilder text = new StringBuilder();
    all.forEach((name, value) -> text.append(name).append('=').append(value).append('\n'));
    return text.toString();
  }
}
