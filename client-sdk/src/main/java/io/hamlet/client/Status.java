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
    int verbosity) {
  /**
   * One of the two managers.
   *
   * @param state empty, or {@code warming}
   */
  public record Manager(long pid, Instant since, long failures, String state) {}
}
