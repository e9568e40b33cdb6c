package io.hamlet.core.model;

import java.time.Duration;
import java.util.List;

/** What an action, or an action-fail item, does (ham.md 2.5, 2.7). */
public sealed interface Deed {
  /** Longest log message and pulse text, in characters. */
  int MAX_TEXT = 4096;

  /**
   * Starts the entity again, under its name.
   *
   * @param argv empty: the entity's own command
   * @param policy how often, and how soon
   */
  record Restart(List<String> argv, RestartPolicy policy) implements Deed {
    public Restart {
      argv = List.copyOf(argv);
      if (!argv.isEmpty()) {
        CommandLine.check(argv);
      }
    }
  }

  /**
   * Spawns a command and does not await its end.
   *
   * @param node where; empty: the node of the entity
   */
  record Execute(List<String> argv, String node) implements Deed {
    public Execute {
      argv = List.copyOf(argv);
      CommandLine.check(argv);
    }
  }

  /**
   * Waits until the path appears or the delay is over, whichever is first; fails if a path was
   * given and did not appear.
   *
   * @param path empty: only the delay
   */
  record WaitFor(String path, Duration delay) implements Deed {
    public WaitFor {
      if (delay.isNegative() || delay.isZero() || delay.compareTo(Duration.ofDays(366)) > 0) {
        throw Refused.invalid("the delay of a waitfor must be above 0 and at most 366 days");
      }
      if (!path.isEmpty() && (!path.startsWith("/") || path.indexOf(0) >= 0)) {
        throw Refused.invalid("'" + path + "' must be an absolute path");
      }
    }
  }

  /** Sends a pulse to a channel that a process opened. */
  record Pulse(String node, long pid, int channel, int code, long value) implements Deed {}

  /**
   * Sends a realtime signal with code and value, or an ordinary one.
   *
   * @param process the recipient, fixed when the action is made; null: the entity's current process
   */
  record Signal(String node, ProcessId process, int signal, int code, long value) implements Deed {
    public Signal {
      if (signal < 1 || signal > 64) {
        throw Refused.invalid("signal " + signal + " is not between 1 and 64");
      }
    }
  }

  /** Sets the heartbeat state back to healthy, so that monitoring resumes. Never fails. */
  record HeartbeatHealthy() implements Deed {}

  /**
   * Writes to the activity log. Never fails.
   *
   * @param verbosity written only if the HAM's level is at least this
   */
  record Log(String message, boolean prefix, int verbosity) implements Deed {
    public Log {
      if (message.length() > MAX_TEXT) {
        throw new Refused(
            Rejection.Reason.NAME_TOO_LONG,
            "the log message is longer than " + MAX_TEXT + " characters");
      }
    }
  }
}
