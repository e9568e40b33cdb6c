package io.hamlet.manager.api;

import io.hamlet.core.model.EffectId;
import io.hamlet.core.model.Refused;
import io.hamlet.core.model.Rejection;
import io.hamlet.manager.port.History;
import io.hamlet.manager.wire.Position;
import io.hamlet.manager.wire.Positions;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The trees of all nodes and of the cluster, as they are kept here, for one watcher. A node that
 * comes later is told of from its beginning. Confined to the watcher's work, but for the beginning.
 */
final class AllTrees implements Strands {
  private final Trees trees;
  private final Runnable bell;
  private final AutoCloseable changes;
  private final Map<String, Strand> strands = new TreeMap<>();

  /** Where to begin with trees that are not here yet, or not any more. */
  private final Map<String, Position> waiting = new TreeMap<>();

  /** Whom the watcher wants from now on, which is when their tree is here. */
  private final Set<String> fromNow;

  /**
   * Throws Refused for a position that is none, and for more nodes than can be watched at once.
   *
   * @param from empty: from now; "0": from the oldest known; else a position of all trees
   * @param bell rung when there may be more
   */
  AllTrees(Trees trees, String from, Runnable bell) {
    this.trees = trees;
    this.bell = bell;
    if (!from.isEmpty() && !from.equals("0")) {
      Positions.parse(from).places().forEach(place -> waiting.put(place.tree(), place));
    }
    Set<String> names = names();
    this.fromNow = from.isEmpty() ? names : Set.of();
    this.changes = trees.onChange(bell);
    follow(names);
  }

  @Override
  public List<Strand> now() {
    follow(names());
    return List.copyOf(strands.values());
  }

  private Set<String> names() {
    Set<String> names = trees.names();
    if (names.size() > Positions.MOST) {
      throw new Refused(
          Rejection.Reason.LIMIT,
          "the cluster has more than "
              + Positions.MOST
              + " trees, too many for one watch; watch the nodes one by one");
    }
    return names;
  }

  private void follow(Set<String> names) {
    strands.values().removeIf(strand -> !names.contains(strand.tree()) && leave(strand));
    for (String name : names) {
      Tree tree = trees.ifHere(name);
      Strand strand = strands.get(name);
      if (strand != null && tree != null && strand.history() != tree.history()) {
        leave(strand);
        strand = null;
      }
      if (strand == null && tree != null) {
        strands.put(name, new Strand(name, tree.history(), begin(name, tree.history()), bell));
      }
    }
    if (strands.size() + waiting.size() > Positions.MOST) {
      // Of nodes that the cluster has forgotten.
      waiting.keySet().retainAll(names);
    }
  }

  private boolean leave(Strand strand) {
    waiting.put(strand.tree(), strand.position());
    strand.close();
    return true;
  }

  private EffectId begin(String name, History history) {
    Position known = waiting.remove(name);
    if (known != null) {
      return known.id();
    }
    return fromNow.contains(name) ? history.newest() : null;
  }

  @Override
  public String position() {
    Map<String, Position> places = new TreeMap<>(waiting);
    strands.values().forEach(strand -> places.put(strand.tree(), strand.position()));
    return new Positions(List.copyOf(places.values())).text();
  }

  @Override
  public void close() {
    strands.values().forEach(Strand::close);
    try {
      changes.close();
    } catch (Exception e) {
      throw new IllegalStateException("a bell that cannot be taken down", e);
    }
  }
}
