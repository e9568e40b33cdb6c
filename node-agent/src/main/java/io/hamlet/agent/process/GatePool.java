package io.hamlet.agent.process;

import io.hamlet.agent.os.Kernel;
import io.hamlet.agent.os.KernelException;
import io.hamlet.agent.os.Reactor;
import java.util.ArrayDeque;

/**
 * A few gates ready to go, so that a restart does not wait for a shell to start; refilled behind.
 * An agent that never started anything has none. Core thread.
 */
final class GatePool {
  /** Gets a gate, or the reason why there is none. */
  interface Taker {
    void taken(Gate gate, String why);
  }

  private static final int MOST = 16;

  /** A few programs that die again and again take more than one each before a new one is there. */
  private static final int LEAST = 8;

  /** One spare gate for so many processes that are watched. */
  private static final int SHARE = 8;

  private final Kernel kernel;
  private final Reactor reactor;
  private final GateMaker maker;
  private final Workers workers;
  private final Processes processes;
  private final ArrayDeque<Gate> idle = new ArrayDeque<>();
  private int onTheWay;

  GatePool(Kernel kernel, Reactor reactor, GateMaker maker, Workers workers, Processes processes) {
    this.kernel = kernel;
    this.reactor = reactor;
    this.maker = maker;
    this.workers = workers;
    this.processes = processes;
  }

  /** Answers at once if a gate is ready, else later, on the core thread. */
  void take(Taker taker) {
    Gate gate = idle.poll();
    if (gate != null) {
      taker.taken(gate, null);
    } else {
      make(taker);
    }
  }

  /** Takes back a gate that got no script. */
  void giveBack(Gate gate) {
    if (idle.size() < MOST) {
      idle.add(gate);
    } else {
      discard(gate);
    }
  }

  /** Lets a gate end: it reads end-of-file, even if somebody has stopped it. */
  void discard(Gate gate) {
    kernel.pidfdSignal(gate.pidfd(), Kernel.SIGCONT);
    kernel.close(gate.script());
    kernel.close(gate.status());
  }

  /** Brings the pool up to what so many watched processes deserve. */
  void refill(int watched) {
    int wanted = Math.min(MOST, LEAST + watched / SHARE);
    while (idle.size() + onTheWay < wanted) {
      onTheWay++;
      make(
          (gate, why) -> {
            onTheWay--;
            if (gate != null) {
              maker.warmUp(gate);
              idle.add(gate);
            }
          });
    }
  }

  void close() {
    idle.forEach(this::discard);
    idle.clear();
  }

  private void make(Taker taker) {
    workers.execute(
        () -> {
          try {
            Gate gate = maker.make();
            reactor.execute(() -> arrive(gate, taker));
          } catch (RuntimeException e) {
            reactor.execute(() -> taker.taken(null, "no gate could be made: " + e.getMessage()));
          }
        });
  }

  private void arrive(Gate gate, Taker taker) {
    Tracked tracked;
    try {
      tracked = processes.track(gate.process(), gate.pidfd(), gate.home());
    } catch (KernelException e) {
      discard(gate);
      taker.taken(null, "a gate cannot be watched: " + e.getMessage());
      return;
    }
    tracked.mourners.add((exit, late) -> lose(gate));
    taker.taken(gate, null);
  }

  private void lose(Gate gate) {
    if (idle.remove(gate)) {
      discard(gate);
    }
  }
}
