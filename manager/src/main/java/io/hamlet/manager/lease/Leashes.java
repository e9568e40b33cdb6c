package io.hamlet.manager.lease;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The leashes that are committed, and what their last words are worth. Only the newest of a node
 * counts: one that was replaced is dead, and its secret proves nothing any more. For one thread.
 */
final class Leashes {
  private final Map<String, Committed> byNode = new HashMap<>();

  private record Committed(long incarnation, long generation, String hash) {}

  /** A generation of a leash is committed; what is older than the one that is known is ignored. */
  void commit(String node, long incarnation, long generation, String hash) {
    Committed known = byNode.get(node);
    boolean newer =
        known == null
            || incarnation > known.incarnation
            || incarnation == known.incarnation && generation > known.generation;
    if (newer) {
      byNode.put(node, new Committed(incarnation, generation, hash));
    }
  }

  /** What it proves; empty: it is of another leash, or forged. */
  Optional<LeashSecret.Scope> proven(Obituary it) {
    Committed known = byNode.get(it.node());
    boolean same =
        known != null
            && known.incarnation == it.incarnation()
            && known.generation == it.generation();
    return same ? LeashSecret.proven(it.word(), known.hash) : Optional.empty();
  }
}
