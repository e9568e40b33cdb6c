package io.hamlet.manager.lease;

import io.hamlet.core.lease.VoterSet;

/**
 * One datagram, said by a manager of a node.
 *
 * @param guardian it is the Guardian that speaks
 * @param from the node that speaks
 * @param to the node that is answered or asked; empty: all who hear it
 * @param incarnation of the node that renews or shows itself; an answer repeats it
 * @param epoch likewise
 * @param number likewise; nearly CLOCK_BOOTTIME at the sender, in nanoseconds
 * @param set what it counts with; only its index, except in an answer of kind SET
 * @param ageNanos in an answer of kind FENCED: how long ago the voter last acknowledged; in a
 *     renewal: for how long nobody else has answered
 */
record Datagram(
    Kind kind,
    boolean guardian,
    String from,
    String to,
    long incarnation,
    long epoch,
    long number,
    VoterSet set,
    long ageNanos) {
  /** The order is the wire's. */
  enum Kind {
    /** The acting HAM wants its lease renewed. */
    RENEW,
    /** A manager is there; not answered. */
    PRESENT,
    /** Is anybody there? Answered by PRESENT. */
    ASK,
    /** The voter acknowledges a renewal. */
    ACK,
    /** The voter does not: its log has another set, namely this one. */
    SET,
    /** The voter does not: that incarnation is fenced. */
    FENCED
  }
}
