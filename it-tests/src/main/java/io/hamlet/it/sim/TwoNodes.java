package io.hamlet.it.sim;

import io.hamlet.core.model.ConditionType;
import io.hamlet.core.model.Deed;
import io.hamlet.core.model.EffectId;
import io.hamlet.core.model.Filter;
import io.hamlet.core.model.Flags;
import io.hamlet.core.model.Limits;
import io.hamlet.core.model.Name;
import io.hamlet.core.model.ObjectPath;
import io.hamlet.core.model.ProcessId;
import io.hamlet.core.model.Target;
import io.hamlet.core.recovery.Channel;
import io.hamlet.core.recovery.Command;
import io.hamlet.core.recovery.Entry;
import io.hamlet.core.recovery.HamEvent;
import io.hamlet.core.recovery.HamMachine;
import io.hamlet.core.recovery.HamState;
import io.hamlet.core.recovery.Happening;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Node {@code a} has a pulse, a signal and an execute done on node {@code b}, each with an
 * alternate at home. Both are production loops in one thread.
 */
public final class TwoNodes {
  /** The three kinds of errand; raised by type. */
  public static final List<String> KINDS = List.of("pulse", "signal", "execute");

  private static final long SECOND = 1_000_000_000L;
  private static final int KEEP = Flags.OfAction.KEEP_ON_FAIL;
  private static final Name ENTITY = new Name("web");

  private final Agenda agenda = new Agenda();
  private final SimBus bus;
  private final SimNode a;
  private final SimNode b;
  private long now;
  private int raised;

  /**
   * @param clockOfB what the clock of b shows when that of a shows one second
   */
  public TwoNodes(SimBus.Fates fates, CrashPoints ofA, CrashPoints ofB, long clockOfB) {
    bus = new SimBus(agenda, fates);
    a = new SimNode("a", SECOND, ofA, bus);
    b = new SimNode("b", clockOfB, ofB, bus);
    ProcessId receiver = b.host.stranger("/srv/receiver");
    b.want(new Command.OpenChannel(receiver));
    a.want(new Command.CreateEntity(ENTITY, Flags.OfEntity.NONE));
    action("pulse", new Deed.Pulse("b", receiver.pid(), 1, 5, 6));
    action("signal", new Deed.Signal("b", receiver, 10, 0, 0));
    action("execute", new Deed.Execute(List.of("/bin/far"), "b"));
    run(SECOND);
  }

  private void action(String kind, Deed deed) {
    ObjectPath condition = ObjectPath.of(ENTITY, new Name(kind));
    a.want(
        new Command.AddCondition(
            new Target(ObjectPath.of(ENTITY), 0),
            condition.condition(),
            ConditionType.RAISE,
            new Filter.Raise(1 + KINDS.indexOf(kind), 0, 0),
            new Flags.OfCondition(Flags.OfCondition.INDEPENDENT),
            Flags.Rearm.ON));
    Name far = new Name("far");
    a.want(
        new Command.AddAction(
            new Target(condition, 0), far, deed, new Flags.OfAction(KEEP), Flags.Rearm.ON));
    a.want(
        new Command.AddFailItem(
            new Target(condition.with(far), 0),
            new Name("else"),
            new Deed.Execute(List.of("/bin/else-" + kind), "")));
  }

  /** Has one of each kind asked for. */
  public void raise() {
    raise(1);
  }

  /** Has so many of each kind asked for at once; all pulses but the first may go together. */
  public void raise(int times) {
    for (int i = 0; i < times; i++) {
      raiseOne();
    }
  }

  private void raiseOne() {
    raised++;
    for (String kind : KINDS) {
      a.want(
          new Command.PublishRaise(
              new Target(ObjectPath.of(ENTITY), 0), 1 + KINDS.indexOf(kind), 1, 1));
    }
  }

  /** Nothing arrives, and nobody notices. */
  public void silent(boolean value) {
    bus.silent(value);
  }

