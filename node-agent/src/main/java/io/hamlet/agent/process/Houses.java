package io.hamlet.agent.process;

import io.hamlet.agent.os.Kernel;
import io.hamlet.agent.os.Reactor;
import io.hamlet.core.model.ProcessId;
import io.hamlet.core.recovery.Effect;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * Where processes live: the node's own in one cgroup, the cluster's in two below it, so that all
 * that must stop with the right to run can be ended by one write (architecture.md 3). Each house
 * has gates of its own. Core thread, but for {@link #trouble}.
 */
final class Houses {
  /** Below the cgroup of the node. */
  static final String MUST_STOP = "must-stop";

  private static final String KEEP = "keep";
  private static final long LIMIT_NANOS = 2_000_000_000L;

  private final Map<Effect.House, Cgroups> cgroups = new EnumMap<>(Effect.House.class);
  private final Map<Effect.House, GatePool> pools = new EnumMap<>(Effect.House.class);

  Houses(
      Kernel kernel,
      Reactor reactor,
      Workers workers,
      ProcFiles proc,
      Cgroups own,
      Processes processes) {
    cgroups.put(Effect.House.NODE, own);
    cgroups.put(Effect.House.MUST_STOP, own.below(MUST_STOP));
    cgroups.put(Effect.House.KEEP, own.below(KEEP));
    cgroups.forEach(
        (house, at) -> {
          GateMaker maker = new GateMaker(kernel, proc, at);
          pools.put(house, new GatePool(kernel, reactor, maker, workers, processes));
        });
  }

  GatePool pool(Effect.House house) {
    return pools.get(house);
  }

  List<Cgroups> all() {
    return List.copyOf(cgroups.values());
  }

  /** Why starts wait, or null. Any thread. */
  String trouble() {
    return pools.values().stream()
        .map(GatePool::trouble)
        .filter(Objects::nonNull)
        .findFirst()
        .orElse(null);
  }

  /** Ends all in the house of what must stop; see {@link LinuxProcessControl#evict}. */
  void evict(Remains remains, Consumer<String> answer) {
    Cgroups house = cgroups.get(Effect.House.MUST_STOP);
    String home = house.root() == null ? "" : house.root().toString();
    if (home.isEmpty() || !house.isPopulated(home)) {
      answer.accept(null);
      return;
    }
    remains.clear(
        new Effect.Remains(ProcessId.NONE, home),
        new Remains.Pace(0, LIMIT_NANOS),
        why -> {
          answer.accept(why);
          if (why != null) {
            evict(remains, answer);
          }
        });
  }

  void close() {
    pools.values().forEach(GatePool::close);
  }
}
