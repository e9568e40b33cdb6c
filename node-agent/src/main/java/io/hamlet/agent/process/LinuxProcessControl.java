package io.hamlet.agent.process;

import io.hamlet.agent.os.Kernel;
import io.hamlet.agent.os.Reactor;
import io.hamlet.core.model.EffectId;
import io.hamlet.core.model.Exit;
import io.hamlet.core.model.ProcessId;
import io.hamlet.core.model.ProcessSpec;
import io.hamlet.core.recovery.Effect;
import io.hamlet.core.recovery.HamEvent;
import io.hamlet.manager.port.Inbox;
import io.hamlet.manager.port.ProcessControl;
import java.util.HashMap;
import java.util.Map;

/** {@link ProcessControl} on Linux. Core thread, except where the port says otherwise. */
public final class LinuxProcessControl implements ProcessControl, AutoCloseable {
  private record WatchKey(long uid, long life) {}

  /** A watch that stands, and the process it stands on. */
  private record Standing(Tracked tracked, Tracked.Mourner mourner) {}

  private final Kernel kernel;
  private final Reactor reactor;
  private final Inbox inbox;
  private final Workplace place;
  private final ProcFiles proc;
  private final Accounts accounts;
  private final Workers workers = new Workers();
  private final Processes processes;
  private final GatePool pool;
  private final Map<EffectId, Gate> prepared = new HashMap<>();
  private final Map<WatchKey, Standing> watches = new HashMap<>();

  public LinuxProcessControl(Kernel kernel, Reactor reactor, Inbox inbox, Workplace place) {
    this.kernel = kernel;
    this.reactor = reactor;
    this.inbox = inbox;
    this.place = place;
    this.proc = new ProcFiles(kernel);
    this.accounts = new Accounts(place.etc());
    this.processes = new Processes(kernel, reactor, proc, (pid, pidfd) -> kernel.exitStatus(pidfd));
    Cgroups cgroups = new Cgroups(proc, place.cgroups());
    this.pool =
        new GatePool(kernel, reactor, new GateMaker(kernel, proc, cgroups), workers, processes);
    kernel.becomeSubreaper();
  }

  @Override
  public void prepare(Effect.Prepare effect) {
    pool.take(
        (gate, why) -> {
          if (gate == null) {
            inbox.post(new HamEvent.Failed(effect.id(), why));
          } else {
            prepared.put(effect.id(), gate);
            inbox.post(new HamEvent.Prepared(effect.id(), gate.process(), gate.home()));
          }
        });
  }

  @Override
  public void go(Effect.Go effect) {
    Gate gate = prepared.remove(effect.id());
    if (gate == null) {
      inbox.post(new HamEvent.NeverRan(effect.id()));
      return;
    }
    Script script;
    try {
      script = place.script(effect, accounts);
    } catch (StartFailure e) {
      pool.giveBack(gate);
      inbox.post(new HamEvent.Failed(effect.id(), e.getMessage()));
      return;
    }
    for (ProcessSpec.Limit limit : effect.spec().limits()) {
      long result =
          kernel.setLimit(gate.process().pid(), Limits.number(limit.resource()), limit.value());
      if (result < 0) {
        pool.discard(gate);
        inbox.post(new HamEvent.Failed(effect.id(), Limits.refused(limit, result)));
        return;
      }
    }
    Start start =
        new Start(kernel, reactor, proc, gate, script, new Answer(effect.id(), gate, inbox));
    start.go(processes.find(gate.process(), gate.home()));
    pool.refill(watches.size());
  }

  private record Answer(EffectId id, Gate gate, Inbox inbox) implements Start.Outcome {
    @Override
    public void started() {
      inbox.post(new HamEvent.Started(id, gate.process(), gate.home()));
    }

    @Override
    public void failed(String why) {
      inbox.post(new HamEvent.Failed(id, why));
    }

    @Override
    public void neverRan() {
      inbox.post(new HamEvent.NeverRan(id));
    }
  }

  @Override
  public void abandon(Effect.Abandon effect) {
    Gate gate = prepared.remove(effect.id());
    if (gate != null) {
      pool.giveBack(gate);
    }
  }

  @Override
  public void watch(Effect.Watch effect) {
    WatchKey key = new WatchKey(effect.uid(), effect.life());
    if (watches.containsKey(key)) {
      return;
    }
    Tracked tracked = processes.find(effect.process(), effect.home());
    if (tracked == null) {
      inbox.post(died(effect, Exit.UNKNOWN));
    } else if (tracked.exit != null) {
      inbox.post(died(effect, tracked.exit));
    } else {
      Tracked.Mourner mourner = (exit, late) -> mourn(key, effect, exit, late);
      tracked.mourners.add(mourner);
      watches.put(key, new Standing(tracked, mourner));
    }
  }

  private void mourn(WatchKey key, Effect.Watch watch, Exit exit, boolean late) {
    watches.remove(key);
    inbox.post(
        late
            ? new HamEvent.ExitLearned(watch.entity(), watch.uid(), watch.life(), exit)
            : died(watch, exit));
  }

  private static HamEvent died(Effect.Watch watch, Exit exit) {
    return new HamEvent.Died(watch.entity(), watch.uid(), watch.life(), exit);
  }

  @Override
  public void unwatch(Effect.Unwatch effect) {
    Standing standing = watches.remove(new WatchKey(effect.uid(), effect.life()));
    if (standing != null) {
      standing.tracked().mourners.remove(standing.mourner());
      processes.release(standing.tracked());
    }
  }

  @Override
  public void end(Effect.End effect) {
    throw new UnsupportedOperationException("to come");
  }

  @Override
  public ProcessId identify(long pid) {
    throw new UnsupportedOperationException("to come");
  }

  @Override
  public void check(ProcessSpec spec) {
    throw new UnsupportedOperationException("to come");
  }

  @Override
  public void close() {
    pool.close();
    workers.close();
  }
}