  /** The nodes do not see each other. */
  public void apart(boolean value) {
    bus.apart(value);
  }

  /** The manager of a is killed, and another goes on. */
  public void takeOver() {
    a.takeOver();
  }

  /** How many messages were sent so far. */
  public int messages() {
    return bus.count();
  }

  /** Goes on for so long. */
  public void run(long nanos) {
    long until = now + nanos;
    while (now < until) {
      bus.time(now);
      agenda.runDue(now);
      a.run(now);
      b.run(now);
      long next = Math.min(agenda.next(), Math.min(a.next(), b.next()));
      now = Math.min(until, Math.max(now + 1, next));
    }
  }

  /** How often that kind was done on b. */
  public int done(String kind) {
    return switch (kind) {
      case "pulse" -> {
        Channel channel = b.state().channels().values().iterator().next();
        yield (int) channel.next() - 1;
      }
      case "signal" -> b.host.signals().size();
      default -> b.host.starts("/bin/far");
    };
  }

  /** How often the alternate of that kind ran on a. */
  public int alternates(String kind) {
    return a.host.starts("/bin/else-" + kind);
  }

  /** How its actions ended: empty for those that were done, else why not. */
  public List<String> endings(String kind) {
    List<String> endings = new ArrayList<>();
    for (Happening h : a.happenings()) {
      if (h.path().equals("web/" + kind + "/far") && h.reason().isEmpty()) {
        if (h.event().equals("action-done")) {
          endings.add("");
        } else if (h.event().equals("action-failed")) {
          endings.add(h.detail());
        }
      }
    }
    return endings;
  }

  /** What is wrong when everything has come to rest; empty when all is well. */
  public List<String> faults() {
    List<String> faults = new ArrayList<>(a.violations);
    faults.addAll(b.violations);
    faults.addAll(a.host.violations);
    faults.addAll(b.host.violations);
    if (!a.isSatisfied() || !b.isSatisfied()) {
      faults.add("a client still waits");
    }
    for (String kind : KINDS) {
      List<String> endings = endings(kind);
      long good = endings.stream().filter(String::isEmpty).count();
      long unknown = endings.stream().filter(e -> e.startsWith("outcome unknown")).count();
      int done = done(kind);
      String told = kind + ": done " + done + ", told " + endings;
      if (endings.size() != raised) {
        faults.add(told + " of " + raised);
      }
      if (done < good || done > good + unknown) {
        faults.add(told);
      }
      // Pulses that went together and of which nothing is known have one alternate for all.
      long failed = endings.size() - good;
      long least = kind.equals("pulse") ? Math.min(1, failed) : failed;
      if (alternates(kind) < least || alternates(kind) > failed) {
        faults.add(told + ", alternates " + alternates(kind));
      }
    }
    faults.addAll(begunTooLate());
    return faults;
  }

  /** Nothing is begun on b after a has given it up and done something else. */
  private List<String> begunTooLate() {
    List<String> faults = new ArrayList<>();
    Map<EffectId, Long> ended = ends();
    for (Entry entry : b.log()) {
      if (entry.event() instanceof HamEvent.Asked asked) {
        Long end = ended.get(asked.id().effect());
        long begun = b.sinceStart(entry.at());
        if (end != null && begun > end) {
          faults.add(asked.id() + " was begun " + (begun - end) + " ns after its end");
        }
      }
    }
    return faults;
  }

  /** When a ceased to wait for each of its effects. */
  private Map<EffectId, Long> ends() {
    Map<EffectId, Long> ends = new HashMap<>();
    HamState state = HamState.empty("a", Limits.DEFAULT);
    for (Entry entry : a.log()) {
      HamState next = HamMachine.apply(state, entry).state();
      for (EffectId open : state.open().keySet()) {
        if (!next.open().containsKey(open)) {
          ends.put(open, a.sinceStart(entry.at()));
        }
      }
      state = next;
    }
    return ends;
  }
}
