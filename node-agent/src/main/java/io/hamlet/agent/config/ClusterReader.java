package io.hamlet.agent.config;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Reads the settings of the cluster, and says which of them lack each other. */
final class ClusterReader {
  private static final int LEAST_KEY = 32;
  private static final int MOST_KEY = 4096;
  private static final int MOST_PEM = 1 << 20;
  private static final Pattern DURATION = Pattern.compile("(\\d{1,6})(ms|s)");

  /** What says nothing without a cluster. */
  private static final List<Key> OF_A_CLUSTER =
      List.of(
          Key.BIND,
          Key.JOIN,
          Key.VOTERS,
          Key.CLUSTER_KEY,
          Key.LEASE,
          Key.CAPACITY,
          Key.QUORUM_STOP_GRACE,
          Key.FENCING,
          Key.FENCE_AGENT,
          Key.FENCE_OPTIONS,
          Key.FENCE_TIMEOUT);

  private static final List<Key> OF_FENCING =
      List.of(Key.FENCE_AGENT, Key.FENCE_OPTIONS, Key.FENCE_TIMEOUT);

  private static final int MOST_OPTIONS = 1 << 20;

  private static final List<Key> OF_TLS = List.of(Key.TLS_CERT, Key.TLS_KEY, Key.TLS_CA);

  private final Settings settings;

  ClusterReader(Settings settings) {
    this.settings = settings;
  }

  /** Empty when the node is to be in none. */
  Optional<ClusterConfig> read() {
    if (!settings.has(Key.CLUSTER)) {
      OF_A_CLUSTER.stream()
          .filter(settings::has)
          .forEach(
              k ->
                  settings.problem(k, "says nothing without a cluster: give its name (--cluster)"));
      return Optional.empty();
    }
    Bind loopback = Bind.parse(Key.BIND.otherwise());
    Bind bind = settings.get(Key.BIND, loopback, Bind::parse);
    return Optional.of(
        new ClusterConfig(
            settings.get(Key.CLUSTER, "", text -> NodeConfig.name(text, "cluster")),
            bind,
            settings.get(Key.JOIN, List.of(), text -> Join.parse(text, bind.port())),
            settings.get(Key.VOTERS, List.of(), ClusterReader::voters),
            secret(Key.CLUSTER_KEY, LEAST_KEY, MOST_KEY),
            settings.get(
                Key.LEASE,
                ClusterConfig.SHORTEST_LEASE,
                text -> span(text, ClusterConfig.SHORTEST_LEASE, ClusterConfig.LONGEST_LEASE)),
            settings.get(Key.CAPACITY, ClusterConfig.UNLIMITED, ClusterReader::capacity),
            settings.get(
                Key.QUORUM_STOP_GRACE,
                Duration.ZERO,
                text -> span(text, Duration.ZERO, ClusterConfig.LONGEST_GRACE)),
            fencing()));
  }

  private static int capacity(String text) {
    if (text.equals(Key.CAPACITY.otherwise())) {
      return ClusterConfig.UNLIMITED;
    }
    if (!text.matches("\\d{1,6}") || Integer.parseInt(text) > ClusterConfig.MOST_CAPACITY) {
      throw new IllegalArgumentException(
          "'" + text + "' is not a number up to " + ClusterConfig.MOST_CAPACITY + ", or unlimited");
    }
    return Integer.parseInt(text);
  }

