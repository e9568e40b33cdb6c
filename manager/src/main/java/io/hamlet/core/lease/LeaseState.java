package io.hamlet.core.lease;

import org.pcollections.PSortedMap;
import org.pcollections.PVector;
import org.pcollections.TreePMap;
import org.pcollections.TreePVector;

/**
 * The lease of one incarnation of a node, as its acting HAM knows it. Immutable.
 *
 * @param node its name
 * @param set the voters that the next renewal is counted with
 * @param open renewals of the last lease, oldest first
 * @param refusals what voters of the set answered to the newest renewal instead of yes
 * @param number the newest that was given out
 * @param due when the next one goes out
 * @param acknowledgedUntil the newest renewal that counted, and a lease; less after a doubt
 * @param doubt when the clock was last doubted, and no renewal sent since counted; else {@link
 *     #NEVER}
 * @param fenced this incarnation will never hold a lease again
 */
public record LeaseState(
    String node,
    LeaseTimes times,
    VoterSet set,
    PVector<Renewal> open,
    PSortedMap<String, VoterSet> refusals,
    long number,
    long due,
    long acknowledgedUntil,
    long doubt,
    boolean fenced) {
  public static final long NEVER = Long.MIN_VALUE;

  /** Holds nothing yet; renews at once when it knows voters. */
  public static LeaseState begin(String node, LeaseTimes times, long now) {
    return new LeaseState(
        node,
        times,
        VoterSet.NONE,
        TreePVector.empty(),
        TreePMap.empty(),
        0,
        now,
        NEVER,
        NEVER,
        false);
  }

  /**
   * Until when this node may run what only one node may run; CLOCK_BOOTTIME, {@link #NEVER}: it may
   * not, Long.MAX_VALUE: nobody else could, so there is no end.
   */
  public long end() {
    if (fenced) {
      return NEVER;
    }
    if (set.isOnly(node)) {
      return Long.MAX_VALUE;
    }
    return acknowledgedUntil;
  }

  public boolean holds(long now) {
    return now < end();
  }

  /** Whether something new may be started; not while the clock is doubted. */
  public boolean mayStart(long now) {
    return holds(now) && (doubt == NEVER || set.isOnly(node));
  }

  /** Who has answered the renewals of the last lease, for people. */
  public String account(long now) {
    StringBuilder text = new StringBuilder("a renewal wants ");
    text.append(set.majority()).append(" of ").append(set.voters());
    for (Renewal renewal : open) {
      long millis = (now - renewal.sent()) / 1_000_000;
      text.append("; ").append(millis).append(" ms ago: ").append(renewal.acked());
    }
    return text.toString();
  }

  LeaseState with(VoterSet nowSet, PSortedMap<String, VoterSet> nowRefusals) {
    return new LeaseState(
        node, times, nowSet, open, nowRefusals, number, due, acknowledgedUntil, doubt, fenced);
  }

  LeaseState with(PVector<Renewal> nowOpen, long nowNumber, long nowDue) {
    return new LeaseState(
        node,
        times,
        set,
        nowOpen,
        TreePMap.empty(),
        nowNumber,
        nowDue,
        acknowledgedUntil,
        doubt,
        fenced);
  }

  /** Goes on from that number. */
  public LeaseState afterNumber(long nowNumber) {
    return new LeaseState(
        node, times, set, open, refusals, nowNumber, due, acknowledgedUntil, doubt, fenced);
  }

  LeaseState until(PVector<Renewal> nowOpen, long end, long nowDoubt) {
    return new LeaseState(node, times, set, nowOpen, refusals, number, due, end, nowDoubt, fenced);
  }

  LeaseState asFenced() {
    return new LeaseState(node, times, set, open, refusals, number, due, NEVER, doubt, true);
  }
}
