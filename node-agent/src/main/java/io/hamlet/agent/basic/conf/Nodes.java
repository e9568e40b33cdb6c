package io.hamlet.agent.basic.conf;

import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * The nodes that the files may speak of. Immutable.
 *
 * @param own the one this runs on
 * @param all with it
 */
public record Nodes(String own, Set<String> all) {
  public Nodes {
    Set<String> copy = new LinkedHashSet<>();
    copy.add(own);
    copy.addAll(all);
    all = Collections.unmodifiableSet(copy);
  }

  /** There is no cluster, or it is not known. */
  public static Nodes alone(String own) {
    return new Nodes(own, Set.of());
  }

  /** Why nobody may ever tell of its checks; empty: somebody should. */
  String problemWith(Scope scope) {
    return scope instanceof Scope.Node(String _, String node) && !all.contains(node)
        ? "no node '" + node + "' is known here; its checks are unknown until a daemon there tells"
        : "";
  }

  /** Whether the script is run from here, whoever else runs it too. */
  public boolean runs(Scope scope) {
    return scope instanceof Scope.Local || (scope instanceof Scope.Node n && n.node().equals(own));
  }
}
