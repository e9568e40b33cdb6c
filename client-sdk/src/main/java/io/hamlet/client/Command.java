package io.hamlet.client;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How to start a process. No part of it is ever interpreted by a shell.
 *
 * @param argv an absolute path and arguments
 * @param environment added to the small base environment, in this order
 * @param directory absolute; empty: "/"
 * @param user {@code user} or {@code user:group}; empty: as the manager
 * @param limits by the name setrlimit(2) has without RLIMIT_, in lower case; -1: unlimited
 * @param logFile absolute; empty: a file of the manager's, rotated
 * @param forking the process ends and leaves a daemon; that one is the entity
 * @param pidFile where a forking program writes the daemon's pid; empty: its session leader
 * @param killGroup what is left of the old process's group is ended before a restart
 */
public record Command(
    List<String> argv,
    Map<String, String> environment,
    String directory,
    String user,
    Map<String, Long> limits,
    String logFile,
    boolean forking,
    String pidFile,
    boolean killGroup) {
  /** The value of an unlimited limit. */
  public static final long UNLIMITED = -1;

  public Command {
    argv = List.copyOf(argv);
    environment = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(environment));
    limits = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(limits));
  }

  public static Command of(String... argv) {
    return of(List.of(argv));
  }

  public static Command of(List<String> argv) {
    return builder(argv).build();
  }

  public static Builder builder(List<String> argv) {
    return new Builder(argv);
  }

  /** Collects the parts of a {@link Command}. For one thread. */
  public static final class Builder {
    private final List<String> argv;
    private final Map<String, String> environment = new LinkedHashMap<>();
    private final Map<String, Long> limits = new LinkedHashMap<>();
    private String directory = "";
    private String user = "";
    private String logFile = "";
    private boolean forking;
    private String pidFile = "";
    private boolean killGroup = true;

    private Builder(List<String> argv) {
      this.argv = new ArrayList<>(argv);
    }

    public Builder env(String name, String value) {
      environment.put(name, value);
      return this;
    }

    public Builder directory(String path) {
      directory = path;
      return this;
    }

    public Builder user(String userAndGroup) {
      user = userAndGroup;
      return this;
    }

    public Builder limit(String resource, long value) {
      limits.put(resource, value);
      return this;
    }

    public Builder logFile(String path) {
      logFile = path;
      return this;
    }

    public Builder forking() {
      forking = true;
      return this;
    }

    public Builder forking(String daemonsPidFile) {
      pidFile = daemonsPidFile;
      return forking();
    }

    /** Nothing but the process itself is ended before a restart. */
    public Builder killProcessOnly() {
      killGroup = false;
      return this;
    }

    public Command build() {
      return new Command(
          argv, environment, directory, user, limits, logFile, forking, pidFile, killGroup);
    }
  }
}
