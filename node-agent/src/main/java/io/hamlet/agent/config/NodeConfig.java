package io.hamlet.agent.config;

import io.hamlet.agent.activity.Stamp;
import io.hamlet.core.model.NodeName;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

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
  /** The same of a node that is to be given no entity of its cluster. */
  public NodeConfig withoutRoom() {
    return new NodeConfig(
        node,
        places,
        listen,
        guardian,
        restart,
        log,
        stamp,
        verbosity,
        tls,
        cluster.map(ClusterConfig::withoutRoom),
        watchdog);
  }

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
    return read(new Settings(options, directory), environment);
  }

  /** Throws IllegalArgumentException. */
  static String name(String text, String what) {
    if (!NodeName.isOne(text)) {
      throw new IllegalArgumentException(
          "'" + text + "' is no name for a " + what + ": " + NodeName.RULE);
    }
    return text;
  }

  private static NodeConfig read(Settings settings, Map<String, String> environment)
      throws ConfigException {
    ClusterReader cluster = new ClusterReader(settings);
    NodeConfig read =
        new NodeConfig(
            settings.get(Key.NODE, "", NodeConfig::nodeName),
            null,
            settings.get(Key.LISTEN, Optional.empty(), NodeConfig::listen),
            !settings.get(Key.NO_GUARDIAN, false, NodeConfig::bool),
            !settings.get(Key.NO_RESTART, false, NodeConfig::bool),
            Optional.ofNullable(settings.path(Key.LOG)),
            settings.get(Key.STAMP, Stamp.RELATIVE, NodeConfig::stamp),
            settings.get(Key.VERBOSITY, 0, NodeConfig::verbosity),
            cluster.tls(),
            cluster.read(),
            watchdog(settings));
    Path state = settings.path(Key.STATE);
    Path socket = settings.path(Key.SOCKET);
    if (socket != null && Places.isTooLong(socket)) {
      settings.problem(
          Key.SOCKET,
          "the path is longer than "
              + Places.LONGEST_SOCKET
              + " bytes, which the kernel does not take");
    }
    cluster.requireSecrets(read);
    settings.check();
    return read.at(Places.of(read.node, state, socket, environment));
  }

  private static Optional<WatchdogConfig> watchdog(Settings settings) {
    Duration timeout = settings.get(Key.WATCHDOG_TIMEOUT, Duration.ZERO, WatchdogConfig::timeout);
    return Optional.ofNullable(settings.path(Key.WATCHDOG))
        .map(p -> new WatchdogConfig(p, timeout));
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

  private NodeConfig at(Places where) {
    return new NodeConfig(
        node, where, listen, guardian, restart, log, stamp, verbosity, tls, cluster, watchdog);
  }
}
