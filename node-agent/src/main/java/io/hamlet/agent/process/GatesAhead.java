package io.hamlet.agent.process;

import io.hamlet.agent.os.Kernel;
import java.util.ArrayList;
import java.util.List;

/**
 * Gates that a Guardian makes beside its guard, for what dies while it takes over: to spawn a shell
 * and to move it into a cgroup takes thirty milliseconds just then. Of a Guardian that ends they
 * read the end of their script, and end too. Thread-safe.
 */
public final class GatesAhead {
  private static final int COUNT = 2;

  private final List<Gate> gates = new ArrayList<>();
  private boolean taken;

  /**
   * Makes them, unless they are taken already. Blocks for some milliseconds; throws
   * KernelException, and IllegalStateException, when one cannot be made.
   */
  public void make(Kernel kernel, Workplace place) {
    ProcFiles proc = new ProcFiles(kernel);
    GateMaker maker = new GateMaker(kernel, proc, new Cgroups(kernel, proc, place.cgroups()));
    for (int i = 0; i < COUNT && isWanted(); i++) {
      Gate gate = maker.make();
      maker.warmUp(gate);
      if (!keep(gate)) {
        GatePool.discard(kernel, gate);
      }
    }
  }

  private synchronized boolean isWanted() {
    return !taken;
  }

  private synchronized boolean keep(Gate gate) {
    return !taken && gates.add(gate);
  }

  /** All that are there; whoever takes them has them, and no more are made. */
  synchronized List<Gate> take() {
    taken = true;
    List<Gate> all = List.copyOf(gates);
    gates.clear();
    return all;
  }
}
