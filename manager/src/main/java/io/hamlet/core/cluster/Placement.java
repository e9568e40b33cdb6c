package io.hamlet.core.cluster;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;

/**
 * Which node gets what nobody holds: of those that can take it the one that is preferred most, then
 * the one that has least, then the first by name. In maintenance nothing is placed or taken away.
 */
final class Placement {
  private final Draft draft;
  private final TreeMap<String, Integer> load = new TreeMap<>();

  private Placement(Draft draft) {
    this.draft = draft;
    for (Tenure tenure : draft.tenures().values()) {
      if (tenure.hold().isOut()) {
        load.merge(tenure.hold().node(), 1, Integer::sum);
      }
    }
  }

  /** Places what can be placed, and asks back what should be elsewhere. Ends every entry. */
  static void settle(Draft draft) {
    if (draft.tenures().isEmpty()) {
      return;
    }
    Placement placement = new Placement(draft);
    for (Tenure tenure : draft.tenures().values()) {
      if (draft.defines(tenure)) {
        placement.settle(tenure);
      }
    }
  }

  /** Has that node take it if it can; true if so. */
  static boolean give(Draft draft, Tenure tenure, String node) {
    Placement placement = new Placement(draft);
    boolean can = draft.maintenanceOf(tenure) == null && placement.hindrance(tenure, node) == null;
    if (can) {
      placement.grant(tenure, node);
    }
    return can;
  }

  /** Why that node cannot take it, in a few words; null: it can. */
  static String hindrance(Draft draft, Tenure tenure, String node) {
    return new Placement(draft).hindrance(tenure, node);
  }

  private void settle(Tenure tenure) {
    switch (tenure.hold()) {
      case Hold.Nobody nobody -> place(tenure, nobody);
      case Hold.Granted granted -> review(tenure, granted);
      case Hold.Leaving l -> {}
      case Hold.Stuck s -> {}
    }
  }

  private void place(Tenure tenure, Hold.Nobody nobody) {
    Maintenance maintenance = draft.maintenanceOf(tenure);
    String best = maintenance == null ? best(tenure) : null;
    if (best != null) {
      grant(tenure, best);
      return;
    }
    String why = maintenance == null ? nowhere(tenure) : "in maintenance: " + maintenance.key();
    if (!why.equals(nobody.why())) {
      draft.put(tenure.with(new Hold.Nobody(why, nobody.node())));
      draft.announce(nobody.node(), tenure.entity().value(), "unplaced", why, nobody.why());
    }
  }

  private void review(Tenure tenure, Hold.Granted granted) {
    Node node = draft.node(granted.node());
    boolean its = node != null && node.incarnation() == granted.incarnation();
    if (!its || node.standing() != Node.Standing.UP || draft.maintenanceOf(tenure) != null) {
      return;
    }
    if (node.duty().standby()) {
      leave(tenure, granted, "");
      return;
    }
    String best = node.duty().draining() || tenure.policy().failback() ? best(tenure) : null;
    boolean better =
        best != null && tenure.policy().rank(best) < tenure.policy().rank(granted.node());
    if (best != null && (node.duty().draining() || better)) {
      leave(tenure, granted, better ? best : "");
    }
  }

  private void leave(Tenure tenure, Hold.Granted g, String to) {
    draft.put(tenure.with(new Hold.Leaving(g.node(), g.incarnation(), g.grant(), to)));
  }

  private void grant(Tenure tenure, String name) {
    Node node = draft.node(name);
    Hold.Nobody before = (Hold.Nobody) tenure.hold();
    draft.put(tenure.with(new Hold.Granted(name, node.incarnation(), draft.index())));
    load.merge(name, 1, Integer::sum);
    boolean moved = !before.node().isEmpty() && !before.node().equals(name);
    String from = moved ? "from " + before.node() : "";
    draft.announce(
        name, tenure.entity().value(), moved ? "relocated" : "placed", from, before.why());
  }

  private String best(Tenure tenure) {
    return draft.nodes().keySet().stream()
        .filter(node -> hindrance(tenure, node) == null)
        .min(
            Comparator.comparingInt((String node) -> tenure.policy().rank(node))
                .thenComparingInt(node -> load.getOrDefault(node, 0))
                .thenComparing(Comparator.naturalOrder()))
        .orElse(null);
  }

  private String hindrance(Tenure tenure, String name) {
    Node node = draft.node(name);
    if (node == null) {
      return "unknown";
    }
    Tenure.Avoided avoided = tenure.avoided().get(name);
    if (node.standing() != Node.Standing.UP) {
      return node.standing() == Node.Standing.LOST ? "lost" : "stopped";
    }
    if (node.isFenced()) {
      return "fenced until it has started anew";
    }
    if (draft.avoids(name)) {
      return "not heard";
    }
    if (!node.duty().takesMore()) {
      return node.duty().standby()
          ? "on standby"
          : node.duty().draining() ? "being drained" : "taking none";
    }
    if (draft.isInMaintenance(name)) {
      return "in maintenance";
    }
    if (avoided != null) {
      return words(avoided.why());
    }
    boolean own = tenure.hold().isOut() && tenure.hold().node().equals(name);
    boolean full = !own && load.getOrDefault(name, 0) >= node.duty().capacity();
    return full ? "full" : null;
  }

  private String nowhere(Tenure tenure) {
    List<String> each = new ArrayList<>();
    for (String node : draft.nodes().keySet()) {
      each.add(node + " is " + hindrance(tenure, node));
      if (each.size() == 8 && draft.nodes().size() > 8) {
        each.add("...");
        break;
      }
    }
    return each.isEmpty() ? "there is no node" : "no node can take it: " + String.join(", ", each);
  }

  static String words(Tenure.Release why) {
    return switch (why) {
      case MOVED -> "given back";
      case BUDGET -> "out of restarts for it";
      case CANNOT_START -> "not able to start it";
      case STOP -> "being stopped";
    };
  }
}
