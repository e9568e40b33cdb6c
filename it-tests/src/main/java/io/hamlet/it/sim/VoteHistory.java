package io.hamlet.it.sim;

import io.hamlet.manager.port.Consensus.Machine;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/** A machine that remembers its commands, and watches that it is called as promised. */
public final class VoteHistory implements Machine {
  private record Line(long term, String command) {}

  private final NavigableMap<Long, Line> lines = new TreeMap<>();
  private final List<String> faults = new ArrayList<>();
  private List<String> whenLeading = List.of();
  private String leader;
  private boolean isLeading;
  private long restored;
  private long last;
  private String failure;

  @Override
  public synchronized void committed(long index, long term, byte[] command) {
    if (index <= last) {
      faults.add("index " + index + " after " + last);
    }
    if (!lines.isEmpty() && term < lines.lastEntry().getValue().term) {
      faults.add("term " + term + " at " + index + " is below the one before");
    }
    if (failure != null) {
      faults.add("index " + index + " after the failure");
    }
    last = index;
    lines.put(index, new Line(term, new String(command, StandardCharsets.UTF_8)));
  }

  /** One line each: index, term, command. */
  @Override
  public synchronized byte[] snapshot() {
    StringBuilder text = new StringBuilder();
    lines.forEach((i, l) -> text.append(i + " " + l.term + " " + l.command + "\n"));
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public synchronized void restore(long index, byte[] snapshot) {
    if (index < last) {
      faults.add("restored to " + index + " after " + last);
    }
    lines.clear();
    for (String line : new String(snapshot, StandardCharsets.UTF_8).lines().toList()) {
      String[] words = line.split(" ", 3);
      lines.put(Long.parseLong(words[0]), new Line(Long.parseLong(words[1]), words[2]));
    }
    last = index;
    restored++;
  }

  @Override
  public synchronized void leaderChanged(String node, long term, boolean own) {
    leader = node;
    isLeading = own;
    if (own) {
      whenLeading = commands();
    }
  }

  @Override
  public synchronized void failed(String why) {
    failure = why;
  }

  public synchronized List<String> commands() {
    return lines.values().stream().map(Line::command).toList();
  }

  public synchronized List<Long> indices() {
    return List.copyOf(lines.keySet());
  }

  public synchronized List<Long> terms() {
    return lines.values().stream().map(Line::term).toList();
  }

  /** The command at an index, or null. */
  public synchronized String at(long index) {
    Line line = lines.get(index);
    return line == null ? null : line.command;
  }

  /** What was there when it was last told that it leads. */
  public synchronized List<String> commandsWhenLeading() {
    return whenLeading;
  }

  public synchronized boolean isLeading() {
    return isLeading;
  }

  /** Who leads, as it was told; null: nobody. */
  public synchronized String leader() {
    return leader;
  }

  /** How often it was set back to a snapshot. */
  public synchronized long restored() {
    return restored;
  }

  /** Why it ended, or null. */
  public synchronized String failure() {
    return failure;
  }

  /** Broken promises; empty when all is well. */
  public synchronized List<String> faults() {
    return List.copyOf(faults);
  }
}
