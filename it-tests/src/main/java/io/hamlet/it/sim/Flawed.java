package io.hamlet.it.sim;

import io.hamlet.core.lease.Forgotten;
import io.hamlet.core.lease.LeaseState;
import io.hamlet.core.lease.LeaseTimes;
import io.hamlet.core.lease.VoterSet;
import io.hamlet.manager.lease.LeaseDesk;
import io.hamlet.manager.port.Assents;
import io.hamlet.manager.port.Hearing;
import java.util.SortedMap;
import java.util.function.Supplier;

/** What a desk tells its node, with the {@link Flaw} in it that is asked for. */
final class Flawed {
  private static final long LONG_AGO = 60_000_000_000L;
  private static final long TOO_LONG = 3_000_000_000L;

  private Flawed() {}

  static Supplier<LeaseState> lease(Flaw flaw, LeaseDesk desk) {
    return flaw != Flaw.LEASE ? desk::lease : () -> longer(desk.lease());
  }

  private static LeaseState longer(LeaseState s) {
    boolean held = s.acknowledgedUntil() != LeaseState.NEVER;
    return new LeaseState(
        s.node(),
        s.times(),
        s.set(),
        s.open(),
        s.refusals(),
        s.number(),
        s.due(),
        held ? s.acknowledgedUntil() + TOO_LONG : LeaseState.NEVER,
        s.doubt(),
        false);
  }

  static Assents assents(Flaw flaw, LeaseDesk desk) {
    return switch (flaw) {
      case FENCE_AGE -> new Old(desk);
      case FENCE_DEAF -> new Deaf(desk);
      default -> desk;
    };
  }

  static Hearing hearing(Flaw flaw, LeaseDesk desk) {
    return flaw == Flaw.HASTY ? new Hasty(desk) : desk;
  }

  private record Old(LeaseDesk desk) implements Assents {
    @Override
    public void fence(String node, long incarnation) {
      desk.fence(node, incarnation);
    }

    @Override
    public void forget(Forgotten forgotten) {
      desk.forget(forgotten);
    }

    @Override
    public Last last(String node, long incarnation) {
      Last last = desk.last(node, incarnation);
      return last == null ? null : new Last(last.set(), LONG_AGO);
    }
  }

  private record Deaf(LeaseDesk desk) implements Assents {
    @Override
    public void fence(String node, long incarnation) {
      // It does not listen.
    }

    @Override
    public void forget(Forgotten forgotten) {
      desk.forget(forgotten);
    }

    @Override
    public Last last(String node, long incarnation) {
      VoterSet set = desk.hearing().set();
      long silent = desk.silentNanos(node);
      return new Last(set, silent);
    }
  }

  private record Hasty(LeaseDesk desk) implements Hearing {
    @Override
    public long silentNanos(String node) {
      return Long.MAX_VALUE;
    }

    @Override
    public boolean suspects(String node) {
      return true;
    }

    @Override
    public boolean heardUnder(String node, long incarnation) {
      return false;
    }

    @Override
    public long clockOf(String node) {
      return desk.clockOf(node);
    }

    @Override
    public void watch(SortedMap<String, LeaseTimes> nodes) {
      desk.watch(nodes);
    }

    @Override
    public void gone(String node) {
      desk.gone(node);
    }
  }
}
