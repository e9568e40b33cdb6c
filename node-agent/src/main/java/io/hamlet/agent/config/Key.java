package io.hamlet.agent.config;

import java.util.Optional;

/** Every setting of a node: key of the file, long option of {@code ham run}, and its default. */
public enum Key {
  NODE("node", ""),
  STATE("state", ""),
  LISTEN("listen", "127.0.0.1:4226"),
  SOCKET("socket", ""),
  NO_GUARDIAN("no-guardian", "false"),
  NO_RESTART("no-restart", "false"),
  LOG("log", ""),
  STAMP("stamp", "relative"),
  VERBOSITY("verbosity", "0"),
  CLUSTER("cluster", ""),
  BIND("bind", "127.0.0.1:4227"),
  JOIN("join", ""),
  VOTERS("voters", ""),
  CLUSTER_KEY("cluster-key", ""),
  TLS_CERT("tls-cert", ""),
  TLS_KEY("tls-key", ""),
  TLS_CA("tls-ca", ""),
  LEASE("lease", "1500ms"),
  CAPACITY("capacity", "unlimited"),
  QUORUM_STOP_GRACE("quorum-stop-grace", "0s"),
  FENCING("fencing", "none"),
  FENCE_AGENT("fence-agent", ""),
  FENCE_OPTIONS("fence-options", ""),
  FENCE_TIMEOUT("fence-timeout", "60s"),
  WATCHDOG("watchdog", ""),
  WATCHDOG_TIMEOUT("watchdog-timeout", "6s");

  private final String word;
  private final String otherwise;

  Key(String word, String otherwise) {
    this.word = word;
    this.otherwise = otherwise;
  }

  /** As the file and the command line call it. */
  public String word() {
    return word;
  }

  /** The default; empty where it is computed from the host (see {@link Places}). */
  public String otherwise() {
    return otherwise;
  }

  static Optional<Key> of(String word) {
    for (Key key : values()) {
      if (key.word.equals(word)) {
        return Optional.of(key);
      }
    }
    return Optional.empty();
  }
}
