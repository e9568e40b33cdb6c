package io.hamlet.agent.basic.core;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Commands that run for one change, one after the other. Immutable; all values are fixed when it is
 * made.
 *
 * @param section its name in {@code actions.conf}, and of its condition in the tree
 * @param at index of the command that runs, or is the next
 * @param failed a command of it has failed
 * @param afterFailure it is a failure section itself
 */
public record Sequence(
    long id,
    String host,
    String from,
    String to,
    String section,
    List<Command> commands,
    Map<String, String> environment,
    Phase phase,
    int at,
    boolean failed,
    boolean afterFailure) {
  public Sequence {
    commands = List.copyOf(commands);
    environment = Collections.unmodifiableMap(new LinkedHashMap<>(environment));
  }

  /** How far it is. */
  public enum Phase {
    /** The manager was told of the change, and has not fired the condition yet. */
    ANNOUNCED,
    /** Its condition fired; it waits for its turn. */
    FIRED,
    RUNNING
  }

  /** A command with all variables replaced. */
  public record Command(List<String> words, boolean ignoreFailure) {
    public Command {
      words = List.copyOf(words);
    }
  }

  Sequence in(Phase next) {
    return new Sequence(
        id, host, from, to, section, commands, environment, next, at, failed, afterFailure);
  }

  /** In the hands of another daemon: by its number, and with where it runs now. */
  Sequence ownedBy(String node, long number) {
    Map<String, String> here = new LinkedHashMap<>(environment);
    here.put("HAM_NODE", node);
    return new Sequence(
        number, host, from, to, section, commands, here, phase, at, failed, afterFailure);
  }

  Sequence past(boolean failure) {
    return new Sequence(
        id,
        host,
        from,
        to,
        section,
        commands,
        environment,
        phase,
        at + 1,
        failed || failure,
        afterFailure);
  }

  boolean isOver() {
    return at >= commands.size();
  }

  /** The command it is at, for people. */
  public String command() {
    return isOver() ? "its end" : String.join(" ", commands.get(at).words());
  }
}
