package io.hamlet.agent.process;

import io.hamlet.agent.os.Errno;
import io.hamlet.agent.os.Kernel;
import io.hamlet.agent.os.KernelException;
import io.hamlet.agent.os.Reactor;
import java.util.ArrayDeque;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A few gates ready to go, so that a restart does not wait for a shell to start; refilled behind.
 * An agent that never started anything has none. While the host is short of processes or
 * descriptors who takes one may wait: a restart that failed for that would be a lost entity. Core
 * thread, but for {@link #trouble}.
 */
final class GatePool {
  /** Gets a gate, or the reason why there is none. */
  interface Taker {
    void taken(Gate gate, String why);
  }

  private static final Logger LOG = LoggerFactory.getLogger(GatePool.class);
  private static final long FIRST_PAUSE_NANOS = 100_000_000L;
  private static final long LONGEST_PAUSE_NANOS = 5_000_000_000L;
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
  private final ArrayDeque<Taker> waiting = new ArrayDeque<>();
  private int onTheWay;
  private boolean retrying;
  private long pause = FIRST_PAUSE_NANOS;
  private volatile String trouble;

  GatePool(Kernel kernel, Reactor reactor, GateMaker maker, Workers workers, Processes processes) {
    this.kernel = kernel;
    this.reactor = reactor;
    this.maker = maker;
    this.workers = workers;
    this.processes = processes;
  }

  /**
   * Answers at once if a gate is ready, else later, on the core thread.
   *
   * @param patient waits while the host is short of processes or descriptors
   */
  void take(Taker taker, boolean patient) {
    Gate gate = idle.poll();
    if (gate != null) {
      taker.taken(gate, null);
    } else {
      make(taker, patient);
    }
  }

  /** Why starts wait, or null. Any thread. */
  String trouble() {
    return trouble;
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
    discard(kernel, gate);
  }

  static void discard(Kernel kernel, Gate gate) {
    kernel.pidfdSignal(gate.pidfd(), Kernel.SIGCONT);
    kernel.close(gate.script());
    kernel.close(gate.status());
  }

  /** Has a gate more, made in this process before there was a pool, if it lives. */
  void add(Gate gate) {
    if (kernel.childStatus(gate.pidfd()) != -Errno.EAGAIN) {
      discard(gate);
      kernel.reapChild(gate.pidfd());
      kernel.close(gate.pidfd());
      return;
    }
    arrive(
        gate,
        (arrived, why) -> {
          if (arrived != null) {
            idle.add(arrived);
          }
        });
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
          },
          false);
    }
  }

  void close() {
    idle.forEach(this::discard);
    idle.clear();
  }

  private void make(Taker taker, boolean patient) {
    workers.execute(
        () -> {
          try {
            Gate gate = maker.make();
            reactor.execute(() -> arrive(gate, taker));
          } catch (RuntimeException e) {
            boolean scarce = e instanceof KernelException k && Errno.isScarcity(k.errno());
            reactor.execute(() -> lack(taker, patient && scarce, e.getMessage()));
          }
        });
  }

  private void lack(Taker taker, boolean waits, String why) {
    if (!waits) {
      taker.taken(null, "no process can be made: " + why);
      return;
    }
    waiting.add(taker);
    if (trouble == null) {
      LOG.warn("starts wait, because no process can be made: {}", why);
    }
    trouble = "starts wait, because no process can be made: " + why + "; it is tried again";
    if (!retrying) {
      retrying = true;
      reactor.after(pause, this::again);
      pause = Math.min(2 * pause, LONGEST_PAUSE_NANOS);
    }
  }

  private void again() {
    retrying = false;
    retake();
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
    pause = FIRST_PAUSE_NANOS;
    trouble = null;
    taker.taken(gate, null);
    retake();
  }

  private void retake() {
    List<Taker> patient = List.copyOf(waiting);
    waiting.clear();
    patient.forEach(taker -> take(taker, true));
  }

  private void lose(Gate gate) {
    if (idle.remove(gate)) {
      discard(gate);
    }
  }
}
