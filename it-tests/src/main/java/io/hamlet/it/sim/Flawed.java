package io.hamlet.it.sim;

import io.hamlet.core.lease.Forgotten;
import io.hamlet.core.lease.LeaseState;
import io.hamlet.core.lease.LeaseTimes;
import io.hamlet.core.lease.VoterSet;
import io.hamlet.core.model.ProcessSpec;
import io.hamlet.core.recovery.Effect;
import io.hamlet.core.recovery.HamEvent;
import io.hamlet.manager.lease.LeaseDesk;
import io.hamlet.manager.port.Assents;
import io.hamlet.manager.port.Hearing;
import io.hamlet.manager.port.Inbox;
import io.hamlet.manager.port.ProcessControl;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.function.Supplier;

/** What parts of a node tell each other, with the {@link Flaw} in it that is asked for. */
final class Flawed {
  private static final long LONG_AGO = 60_000_000_000L;
  private static final long TOO_LONG = 3_000_000_000L;
  private static final int TOKEN_BITS = 20;

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

  /** The own tree, as the cluster has it told what is granted. */
  static Inbox grants(Flaw flaw, Inbox tree) {
    return event -> {
      // The first grant is given with the definition or before it is complete, each later one
      // after.
      boolean first =
          !(event instanceof HamEvent.Granted g) || g.grant().index() <= g.grant().version();
      if (flaw != Flaw.NEVER_STARTED || first) {
        tree.post(event);
      }
    };
  }

  /** The host, as one manager uses it. */
  static ProcessControl host(Flaw flaw, ProcessControl host) {
    if (flaw != Flaw.TOKEN) {
      return host;
    }
    Map<Long, Long> starts = new HashMap<>();
    return (ProcessControl)
        Proxy.newProxyInstance(
            ProcessControl.class.getClassLoader(),
            new Class<?>[] {ProcessControl.class},
            (self, method, arguments) -> {
              try {
                boolean goes = arguments[0] instanceof Effect.Go;
                Object what = goes ? counted((Effect.Go) arguments[0], starts) : arguments[0];
                return method.invoke(host, what);
              } catch (InvocationTargetException thrown) {
                throw thrown.getCause();
              }
            });
  }

  private static Effect.Go counted(Effect.Go e, Map<Long, Long> starts) {
    List<ProcessSpec.Variable> environment =
        e.environment().stream()
            .map(v -> v.name().equals("HAM_TOKEN") ? counted(v, starts) : v)
            .toList();
    return new Effect.Go(
        e.id(), e.gate(), e.home(), e.spec(), environment, e.logName(), e.house(), e.repeated());
  }

  private static ProcessSpec.Variable counted(ProcessSpec.Variable token, Map<Long, Long> starts) {
    long grant = Long.parseLong(token.value()) >> TOKEN_BITS;
    long start = starts.merge(grant, 1L, Long::sum);
    return new ProcessSpec.Variable(token.name(), Long.toString(grant << TOKEN_BITS | start));
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
