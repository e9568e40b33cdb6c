package io.hamlet.core.cluster;

import io.hamlet.core.recovery.Effect;
import io.hamlet.core.recovery.Reply;
import java.util.List;

/**
 * What an entry leads to.
 *
 * @param changed false: it came too late or twice, or was refused; only {@code last} and {@code
 *     now} have moved
 * @param effects of the trees, in the order in which they are to be performed; the epoch of an
 *     effect's id says which tree it belongs to
 * @param reply to whoever proposed it; a join is answered with the incarnation
 */
public record ClusterStep(ClusterState state, boolean changed, List<Effect> effects, Reply reply) {
  public ClusterStep {
    effects = List.copyOf(effects);
  }
}
