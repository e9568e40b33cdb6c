package io.hamlet.agent.process;

import io.hamlet.agent.os.Kernel;
import io.hamlet.agent.os.KernelException;
import io.hamlet.agent.os.Reactor;
import io.hamlet.core.model.EffectId;
import io.hamlet.core.model.Exit;
import io.hamlet.core.model.ProcessId;
import io.hamlet.core.model.ProcessSpec;
import io.hamlet.core.recovery.Effect;
import io.hamlet.core.recovery.HamEvent;
import io.hamlet.manager.port.Inbox;
import io.hamlet.manager.port.Right;
import java.util.HashMap;
import java.util.Map;

/** The two phases of each start: a gate is got, then it goes. Core thread. */
final class Starts {
  /** A first phase; it is over when both halves are there. */
  private static final class Preparing {
    private final GatePool pool;
    private Gate gate;
    private boolean cleared;
    private boolean unwanted;

    Preparing(GatePool pool) {
      this.pool = pool;
    }

    boolean isReady() {
      return gate != null && cleared;
    }
  }

  private static final long AGAIN_NANOS = 1_000_000_000L;

  private final Kernel kernel;
  private final Reactor reactor;
  private final Inbox inbox;
  private final Workplace place;
  private final Accounts accounts;
  private final Accounts.User own;
  private final ProcFiles proc;
  private final Processes processes;
  private final Houses houses;
  private final Right right;
  private final Remains remains;
  private final Settler settler;
  private final Forking forking;
  private final Ender ender;
  private final Marks marks;
  private final LogFiles logs;
  private final Map<EffectId, Preparing> preparing = new HashMap<>();
  private int watched;

  Starts(Kernel kernel, Reactor reactor, Inbox inbox, Workplace place, Parts parts) {
    this.kernel = kernel;
    this.reactor = reactor;
    this.inbox = inbox;
    this.place = place;
    this.accounts = new Accounts(place.etc());
    this.own = accounts.own();
    this.proc = parts.proc();
    this.processes = parts.processes();
    this.houses = parts.houses();
    this.right = parts.right();
    this.remains = parts.remains();
    this.settler = parts.settler();
    this.forking = parts.forking();
    this.ender = parts.ender();
    this.marks = parts.marks();
    this.logs = parts.logs();
  }

  /** What a start is made of. */
  record Parts(
      ProcFiles proc,
      Processes processes,
      Houses houses,
      Right right,
      Remains remains,
      Settler settler,
      Forking forking,
      Ender ender,
      Marks marks,
      LogFiles logs) {}

  void prepare(Effect.Prepare effect) {
    EffectId id = effect.id();
    Preparing known = preparing.get(id);
    if (known != null) {
      tell(id, known);
      return;
    }
    Preparing fresh = new Preparing(houses.pool(effect.house()));
    preparing.put(id, fresh);
    fresh.pool.take((gate, why) -> gotGate(id, fresh, gate, why), effect.patient());
    if (effect.remains() == null) {
      fresh.cleared = true;
      tell(id, fresh);
    } else {
      remains.clear(effect.remains(), why -> cleared(id, fresh, why));
    }
  }

  private void gotGate(EffectId id, Preparing start, Gate gate, String why) {
    if (gate == null) {
      fail(id, start, why);
    } else if (start.unwanted) {
      start.pool.giveBack(gate);
    } else {
      start.gate = gate;
      tell(id, start);
    }
  }

  private void cleared(EffectId id, Preparing start, String why) {
    start.cleared = true;
    if (why != null) {
      fail(id, start, why);
    } else {
      tell(id, start);
    }
  }

  private void tell(EffectId id, Preparing start) {
    if (start.isReady() && !start.unwanted) {
      inbox.post(new HamEvent.Prepared(id, start.gate.process(), start.gate.home()));
    }
  }

