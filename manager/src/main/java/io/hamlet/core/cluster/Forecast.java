package io.hamlet.core.cluster;

import io.hamlet.core.model.Name;
import io.hamlet.core.model.Proof;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * What would become of the entities of a cluster if nodes were lost: the same machine, on a copy.
 *
 * @param quorate a majority of the voters would be left
 * @param fates by name
 */
public record Forecast(boolean quorate, List<Fate> fates) {
  /**
   * Of one entity.
   *
   * @param from empty: it runs nowhere now
   * @param to empty: it would run nowhere
   * @param why it would not be relocated; empty: it would, or stays
   */
  public record Fate(Name entity, String from, String to, String why) {}

  public Forecast {
    fates = List.copyOf(fates);
  }

  /** Throws Refused for a node that is not in the cluster. */
  public static Forecast ofLoss(ClusterState state, Collection<String> lost) {
    for (String node : lost) {
      if (!state.nodes().containsKey(node)) {
        throw Tenures.unknownNode(node);
      }
    }
    long left = state.voters().keySet().stream().filter(v -> !lost.contains(v)).count();
    boolean quorate = left > state.voters().size() / 2;
    ClusterState after = quorate ? without(state, lost) : state;
    List<Fate> fates = new ArrayList<>();
    for (Tenure tenure : state.tenures().values()) {
      Tenure then = after.tenures().get(tenure.entity());
      String from = place(tenure);
      fates.add(
          quorate
              ? new Fate(tenure.entity(), from, then == null ? "" : to(then, lost), why(then, lost))
              : alone(tenure, from, lost));
    }
    return new Forecast(quorate, fates);
  }

  private static ClusterState without(ClusterState state, Collection<String> lost) {
    ClusterState after = state;
    for (String name : lost) {
      Node node = after.nodes().get(name);
      after =
          next(
              after,
              new ClusterEvent.Lost(
                  name, node.incarnation(), node.since(), 0, 0, Proof.NONE, List.of()));
    }
    for (String name : lost) {
      long incarnation = after.nodes().get(name).incarnation();
      after = next(after, new ClusterEvent.Fenced(name, incarnation));
      after = next(after, new ClusterEvent.Ended(name, incarnation, Proof.LEASE, false, List.of()));
    }
    return after;
  }

  private static ClusterState next(ClusterState state, ClusterEvent event) {
    ClusterEntry entry = new ClusterEntry(state.last() + 1, state.now(), event);
    return ClusterMachine.apply(state, entry).state();
  }

  private static String place(Tenure tenure) {
    return tenure.hold().isOut() ? tenure.hold().node() : "";
  }

  private static String to(Tenure then, Collection<String> lost) {
    return lost.contains(place(then)) ? "" : place(then);
  }

  private static String why(Tenure then, Collection<String> lost) {
    if (then == null) {
      return "detached";
    }
    if (then.hold() instanceof Hold.Nobody nobody) {
      return nobody.why();
    }
    return lost.contains(place(then))
        ? "not moved before it is confirmed that " + place(then) + " is down"
        : "";
  }

  private static Fate alone(Tenure tenure, String from, Collection<String> lost) {
    boolean stays = tenure.policy().keeps() && !from.isEmpty() && !lost.contains(from);
    return new Fate(
        tenure.entity(),
        from,
        stays ? from : "",
        stays ? "" : "no majority of the voters is left: it is stopped, and started nowhere");
  }
}
