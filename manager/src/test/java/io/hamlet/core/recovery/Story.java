package io.hamlet.core.recovery;

import io.hamlet.core.model.EffectId;
import io.hamlet.core.model.Entity;
import io.hamlet.core.model.EntryId;
import io.hamlet.core.model.Errand;
import io.hamlet.core.model.ErrandId;
import io.hamlet.core.model.Exit;
import io.hamlet.core.model.Life;
import io.hamlet.core.model.Moment;
import io.hamlet.core.model.Name;
import io.hamlet.core.model.ProcessId;
import io.hamlet.core.model.RequestId;
import java.time.Duration;
import java.util.List;

/**
 * Turns moves into entries that fit, or just miss, the state they meet. The same moves from the
 * same state give the same entries.
 */
public final class Story {
  private HamState state;
  private long now = 1_000_000_000L;
  private long epoch = 1;
  private long boot = 1;
  private long sequence;
  private long pid = 100;
  private HamEvent.Requested lastRequest;

  public Story(HamState from) {
    state = from;
  }

  public HamState state() {
    return state;
  }

  /** The story goes on from here. */
  public void reached(HamState next) {
    state = next;
  }

  public Entry first() {
    return entry(new HamEvent.TookOver("n1", "boot-1", 10, 11, false));
  }

  public Entry next(Move move) {
    now += 1_000;
    return entry(event(move));
  }

  /** Answers what is open, as a host on which all goes well; null when nothing is. */
  public Entry nextGood() {
    now += 1_000;
    for (var open : state.open().entrySet()) {
      HamEvent answer = good(open.getKey(), open.getValue());
      if (answer != null) {
        return entry(answer);
      }
    }
    if (state.stopping()) {
      return entry(stopped());
    }
    if (state.deadlines().isEmpty()) {
      return null;
    }
    now = Math.max(now, state.nextDeadline());
    return entry(new HamEvent.TimePassed());
  }

  /** The entities end one by one, then the node does, and comes back. */
  private HamEvent stopped() {
    for (Entity e : state.entities().values()) {
      if (e.life() instanceof Life.Up up) {
        return new HamEvent.Died(e.name(), e.uid(), up.number(), Exit.signaled(15, false));
      }
    }
    epoch++;
    return new HamEvent.TookOver("n1", "boot-" + boot, 10 + epoch, 0, false);
  }

  private Entry entry(HamEvent event) {
    EntryId id = new EntryId(1, epoch, state.last().index() + 1);
    return new Entry(id, new Moment(now, now + 7), event);
  }

  private HamEvent event(Move m) {
    return switch (m.kind()) {
      case DIE -> died(m, 0, 0);
      case DIE_STALE -> died(m, m.b() % 3 - 1, m.c() % 2 * 40);
      case LEARN_EXIT -> {
        Entity e = Asked.entity(state, m.a());
        long life = e == null ? 1 : e.stats().starts() - m.b() % 2;
        yield new HamEvent.ExitLearned(Asked.name(m.a()), uid(e), life, exit(m.c()));
      }
      case MISS_BEATS -> {
        Entity e = Asked.entity(state, m.a());
        yield new HamEvent.BeatsMissed(
            Asked.name(m.a()), uid(e), life(e), m.b() % 2 == 0, 1 + m.c() % 9);
      }
      case ANSWER, ANSWER_WRONG, ANSWER_UNKNOWN -> answer(m);
      case PASS_TIME -> {
        now += (long) Math.pow(10, m.a() % 11) * (1 + m.b() % 9);
        yield new HamEvent.TimePassed();
      }
      case TAKE_OVER -> {
        epoch++;
        yield new HamEvent.TookOver("n1", "boot-" + boot, 10 + epoch, m.b() % 50, m.a() % 2 == 0);
      }
      case REBOOT -> {
        epoch++;
        boot++;
        now = 1 + m.a();
        yield new HamEvent.TookOver("n1", "boot-" + boot, 10 + epoch, 0, true);
      }
      case GUARDIAN -> new HamEvent.GuardianChanged(m.a(), m.b() % 2 == 0);
      case REPEAT_REQUEST -> lastRequest != null ? lastRequest : new HamEvent.TimePassed();
      case CHANNEL -> channel(m);
      case ERRAND -> errand(m);
      case SAM -> request(AskedSam.command(state, m, new ProcessId(pid++, 7)));
      case SAM_FACT -> AskedSam.fact(state, m);
      case ATTACH, ADOPT, ATTACH_SELF, PLACEHOLDER, DETACH, ADD_CONDITION, ADD_ACTION -> asked(m);
      case ADD_RESTART, ADD_ALTERNATE, REMOVE, REMOVE_ALTERNATE, CONTROL, REPORT -> asked(m);
      case RAISE, RESUME, MANAGER, STOP -> asked(m);
      case GRANT -> Granting.granted(state, m);
      case REVOKE -> Granting.revoked(state, m);
      case RIGHT_LOST -> new HamEvent.RightLost("chance", Duration.ofMillis(m.a() % 3));
      case RIGHT_GAINED -> new HamEvent.RightGained(1 + m.a() % 5 / 4);
      case DENY -> new HamEvent.Denied(anyOpen(m), "chance");
    };
  }

