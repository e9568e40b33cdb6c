package io.hamlet.core.lease;

import io.hamlet.core.lease.LeaseEvent.Acked;
import io.hamlet.core.lease.LeaseEvent.Asked;
import io.hamlet.core.lease.LeaseEvent.Doubted;
import io.hamlet.core.lease.LeaseEvent.Fenced;
import io.hamlet.core.lease.LeaseEvent.Refused;
import io.hamlet.core.lease.LeaseEvent.SetChanged;
import io.hamlet.core.lease.LeaseEvent.Tick;
import org.pcollections.PVector;
import org.pcollections.TreePMap;
import org.pcollections.TreePVector;

/**
 * How a node keeps its lease (architecture.md 4).
 *
 * <ol>
 *   <li>L1. A renewal goes out each sixth of a lease; at once at the start, after a doubt, and when
 *       the set has changed. A fenced node goes on: it is still heard. All that it says has a
 *       number that rises, and is nearly the time.
 *   <li>L2. A renewal counts when a majority of the one set it was sent with has acknowledged it.
 *   <li>L3. The lease lasts until the newest renewal that counts was sent, and a lease; it never
 *       becomes shorter by an acknowledgement that comes late.
 *   <li>L4. What acknowledges no renewal of the last lease, another set, or comes from no voter of
 *       it, is nothing. Neither is what a voter says twice.
 *   <li>L5. Doubt ends all reliance on what was before: nothing is started, and only a renewal sent
 *       after the doubt ends it; without one the lease is over after its sixth.
 *   <li>L6. A tick that comes late is a doubt.
 *   <li>L7. When so many voters refuse the newest renewal that it can not count any more, the
 *       newest set they named is taken, and renewed with. That it is alone a node learns from its
 *       own log only.
 *   <li>L8. Fenced is the end, for this incarnation.
 *   <li>L9. Who is the only voter has no end: nobody else could take over. When it is not the only
 *       one any more, it has one lease from then.
 * </ol>
 */
public final class LeaseMachine {
  private LeaseMachine() {}

  /**
   * @param renewal to be sent to all voters of its set; null: none
   */
  public record Step(LeaseState state, Renewal renewal) {}

  /** What an event makes of the lease. An event without meaning just then changes nothing. */
  public static Step apply(LeaseState state, LeaseEvent event) {
    return switch (event) {
      case Tick tick -> tick(state, tick.now());
      case Asked asked -> quiet(state.afterNumber(nextNumber(state, asked.now())));
      case Acked acked -> quiet(acked(state, acked));
      case Refused refused -> refused(state, refused);
      case Fenced fenced -> quiet(state.fenced() ? state : state.asFenced());
      case SetChanged changed -> changed(state, changed.set(), changed.now());
      case Doubted doubted -> doubted(state, doubted.now());
    };
  }

  private static Step tick(LeaseState state, long now) {
    if (now < state.due()) {
      return quiet(state);
    }
    boolean late = now - state.due() > state.times().late();
    return late ? doubted(state, now) : renew(state, now);
  }

  private static Step doubted(LeaseState state, long now) {
    long end = Math.min(state.acknowledgedUntil(), now + state.times().doubt());
    return renew(state.until(state.open(), end, now), now);
  }

  private static Step changed(LeaseState state, VoterSet set, long now) {
    if (set.equals(state.set())) {
      return quiet(state);
    }
    LeaseState known = state;
    if (state.set().isOnly(state.node()) && !state.fenced()) {
      boolean sure = state.doubt() == LeaseState.NEVER;
      long rest = sure ? state.times().leaseNanos() : state.times().doubt();
      known = state.until(state.open(), now + rest, state.doubt());
    }
    return renew(known.with(set, TreePMap.empty()), now);
  }

  private static Step renew(LeaseState state, long now) {
    long due = now + state.times().interval();
    if (state.set().voters().isEmpty()) {
      return quiet(state.with(TreePVector.empty(), state.number(), due));
    }
    Renewal renewal = Renewal.of(nextNumber(state, now), now, state.set());
    PVector<Renewal> open = state.open().plus(renewal);
    while (open.getFirst().sent() + state.times().leaseNanos() <= now) {
      open = open.minus(0);
    }
    return new Step(state.with(open, renewal.number(), due), renewal);
  }

  private static long nextNumber(LeaseState state, long now) {
    return Math.max(now, state.number() + 1);
  }

  private static LeaseState acked(LeaseState state, Acked ack) {
    for (int i = 0; i < state.open().size(); i++) {
      Renewal renewal = state.open().get(i);
      if (renewal.number() == ack.number() && renewal.set().index() == ack.setIndex()) {
        Renewal known = renewal.ackedBy(ack.voter());
        return known == renewal ? state : counted(state, state.open().with(i, known), known);
      }
    }
    return state;
  }

  private static LeaseState counted(LeaseState state, PVector<Renewal> open, Renewal renewal) {
    boolean before = renewal.sent() < state.doubt();
    if (!renewal.counts() || state.fenced() || before) {
      return state.until(open, state.acknowledgedUntil(), state.doubt());
    }
    long end = renewal.sent() + state.times().leaseNanos();
    return state.until(open, Math.max(state.acknowledgedUntil(), end), LeaseState.NEVER);
  }

  private static Step refused(LeaseState state, Refused refused) {
    VoterSet set = state.set();
    if (!isNewest(state, refused.number())
        || !set.has(refused.voter())
        || refused.theirs().index() == set.index()
        || refused.theirs().voters().isEmpty()
        || refused.theirs().isOnly(state.node())) {
      return quiet(state);
    }
    LeaseState known = state.with(set, state.refusals().plus(refused.voter(), refused.theirs()));
    if (set.voters().size() - known.refusals().size() >= set.majority()) {
      return quiet(known);
    }
    VoterSet newest = set;
    for (VoterSet theirs : known.refusals().values()) {
      newest = newest == set || theirs.index() > newest.index() ? theirs : newest;
    }
    return changed(known, newest, refused.now());
  }

  private static boolean isNewest(LeaseState state, long number) {
    return !state.open().isEmpty() && state.open().getLast().number() == number;
  }

  private static Step quiet(LeaseState state) {
    return new Step(state, null);
  }
}
