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
   * @param why what it would wait for before it runs there, or why it would run nowhere; empty:
   *     neither
   */
  public record Fate(Name entity, String from, String to, String why) {}

  public Forecast {
    fates = List.copyOf(fates);
  }

  /** By its own rule of fencing. Throws Refused for a node that is not in the cluster. */
  public static Forecast ofLoss(ClusterState state, Collection<String> lost) {
    String leader = state.reign().node();
    boolean stays = !leader.isEmpty() && !lost.contains(leader);
    boolean able = true;
    for (String voter : state.voters().keySet()) {
      Node node = state.nodes().get(voter);
      boolean leads = stays ? voter.equals(leader) : !lost.contains(voter);
      able &= !leads || node != null && node.terms().fencing() != FenceRule.NONE;
    }
    return ofLoss(state, lost, state.fencing(), able);
  }

  /**
   * The same.
   *
   * @param rule by which lost nodes are turned off
   * @param able whoever leads has something that turns nodes off; that it works nobody can foretell
   */
  static Forecast ofLoss(
      ClusterState state, Collection<String> lost, FenceRule rule, boolean able) {
    for (String node : lost) {
      if (!state.nodes().containsKey(node)) {
        throw Tenures.unknownNode(node);
      }
    }
    long left = state.voters().keySet().stream().filter(v -> !lost.contains(v)).count();
    boolean quorate = left > state.voters().size() / 2;
    List<Fate> fates = new ArrayList<>();
    if (!quorate) {
      state.tenures().values().forEach(tenure -> fates.add(alone(tenure, lost)));
      return new Forecast(false, fates);
    }
    ClusterState silent = silent(state, lost, rule);
    ClusterState off = able && rule != FenceRule.NONE ? off(silent, lost) : silent;
    for (Tenure tenure : state.tenures().values()) {
      fates.add(fate(tenure, state.maintenanceOf(tenure), lost, silent, off));
    }
    return new Forecast(true, fates);
  }

  /** They are lost; their leases are over too, unless that counts for nothing. */
  private static ClusterState silent(ClusterState state, Collection<String> lost, FenceRule rule) {
    ClusterState after = state;
    for (String name : lost) {
      Node node = after.nodes().get(name);
      after =
          next(
              after,
              new ClusterEvent.Lost(
                  name, node.incarnation(), node.since(), 0, 0, Proof.NONE, List.of()));
    }
    for (String name : rule == FenceRule.REQUIRED ? List.<String>of() : lost) {
      long incarnation = after.nodes().get(name).incarnation();
      after = next(after, new ClusterEvent.Fenced(name, incarnation));
      after = next(after, new ClusterEvent.Ended(name, incarnation, Proof.LEASE, false, List.of()));
    }
    return after;
  }

  /** They have been turned off. */
  private static ClusterState off(ClusterState state, Collection<String> lost) {
    ClusterState after = state;
    for (String name : lost) {
      long incarnation = after.nodes().get(name).incarnation();
      after = next(after, new ClusterEvent.Ended(name, incarnation, Proof.FENCED, true, List.of()));
    }
    return after;
  }

  private static ClusterState next(ClusterState state, ClusterEvent event) {
    ClusterEntry entry = new ClusterEntry(state.last() + 1, state.now(), event);
    return ClusterMachine.apply(state, entry).state();
  }

  private static Fate fate(
      Tenure now,
      Maintenance maintenance,
      Collection<String> lost,
      ClusterState silent,
      ClusterState off) {
    String from = place(now);
    Tenure then = silent.tenures().get(now.entity());
    boolean waits = isOn(lost, then);
    Tenure last = waits ? off.tenures().get(now.entity()) : then;
    if (last == null) {
      return new Fate(now.entity(), from, "", "detached");
    }
    if (last.hold() instanceof Hold.Nobody nobody) {
      return new Fate(now.entity(), from, "", nobody.why());
    }
    if (isOn(lost, last)) {
      String why =
          maintenance == null
              ? "not moved before it is confirmed that " + place(last) + " is down"
              : "in maintenance: " + maintenance.key();
      return new Fate(now.entity(), from, "", why);
    }
    String why = waits ? "when " + from + " is turned off, or confirmed to be down" : "";
    return new Fate(now.entity(), from, place(last), why);
  }

  private static boolean isOn(Collection<String> nodes, Tenure tenure) {
    return tenure != null && nodes.contains(place(tenure));
  }

  private static String place(Tenure tenure) {
    return tenure.hold().isOut() ? tenure.hold().node() : "";
  }

  private static Fate alone(Tenure tenure, Collection<String> lost) {
    String from = place(tenure);
    boolean stays = tenure.policy().keeps() && !from.isEmpty() && !lost.contains(from);
    return new Fate(
        tenure.entity(),
        from,
        stays ? from : "",
        stays ? "" : "no majority of the voters is left: it is stopped, and started nowhere");
  }
}