  private HamEvent asked(Move m) {
    return request(Asked.command(state, m, new ProcessId(pid++, 7)));
  }

  private HamEvent request(Command command) {
    long client = 1 + sequence % 5;
    lastRequest = new HamEvent.Requested(new RequestId(client, ++sequence, sequence - 20), command);
    return lastRequest;
  }

  private HamEvent channel(Move m) {
    return switch (m.b() % 5) {
      case 0 -> new HamEvent.ChannelLost(m.a() % 3, 1);
      case 1 -> request(new Command.CloseChannel(m.a() % 3, 1));
      case 2 -> request(new Command.AcknowledgePulses(m.a() % 3, 1, m.c()));
      default -> request(new Command.OpenChannel(new ProcessId(m.a() % 3, 1)));
    };
  }

  /** Few names, so that some are asked for again; in time, late, or of a wrong clock. */
  private HamEvent errand(Move m) {
    ErrandId id = new ErrandId(m.a() % 2 == 0 ? "n2" : "*", new EffectId(entryOf(m.b()), 0));
    long expiry = now + (m.c() % 9 - 1) * 1_000_000_000L;
    return new HamEvent.Asked(id, Asked.errand(m), expiry - Errand.SPAN.toNanos(), expiry);
  }

  private static EntryId entryOf(int index) {
    return new EntryId(1, 1, index);
  }

  private HamEvent died(Move m, int lifeOff, int uidOff) {
    Entity e = Asked.entity(state, m.a());
    Name name = e == null ? Asked.name(m.a()) : e.name();
    return new HamEvent.Died(name, uid(e) + uidOff, life(e) + lifeOff, exit(m.c()));
  }

  private EffectId anyOpen(Move m) {
    List<EffectId> open = List.copyOf(state.open().keySet());
    return open.isEmpty() ? new EffectId(entryOf(m.a()), 0) : open.get(m.a() % open.size());
  }

  private HamEvent answer(Move m) {
    List<EffectId> open = List.copyOf(state.open().keySet());
    EffectId id = new EffectId(new EntryId(1, 1, 1 + m.a()), m.b() % 4);
    if (m.kind() != Move.Kind.ANSWER_UNKNOWN && !open.isEmpty()) {
      id = open.get(m.a() % open.size());
      if (m.kind() == Move.Kind.ANSWER && m.b() % 4 != 0) {
        HamEvent good = good(id, state.open().get(id));
        if (good != null) {
          return good;
        }
      }
    }
    return switch (m.c() % 5) {
      case 0 -> new HamEvent.Failed(id, "chance", m.a() % 5 - 1);
      case 1 -> new HamEvent.Done(id);
      case 2 -> new HamEvent.NeverRan(id);
      case 3 -> new HamEvent.Prepared(id, new ProcessId(pid++, 8), "home");
      default -> new HamEvent.Started(id, new ProcessId(pid++, 9), "home");
    };
  }

  private HamEvent good(EffectId id, OpenEffect open) {
    return switch (open.work()) {
      case OpenEffect.Work.Start s when s.gate() == null ->
          new HamEvent.Prepared(id, new ProcessId(pid++, 8), "home");
      case OpenEffect.Work.Start s -> new HamEvent.Started(id, s.gate(), s.home());
      case OpenEffect.Work.Wait w when !w.path().isEmpty() -> new HamEvent.Done(id);
      case OpenEffect.Work.Signalling s -> new HamEvent.Done(id);
      case OpenEffect.Work.Asking a -> new HamEvent.Done(id);
      case OpenEffect.Work.Quelling q -> new HamEvent.Done(id);
      case OpenEffect.Work.Wait w -> null;
      case OpenEffect.Work.Delay d -> null;
    };
  }

  private static long uid(Entity e) {
    return e == null ? 3 : e.uid();
  }

  private static long life(Entity e) {
    return e != null && e.life() instanceof Life.Up up ? up.number() : 1;
  }

  private static Exit exit(int c) {
    return switch (c % 5) {
      case 0 -> Exit.exited(c % 256);
      case 1 -> Exit.signaled(9, false);
      case 2 -> Exit.signaled(11, true);
      case 3 -> Exit.signaled(6, false);
      default -> Exit.UNKNOWN;
    };
  }
}
