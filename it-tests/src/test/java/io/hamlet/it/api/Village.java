package io.hamlet.it.api;

import io.hamlet.core.model.ProcessId;
import io.hamlet.core.model.Refused;
import io.hamlet.core.model.Rejection;
import io.hamlet.core.recovery.HamState;
import io.hamlet.manager.api.Cluster;
import io.hamlet.manager.api.TlsKeys;
import io.hamlet.manager.port.Directory;
import io.hamlet.manager.port.Fencing;
import io.hamlet.manager.port.History;
import io.hamlet.manager.port.Replicas;
import io.hamlet.manager.runtime.EventHistory;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Several servers that know each other; what they know can be set. A replica is the brain itself,
 * which outlives its servers.
 */
final class Village implements AutoCloseable {
  final Map<String, Bench> benches = new LinkedHashMap<>();
  private final Map<String, Directory.Node> nodes = new TreeMap<>();
  private final Map<String, Brain> kept = new TreeMap<>();
  private final List<Runnable> bells = new CopyOnWriteArrayList<>();

  Village(String... names) throws IOException {
    this((TlsKeys) null, names);
  }

  /**
   * @param keys of all of them; null: without TLS
   */
  Village(TlsKeys keys, String... names) throws IOException {
    for (String name : names) {
      Brain brain = new Brain(name, EventHistory.DEFAULT_KEPT);
      Bench bench =
          new Bench(
              brain,
              new Cluster(
                  new Book(), new Shelf(name), this::identify, null, null, () -> 0, Fencing.NONE),
              keys);
      benches.put(name, bench);
      set(name, Directory.State.UP, "127.0.0.1:" + bench.port());
    }
  }

  Bench of(String name) {
    return benches.get(name);
  }

  synchronized Directory.Node node(String name) {
    return nodes.get(name);
  }

  void set(String name, Directory.State state) {
    set(name, state, node(name).address());
  }

  void set(String name, Directory.State state, String address) {
    put(new Directory.Node(name, state, true, 1, 1, address, 1));
  }

  /** It votes no more. */
  void demote(String name) {
    Directory.Node now = node(name);
    put(new Directory.Node(name, now.state(), false, 1, 1, now.address(), 1));
  }

  private void put(Directory.Node node) {
    synchronized (this) {
      nodes.put(node.name(), node);
    }
    bells.forEach(Runnable::run);
  }

  void forget(String name) {
    synchronized (this) {
      nodes.remove(name);
    }
    bells.forEach(Runnable::run);
  }

  /** One node keeps the tree of another. */
  void keep(String keeper, String whose) {
    synchronized (this) {
      kept.put(keeper + " " + whose, of(whose).brain);
    }
    bells.forEach(Runnable::run);
  }

  @Override
  public void close() throws IOException {
    for (Bench bench : benches.values()) {
      bench.close();
    }
  }

  /** Even pids are processes. */
  private ProcessId identify(String node, long pid) {
    if (pid % 2 != 0) {
      throw new Refused(Rejection.Reason.NO_SUCH_PROCESS, "no process " + pid + " on " + node);
    }
    return new ProcessId(pid, node.hashCode());
  }

  private final class Book implements Directory {
    @Override
    public List<Node> nodes() {
      synchronized (Village.this) {
        return new ArrayList<>(nodes.values());
      }
    }

    @Override
    public AutoCloseable onChange(Runnable bell) {
      bells.add(bell);
      return () -> bells.remove(bell);
    }

    @Override
    public About about() {
      return new About("village", "1", true, "");
    }
  }

  private final class Shelf implements Replicas {
    private final String keeper;

    Shelf(String keeper) {
      this.keeper = keeper;
    }

    @Override
    public Tree of(String node) {
      Brain brain;
      synchronized (Village.this) {
        brain = kept.get(keeper + " " + node);
      }
      return brain == null ? null : new Shelved(brain.state(), brain.history());
    }

    @Override
    public AutoCloseable onArrival(Runnable bell) {
      bells.add(bell);
      return () -> bells.remove(bell);
    }
  }

  private record Shelved(HamState state, History history) implements Replicas.Tree {}
}