  private Optional<FenceConfig> fencing() {
    String rule = settings.get(Key.FENCING, "none", ClusterReader::fencingRule);
    if (rule.equals("none")) {
      OF_FENCING.stream()
          .filter(settings::has)
          .forEach(
              k -> settings.problem(k, "says nothing without fencing: required or when-unsure"));
      return Optional.empty();
    }
    Path agent = settings.path(Key.FENCE_AGENT);
    if (agent == null) {
      settings.lacks(Key.FENCING, "needs a command that turns nodes off: give fence-agent");
      return Optional.empty();
    }
    if (!Files.isRegularFile(agent) || !Files.isExecutable(agent)) {
      settings.lacks(Key.FENCE_AGENT, agent + " is not a file that can be executed");
    }
    Duration timeout =
        settings.get(
            Key.FENCE_TIMEOUT,
            FenceConfig.SHORTEST_TIMEOUT,
            text -> span(text, FenceConfig.SHORTEST_TIMEOUT, FenceConfig.LONGEST_TIMEOUT));
    Optional<SecretFile> options = secret(Key.FENCE_OPTIONS, 0, MOST_OPTIONS);
    return Optional.of(new FenceConfig(rule.equals("required"), agent, options, timeout));
  }

  private static String fencingRule(String text) {
    if (!List.of("none", "when-unsure", "required").contains(text)) {
      throw new IllegalArgumentException("'" + text + "' is not none, when-unsure or required");
    }
    return text;
  }

  /** All three files or none. */
  Optional<Tls> tls() {
    if (OF_TLS.stream().noneMatch(settings::has)) {
      return Optional.empty();
    }
    OF_TLS.stream()
        .filter(k -> !settings.has(k))
        .forEach(k -> settings.lacks(k, "is missing; TLS needs tls-cert, tls-key and tls-ca"));
    Stream.of(Key.TLS_CERT, Key.TLS_CA)
        .filter(settings::has)
        .filter(k -> !Files.isReadable(settings.path(k)) || Files.isDirectory(settings.path(k)))
        .forEach(k -> settings.lacks(k, settings.path(k) + " is not a file that can be read"));
    secret(Key.TLS_KEY, 1, MOST_PEM);
    return Optional.of(
        new Tls(
            settings.path(Key.TLS_CERT), settings.path(Key.TLS_KEY), settings.path(Key.TLS_CA)));
  }

  /** Off loopback nothing is said in the clear, and nobody is believed without a key. */
  void requireSecrets(NodeConfig config) {
    boolean serves = config.listen().isPresent() && !config.listen().get().isLoopback();
    boolean speaks = config.cluster().isPresent() && !config.cluster().get().bind().isLoopback();
    Key why = speaks ? Key.BIND : Key.LISTEN;
    if ((serves || speaks) && config.tls().isEmpty()) {
      settings.lacks(
          why, "is not on loopback, so TLS is required: give tls-cert, tls-key and tls-ca");
    }
    if ((serves || speaks) && config.cluster().isPresent() && !settings.has(Key.CLUSTER_KEY)) {
      settings.lacks(
          why,
          "is not on loopback, so a cluster-key is required: a file of 32 random bytes or more,"
              + " mode 600, the same on every node");
    }
  }

  private static List<String> voters(String text) {
    List<String> names = Words.of(text, "--voters", ClusterConfig.MOST_VOTERS);
    names.forEach(name -> NodeConfig.name(name, "node"));
    return names;
  }

  static Duration span(String text, Duration least, Duration most) {
    Matcher parts = DURATION.matcher(text);
    if (!parts.matches()) {
      throw new IllegalArgumentException("'" + text + "' is not a duration such as 1500ms or 2s");
    }
    long amount = Long.parseLong(parts.group(1));
    Duration span =
        parts.group(2).equals("s") ? Duration.ofSeconds(amount) : Duration.ofMillis(amount);
    if (span.compareTo(least) < 0 || span.compareTo(most) > 0) {
      throw new IllegalArgumentException(
          "'" + text + "' is not between " + words(least) + " and " + words(most));
    }
    return span;
  }

  private static String words(Duration span) {
    return span.toMillisPart() == 0 ? span.toSeconds() + "s" : span.toMillis() + "ms";
  }

  private Optional<SecretFile> secret(Key key, int least, int most) {
    if (!settings.has(key)) {
      return Optional.empty();
    }
    try {
      return Optional.of(SecretFile.check(settings.path(key), least, most));
    } catch (IllegalArgumentException e) {
      settings.lacks(key, e.getMessage());
      return Optional.empty();
    }
  }
}
