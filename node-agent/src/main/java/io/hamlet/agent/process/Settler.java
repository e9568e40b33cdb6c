package io.hamlet.agent.process;

import io.hamlet.agent.os.Kernel;
import io.hamlet.agent.os.Reactor;
import java.util.regex.Matcher;

/**
 * Finds out what became of a gate that a dead manager had sent on its way (architecture.md 2):
 * mark, and the program runs or ran; mark with a failure; or the gate is gone without a mark, and
 * nothing has happened. Its script can grow no longer, so one of them comes by itself. Core thread.
 */
final class Settler {
  /** A gate that is neither on nor gone after this was stopped by somebody; it is ended. */
  private static final long LIMIT_NANOS = 10_000_000_000L;

  private final Kernel kernel;
  private final Reactor reactor;
  private final ProcFiles proc;
  private final PathWatch paths;

  Settler(Kernel kernel, Reactor reactor, ProcFiles proc, PathWatch paths) {
    this.kernel = kernel;
    this.reactor = reactor;
    this.proc = proc;
    this.paths = paths;
  }

  /**
   * @param gate null if it is gone
   */
  void settle(Tracked gate, String mark, Start.Outcome outcome) {
    if (gate == null || gate.exit != null) {
      conclude(mark, outcome);
      return;
    }
    new Settling(gate, mark, outcome).begin();
  }

  private void conclude(String mark, Start.Outcome outcome) {
    Matcher step = Start.FAILED_STEP.matcher(proc.read(mark));
    if (!proc.exists(mark)) {
      outcome.neverRan();
    } else if (step.find()) {
      outcome.failed("it could not be started: " + step.group(2) + " (" + step.group(1) + ")");
    } else {
      outcome.started();
    }
  }

  private final class Settling {
    private final Tracked gate;
    private final String mark;
    private final Start.Outcome outcome;
    private final Tracked.Mourner mourner = (exit, late) -> finish();
    private PathWatch.Watching watching;
    private Reactor.Timer limit;
    private boolean over;

    Settling(Tracked gate, String mark, Start.Outcome outcome) {
      this.gate = gate;
      this.mark = mark;
      this.outcome = outcome;
    }

    void begin() {
      gate.mourners.add(mourner);
      limit = reactor.after(LIMIT_NANOS, () -> kernel.pidfdSignal(gate.pidfd, Kernel.SIGKILL));
      watching =
          paths.on(
              mark,
              () -> {
                if (proc.exists(mark)) {
                  reactor.execute(this::finish);
                }
              });
    }

    private void finish() {
      if (over) {
        return;
      }
      over = true;
      limit.cancel();
      watching.cancel();
      gate.mourners.remove(mourner);
      conclude(mark, outcome);
    }
  }
}
