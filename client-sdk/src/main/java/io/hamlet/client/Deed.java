package io.hamlet.client;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** What an action, or an alternate of it, does (ham.md 2.5, 2.7). */
public sealed interface Deed {
  /**
   * Starts the entity again.
   *
   * @param argv an absolute path and arguments; empty: the entity's own command
   */
  record Restart(List<String> argv, RestartPolicy policy) implements Deed {
    public Restart {
      argv = List.copyOf(argv);
    }
  }

  /**
   * Runs a command and does not await its end.
   *
   * @param node where; empty: the node of the entity
   */
  record Execute(List<String> argv, String node) implements Deed {
    public Execute {
      argv = List.copyOf(argv);
    }
  }

  /**
   * Waits for the path or for the delay, whichever is first; fails if the path did not appear.
   *
   * @param path empty: only the delay
   * @param delay above 0, taken in whole milliseconds
   */
  record WaitFor(String path, Duration delay) implements Deed {}

  /** Sends a pulse to a channel that a process opened. */
  record Pulse(String node, long pid, int channel, int code, long value) implements Deed {}

  /**
   * Sends a signal, with code and value if it is a realtime signal.
   *
   * @param pid of the recipient, fixed when the action is made; 0: the entity's process at that
   *     time
   * @param signal 1 to 64
   */
  record Signal(String node, long pid, int signal, int code, long value) implements Deed {}

  /** The entity's heartbeat state is healthy again. */
  record Healthy() implements Deed {}

  /**
   * Writes to the activity log if its level is at least {@code verbosity}.
   *
   * @param message at most 4,096 characters
   * @param prefix put the path of the action in front
   */
  record Log(String message, boolean prefix, int verbosity) implements Deed {}

  /** Restart with the entity's own command. */
  static Deed restart() {
    return new Restart(List.of(), RestartPolicy.NONE);
  }

  static Deed restart(String... argv) {
    return new Restart(List.of(argv), RestartPolicy.NONE);
  }

  static Deed execute(String... argv) {
    return new Execute(List.of(argv), "");
  }

  static Deed waitFor(Duration delay) {
    return new WaitFor("", delay);
  }

  static Deed waitFor(Path path, Duration atMost) {
    return new WaitFor(path.toString(), atMost);
  }

  static Deed pulse(PulseChannel to, int code, long value) {
    return new Pulse(to.node(), ProcessHandle.current().pid(), to.number(), code, value);
  }

  static Deed signal(long pid, int signal) {
    return new Signal("", pid, signal, 0, 0);
  }

  /** Signals the process that the entity is at that time. */
  static Deed signalSelf(int signal) {
    return new Signal("", 0, signal, 0, 0);
  }

  static Deed healthy() {
    return new Healthy();
  }

  static Deed log(String message) {
    return new Log(message, false, 0);
  }
}