  private void fail(EffectId id, Preparing start, String why) {
    if (!start.unwanted) {
      drop(id, start);
      inbox.post(new HamEvent.Failed(id, why));
    }
  }

  private void drop(EffectId id, Preparing start) {
    start.unwanted = true;
    preparing.remove(id, start);
    if (start.gate != null) {
      start.pool.giveBack(start.gate);
      start.gate = null;
    }
  }

  void abandon(Effect.Abandon effect) {
    Preparing start = preparing.get(effect.id());
    if (start != null) {
      drop(effect.id(), start);
    }
  }

  void go(Effect.Go effect, int watching) {
    watched = watching;
    Preparing start = preparing.remove(effect.id());
    if (start == null || start.gate == null || !start.gate.process().equals(effect.gate())) {
      settle(effect);
      return;
    }
    String refusal = effect.house() == Effect.House.NODE ? null : right.refusal();
    if (refusal != null) {
      start.pool.giveBack(start.gate);
      inbox.post(new HamEvent.Denied(effect.id(), refusal));
      return;
    }
    try {
      release(effect, start.gate);
    } catch (StartFailure e) {
      // It may carry limits already, so it is not for another.
      start.pool.discard(start.gate);
      inbox.post(new HamEvent.Failed(effect.id(), e.getMessage()));
      start.pool.refill(watched);
    }
  }

  private void settle(Effect.Go effect) {
    try {
      Tracked gate = processes.find(effect.gate(), effect.home());
      settler.settle(gate, place.mark(effect.id()), new Answer(effect));
    } catch (KernelException e) {
      // Out of descriptors: to guess would start it twice.
      reactor.after(AGAIN_NANOS, () -> settle(effect));
    }
  }

  private void release(Effect.Go effect, Gate gate) {
    Script script = place.script(effect, accounts, own);
    for (ProcessSpec.Limit limit : effect.spec().limits()) {
      Limits.set(kernel, gate.process().pid(), limit);
    }
    Tracked tracked = processes.find(gate.process(), gate.home());
    // Somebody may have stopped all the shells there are; this one would never read its script.
    kernel.pidfdSignal(tracked.pidfd, Kernel.SIGCONT);
    new Start(kernel, reactor, proc, gate, script, new Answer(effect)).go(tracked);
    if (effect.spec().logFile().isEmpty()) {
      logs.grows(script.logFile());
    }
  }

  /** Tells the core, after finding the daemon if there is one to be found. */
  private final class Answer implements Start.Outcome {
    private final Effect.Go effect;

    Answer(Effect.Go effect) {
      this.effect = effect;
    }

    @Override
    public void started() {
      Tracked program = processes.find(effect.gate(), effect.home());
      if (effect.spec().forking()) {
        forking.await(program == null ? gone() : program, effect.spec(), new DaemonFound());
      } else {
        answer(new HamEvent.Started(effect.id(), effect.gate(), effect.home()));
      }
    }

    /** The forking program of a predecessor, which has ended as it should. */
    private Tracked gone() {
      Tracked program = new Tracked(effect.gate(), -1, effect.home());
      program.exit = Exit.exited(0);
      return program;
    }

    @Override
    public void failed(String why) {
      answer(new HamEvent.Failed(effect.id(), why));
    }

    @Override
    public void neverRan() {
      answer(new HamEvent.NeverRan(effect.id()));
    }

    private void answer(HamEvent event) {
      inbox.post(event);
      marks.settled(place.mark(effect.id()));
      // Not before: making gates would take processors from the program that begins.
      houses.pool(effect.house()).refill(watched);
    }

    private final class DaemonFound implements Forking.Outcome {
      @Override
      public void daemon(Tracked daemon) {
        ProcessId id = daemon.id;
        answer(new HamEvent.Started(effect.id(), id, effect.home()));
      }

      @Override
      public void failed(String why) {
        ender.end(effect.gate(), effect.home(), place.grace());
        Answer.this.failed(why);
      }
    }
  }
}
