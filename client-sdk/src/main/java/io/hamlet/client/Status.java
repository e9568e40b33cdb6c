package io.hamlet.client;

import java.time.Instant;
import java.util.List;

/**
 * How a node is.
 *
 * @param guardian null when there is none
 * @param digest SHA-256 of the state in hexadecimal, when asked for; else empty
 * @param index of the newest log entry
 * @param durableIndex of the newest one on disk
 * @param notices what an operator should know, each with what to do
 * @param addresses of other managers to connect to
 * @param cluster null when the node is in none
 */
public record Status(
    String node,
    String version,
    String role,
    String boot,
    Manager ham,
    Manager guardian,
    long epoch,
    int entities,
    int conditions,
    int actions,
    String digest,
    long index,
    long durableIndex,
    List<String> notices,
    List<String> addresses,
    boolean beatsSuspended,
    int verbosity,
    Cluster cluster) {
  /**
   * One of the two managers.
   *
   * @param state empty, or {@code warming}
   */
  public record Manager(long pid, Instant since, long failures, String state) {}

  /**
   * The cluster as the node sees it.
   *
   * @param id drawn when it was founded; empty: not known yet
   * @param quorate whether a majority of its voters was heard lately
   * @param leader empty: nobody is known to lead
   * @param members by name; lost ones stay until they are forgotten
   * @param maintenances what is worked on
   * @param index of the last entry of the cluster's own tree that the node knows
   * @param digest SHA-256 of all that the voters agree on, as the node knows it, in hexadecimal,
   *     when asked for; else empty. Equal at the same index
   */
  public record Cluster(
      String name,
      String id,
      boolean quorate,
      String leader,
      List<Member> members,
      List<Maintenance> maintenances,
      long index,
      String digest) {
    public Cluster {
      members = List.copyOf(members);
      maintenances = List.copyOf(maintenances);
    }
  }

  /**
   * A node of the cluster.
   *
   * @param state {@code up}, {@code leaving} or {@code lost}
   * @param hamPid 0: not heard of now
   * @param guardianPid 0: not heard of now
   * @param address {@code HOST:PORT} of its manager; empty: nowhere beyond its host
   * @param standby it takes no entities of the cluster
   * @param draining likewise
   * @param fenced it gets none before it has started anew
   * @param held so many are granted to it
   */
  public record Member(
      String node,
      String state,
      boolean voter,
      long hamPid,
      long guardianPid,
      String address,
      boolean standby,
      boolean draining,
      boolean fenced,
      int held) {}
}
