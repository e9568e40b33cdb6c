package io.hamlet.it.check;

import io.hamlet.core.cluster.ClusterState;
import io.hamlet.core.model.Limits;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** All voters have the same state at the same entry, whoever comes to it first. One thread. */
public final class SameEverywhere {
  private final TreeMap<Long, ClusterState> states = new TreeMap<>();

  /** Somebody has applied that entry. */
  public List<String> saw(String node, long index, ClusterState state) {
    ClusterState before = states.putIfAbsent(index, state);
    return before == null || before.equals(state)
        ? List.of()
        : List.of(node + " has another state of the cluster at " + index);
  }

  /** The newest entry that anybody has applied; 0: none. */
  public long newest() {
    Map.Entry<Long, ClusterState> last = states.lastEntry();
    return last == null ? 0 : last.getKey();
  }

  /** The state as of the newest entry. */
  public ClusterState last() {
    return states.isEmpty() ? ClusterState.empty(Limits.DEFAULT) : states.lastEntry().getValue();
  }

  /** How many entries there are. */
  public int count() {
    return states.size();
  }
}
