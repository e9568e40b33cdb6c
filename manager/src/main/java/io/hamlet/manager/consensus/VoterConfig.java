package io.hamlet.manager.consensus;

import io.hamlet.core.model.NodeName;
import io.hamlet.manager.port.Consensus.Voter;
import io.hamlet.manager.tls.KeyFiles;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;

/**
 * How a voter is set up.
 *
 * @param cluster its name
 * @param apart what keeps two clusters of one name apart, the same at all voters; may be empty
 * @param node own name
 * @param address own consensus server, {@code HOST:PORT}; it listens there and nowhere else
 * @param founders all voters that found the cluster, this one included; empty: this one waits until
 *     a leader adds it. Counts only while the storage is empty. A voter whose storage was lost must
 *     never be started as a founder again: it would vote twice in one term.
 * @param directory where log, vote and snapshots are, STATE/consensus
 * @param tls keys for mutual TLS; null: plain, on loopback only
 * @param election the shortest time without a leader before an election; at most twice as long
 * @param stall how long a leader's disk may stand still before it gives up leading
 * @param snapshotEvery so many commands, or entries, are between two snapshots
 * @param snapshotBytes of commands, after which one is taken earlier
 */
public record VoterConfig(
    String cluster,
    String apart,
    String node,
    String address,
    List<Voter> founders,
    Path directory,
    KeyFiles tls,
    Duration election,
    Duration stall,
    int snapshotEvery,
    long snapshotBytes) {
  /** Below this a busy machine elects all day. */
  public static final Duration SHORTEST_ELECTION = Duration.ofMillis(50);

  /** Before this a leader would give up for one slow flush. */
  public static final Duration SHORTEST_STALL = Duration.ofMillis(200);

  private static final Duration ELECTION = Duration.ofMillis(150);
  private static final Duration STALL = Duration.ofSeconds(1);
  private static final int SNAPSHOT_EVERY = 5_000;
  private static final long SNAPSHOT_BYTES = 64L << 20;

  /** Checks what can be checked without the disk; throws IllegalArgumentException. */
  public VoterConfig {
    founders = List.copyOf(founders);
    require(NodeName.isOne(node), "node: '" + node + "' is no name of a node");
    require(!cluster.isEmpty(), "cluster: a name is needed");
    require(election.compareTo(SHORTEST_ELECTION) >= 0, "election: at least 50 ms");
    require(stall.compareTo(SHORTEST_STALL) >= 0, "stall: at least 200 ms");
    require(snapshotEvery >= 1, "snapshotEvery: at least 1");
    require(snapshotBytes >= 1, "snapshotBytes: at least 1");
    port(address);
    Set<String> names = new TreeSet<>();
    for (Voter founder : founders) {
      require(NodeName.isOne(founder.node()), "founders: '" + founder.node() + "' is no name");
      require(founder.life().isEmpty(), "founders: " + founder.node() + " has had a life before");
      require(names.add(founder.node()), "founders: " + founder.node() + " is there twice");
      port(founder.address());
    }
    require(
        founders.isEmpty() || founders.contains(new Voter(node, address)),
        "founders: " + node + " at " + address + " must be one of them");
    require(
        tls != null || isLoopback(address),
        "address: " + address + " is not loopback, so voters need keys (--tls-key and its kin)");
  }

  /** With the usual times. */
  public static VoterConfig of(
      String cluster, String node, String address, List<Voter> founders, Path directory) {
    return of(cluster, node, address, founders, directory, null);
  }

  /** The same with keys, without which nobody votes off loopback. */
  public static VoterConfig of(
      String cluster,
      String node,
      String address,
      List<Voter> founders,
      Path directory,
      KeyFiles keys) {
    return new VoterConfig(
        cluster,
        "",
        node,
        address,
        founders,
        directory,
        keys,
        ELECTION,
        STALL,
        SNAPSHOT_EVERY,
        SNAPSHOT_BYTES);
  }

  /** The same, and this keeps it apart from another cluster of its name. */
  public VoterConfig apart(String what) {
    return new VoterConfig(
        cluster,
        what,
        node,
        address,
        founders,
        directory,
        tls,
        election,
        stall,
        snapshotEvery,
        snapshotBytes);
  }

  /** The shortest time to an election, and how long a disk may stand still. */
  public VoterConfig times(Duration shortestElection, Duration longestStall) {
    return new VoterConfig(
        cluster,
        apart,
        node,
        address,
        founders,
        directory,
        tls,
        shortestElection,
        longestStall,
        snapshotEvery,
        snapshotBytes);
  }

  public VoterConfig snapshotEvery(int entries) {
    return new VoterConfig(
        cluster,
        apart,
        node,
        address,
        founders,
        directory,
        tls,
        election,
        stall,
        entries,
        snapshotBytes);
  }

  public VoterConfig snapshotBytes(long bytes) {
    return new VoterConfig(
        cluster,
        apart,
        node,
        address,
        founders,
        directory,
        tls,
        election,
        stall,
        snapshotEvery,
        bytes);
  }

  /** So long a follower may stand still inside before it is held against it. */
  Duration hang() {
    return stall.multipliedBy(6);
  }

  /** By this the voters of one cluster, who read its log alike, know each other. */
  UUID group() {
    String text = "hamlet consensus 2\n" + cluster + "\n" + apart;
    return UUID.nameUUIDFromBytes(text.getBytes(StandardCharsets.UTF_8));
  }

  static String host(String address) {
    String host = address.substring(0, address.lastIndexOf(':'));
    return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
  }

  static int port(String address) {
    int colon = address.lastIndexOf(':');
    require(
        colon > 0 && address.substring(colon + 1).matches("[0-9]{1,5}"),
        "address: '" + address + "' is not HOST:PORT");
    int port = Integer.parseInt(address.substring(colon + 1));
    require(port >= 1 && port <= 65_535, "address: '" + address + "' has no port of 1 to 65535");
    return port;
  }

  private static boolean isLoopback(String address) {
    try {
      return InetAddress.getByName(host(address)).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }

  private static void require(boolean holds, String sentence) {
    if (!holds) {
      throw new IllegalArgumentException(sentence);
    }
  }
}
