package io.hamlet.agent.config;

import io.hamlet.agent.activity.Stamp;
import io.hamlet.core.model.NodeName;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Everything a node is told before it starts.
 *
 * @param listen empty: only the socket is served
 * @param guardian whether a Guardian stands by
 * @param log file of the activity log; empty: standard error
 * @param verbosity 0 to 1,000
 * @param tls for its API and for calls between nodes; there when it serves off loopback
 * @param cluster empty: it knows of no other nodes
 * @param watchdog empty: none is petted
 */
public record NodeConfig(
    String node,
    Places places,
    Optional<Listen> listen,
    boolean guardian,
    boolean restart,
    Optional<Path> log,
    Stamp stamp,
    int verbosity,
    Optional<Tls> tls,
    Optional<ClusterConfig> cluster,
    Optional<WatchdogConfig> watchdog) {
  /**
   * Options come before the file, the file before the defaults.
   *
   * @param options by long name, without dashes; among them may be {@code config}
   * @param directory against which relative paths of the options are taken; those of the file are
   *     taken against the file's own
   * @throws ConfigException with every problem there is
   */
  public static NodeConfig of(
      Map<String, String> options, Path directory, Map<String, String> environment)
      throws ConfigException {
    return new Reader(directory, environment).read(options);
  }

  /** Throws IllegalArgumentException. */
  static String name(String text, String what) {
    if (!NodeName.isOne(text)) {
      throw new IllegalArgumentException(
          "'" + text + "' is no name for a " + what + ": " + NodeName.RULE);
    }
    return text;
  }

  private static final class Reader {
    private final Path directory;
    private final Map<String, String> environment;
    private final List<String> problems = new ArrayList<>();
    private final List<String> unfit = new ArrayList<>();
    private final Map<Key, Setting> settings = new EnumMap<>(Key.class);
    private Path fileDirectory;

    Reader(Path directory, Map<String, String> environment) {
      this.directory = directory;
      this.environment = environment;
      this.fileDirectory = directory;
    }

    NodeConfig read(Map<String, String> options) throws ConfigException {
      String config = options.get("config");
      if (config != null) {
        Path file = directory.resolve(config);
        fileDirectory = file.toAbsolutePath().getParent();
        settings.putAll(ConfigFile.read(Path.of(config).isAbsolute() ? file : file, problems));
      }
      for (Key key : Key.values()) {
        String value = options.get(key.word());
        if (value != null) {
          settings.put(key, new Setting(value, "--" + key.word()));
        }
      }
      ClusterReader cluster = new ClusterReader(settings, this::path, problems, unfit);
      NodeConfig read =
          new NodeConfig(
              get(Key.NODE, "", Reader::nodeName),
              null,
              get(Key.LISTEN, Optional.empty(), Reader::listen),
              !get(Key.NO_GUARDIAN, false, Reader::bool),
              !get(Key.NO_RESTART, false, Reader::bool),
              Optional.ofNullable(path(Key.LOG)),
              get(Key.STAMP, Stamp.RELATIVE, Reader::stamp),
              get(Key.VERBOSITY, 0, Reader::verbosity),
              cluster.tls(),
              cluster.read(),
              watchdog());
      Path state = path(Key.STATE);
      Path socket = path(Key.SOCKET);
      if (socket != null && Places.isTooLong(socket)) {
        problems.add(
            settings.get(Key.SOCKET).where()
                + ": the path is longer than "
                + Places.LONGEST_SOCKET
                + " bytes, which the kernel does not take");
      }
      cluster.requireSecrets(read);
      if (!problems.isEmpty() || !unfit.isEmpty()) {
        throw new ConfigException(problems, unfit);
      }
      return read.at(Places.of(read.node, state, socket, environment));
    }

    private <T> T get(Key key, T otherwise, Function<String, T> reader) {
      Setting setting = settings.getOrDefault(key, new Setting(key.otherwise(), key.word()));
      try {
        return reader.apply(setting.value());
      } catch (IllegalArgumentException e) {
        problems.add(setting.where() + ": " + e.getMessage());
        return otherwise;
      }
    }

    /** Absolute; null when it is not set. */
    private Path path(Key key) {
      Setting setting = settings.get(key);
      if (setting == null) {
        return null;
      }
      boolean isOption = setting.where().startsWith("--");
      return (isOption ? directory : fileDirectory).resolve(setting.value()).normalize();
    }

    private Optional<WatchdogConfig> watchdog() {
      Duration timeout = get(Key.WATCHDOG_TIMEOUT, Duration.ZERO, WatchdogConfig::timeout);
      return Optional.ofNullable(path(Key.WATCHDOG)).map(p -> new WatchdogConfig(p, timeout));
    }

    private static String nodeName(String text) {
      return name(text.isEmpty() ? Places.hostName() : text, "node");
    }

    private static Optional<Listen> listen(String text) {
      return text.equals("none") ? Optional.empty() : Optional.of(Listen.parse(text));
    }

    private static boolean bool(String text) {
      return switch (text) {
        case "true" -> true;
        case "false" -> false;
        default -> throw new IllegalArgumentException("'" + text + "' is neither true nor false");
      };
    }

    private static Stamp stamp(String text) {
      for (Stamp stamp : Stamp.values()) {
        if (stamp.name().toLowerCase(java.util.Locale.ROOT).equals(text)) {
          return stamp;
        }
      }
      throw new IllegalArgumentException(
          "'" + text + "' is none of none, relative, absolute, shortabs");
    }

    private static int verbosity(String text) {
      if (!text.matches("\\d{1,3}|1000")) {
        throw new IllegalArgumentException("'" + text + "' is not a level between 0 and 1000");
      }
      return Integer.parseInt(text);
    }
  }

  private NodeConfig at(Places where) {
    return new NodeConfig(
        node, where, listen, guardian, restart, log, stamp, verbosity, tls, cluster, watchdog);
  }
}
