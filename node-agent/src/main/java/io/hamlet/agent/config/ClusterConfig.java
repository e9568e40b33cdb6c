package io.hamlet.agent.config;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What a node is told about its cluster.
 *
 * @param name 1 to 64 of A-Z a-z 0-9 . _ -; others with another name are strangers
 * @param join where to look for the other nodes; empty: it waits to be found
 * @param voters names of the nodes that found the cluster together; empty: this node alone
 * @param key of 32 to 4096 bytes; empty only on loopback
 * @param lease how long a node may go on without hearing from a majority, 500 ms to 60 s
 * @param capacity so many entities of the cluster it runs; 0: none, it is a witness; {@link
 *     #UNLIMITED}
 * @param stopGrace between the end of the lease and the kill of what needs it, at most 60 s; 0:
 *     none
 * @param fencing empty: nothing turns other nodes off
 */
public record ClusterConfig(
    String name,
    Bind bind,
    List<Join> join,
    List<String> voters,
    Optional<SecretFile> key,
    Duration lease,
    int capacity,
    Duration stopGrace,
    Optional<FenceConfig> fencing) {
  static final Duration SHORTEST_LEASE = Duration.ofMillis(500);
  static final Duration LONGEST_LEASE = Duration.ofSeconds(60);
  static final Duration LONGEST_GRACE = Duration.ofSeconds(60);
  static final int MOST_VOTERS = 9;

  /** As many as there are. */
  public static final int UNLIMITED = Integer.MAX_VALUE;

  static final int MOST_CAPACITY = 100_000;

  ClusterConfig withoutRoom() {
    return new ClusterConfig(name, bind, join, voters, key, lease, 0, stopGrace, fencing);
  }
}
