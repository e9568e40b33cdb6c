package io.hamlet.agent.basic.cluster;

import io.hamlet.client.Ham;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;

/** Hears what the daemons of other nodes tell, each on a thread of its own. For one caller. */
public final class Inlets {
  private final Ham ham;
  private final BiConsumer<String, String> listener;
  private final Map<String, Inlet> open = new HashMap<>();

  /**
   * Hears nobody yet.
   *
   * @param listener gets node and line, from many threads
   */
  public Inlets(Ham ham, BiConsumer<String, String> listener) {
    this.ham = ham;
    this.listener = listener;
  }

  /** Hears these nodes from now on, and no others. */
  public void follow(Set<String> nodes) {
    for (String gone : Set.copyOf(open.keySet())) {
      if (!nodes.contains(gone)) {
        open.remove(gone).close();
      }
    }
    for (String node : nodes) {
      open.computeIfAbsent(
          node, n -> Inlet.open(ham.connectNode(n), n, line -> listener.accept(n, line)));
    }
  }
}
