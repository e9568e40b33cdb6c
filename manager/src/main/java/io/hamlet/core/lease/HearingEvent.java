package io.hamlet.core.lease;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/** What a member hears of the others. {@code now} is its own CLOCK_BOOTTIME in nanoseconds. */
public sealed interface HearingEvent {
  /** It is that late, and everything that had come before was handed over. */
  record Tick(long now) implements HearingEvent {}

  /**
   * The acting HAM of a node renews.
   *
   * @param number rises with each datagram of that process's kind
   * @param setIndex of the voter set that it counts with
   * @param unanswered for how long nobody has answered it, as it says
   */
  record Renewed(
      long now,
      String node,
      long incarnation,
      long epoch,
      long number,
      long setIndex,
      long unanswered)
      implements HearingEvent {}

  /** One of the two managers of a node shows that it is there. */
  record Present(long now, String node, boolean guardian, long incarnation, long epoch, long number)
      implements HearingEvent {}

  /**
   * These are the nodes that must not fall silent, each by the times of its own lease; each is
   * given a full period from now, and whose lease is another than before again.
   *
   * @param nodes copied
   */
  record Watched(long now, SortedMap<String, LeaseTimes> nodes) implements HearingEvent {
    public Watched {
      nodes = Collections.unmodifiableSortedMap(new TreeMap<>(nodes));
    }
  }

  /** Somebody says that a node is gone: it is asked, and has a short time to answer. */
  record Hinted(long now, String node) implements HearingEvent {}

  /** This process is the acting HAM from now on, and has not acknowledged anything yet. */
  record Began(long now) implements HearingEvent {}

  /** It has applied an entry of the current leader's term. */
  record Ready() implements HearingEvent {}

  /** Its own log has another voter set now. */
  record SetAdopted(long now, VoterSet set) implements HearingEvent {}

  /** It has applied that this incarnation, and each one before it, is fenced. */
  record FenceApplied(String node, long incarnation) implements HearingEvent {}

  /** It has applied who belongs to the cluster, and who does no more. */
  record ForgetApplied(Forgotten forgotten) implements HearingEvent {}
}
