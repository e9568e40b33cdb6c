package io.hamlet.manager.wire;

import io.hamlet.core.recovery.Happening;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Why an entity is as it is: the events since its last quiet moment. A cause that comes when the
 * one before has been settled begins a new chain; until then everything belongs together, so that
 * missed beats, the kill, the death and the restart are one story. What people do to the node that
 * runs an entity of the cluster, or to the whole cluster, belongs to it.
 *
 * @param chain oldest first
 * @param summary one sentence for people
 */
public record Explanation(List<Happening> chain, String summary) {
  private static final Set<String> CAUSES =
      Set.of(
          "death",
          "abnormal-death",
          "detach",
          "attach",
          "beat-missed-low",
          "beat-missed-high",
          "state",
          "raise",
          "taken-over");
  private static final Set<String> SETTLED =
      Set.of(
          "restart",
          "attach",
          "detach",
          "healthy",
          "given-up",
          "removed",
          "state",
          "raise",
          "taken-over");
  private static final Set<String> OF_NODES =
      Set.of(
          "standby",
          "draining",
          "active",
          "maintenance-begun",
          "maintenance-changed",
          "maintenance-ended");
  private static final Set<String> TOLD =
      Set.of("restart", "healthy", "given-up", "removed", "action-failed");

  public Explanation {
    chain = List.copyOf(chain);
  }

  /**
   * Explains an entity from all that is known of it.
   *
   * @param happenings oldest first; those of other entities and nodes are left out
   */
  public static Explanation of(String entity, List<Happening> happenings) {
    List<Happening> chain = new ArrayList<>();
    boolean settled = true;
    String node = "";
    for (Happening happening : happenings) {
      boolean own = HappeningCodec.within(entity, happening.path());
      if (!own && (chain.isEmpty() || !isOfNode(node, happening))) {
        continue;
      }
      if (isCause(entity, happening) && settled) {
        chain.clear();
        settled = false;
      }
      chain.add(happening);
      node = own && !happening.node().isEmpty() ? happening.node() : node;
      settled |= SETTLED.contains(happening.event());
    }
    return new Explanation(chain, summary(entity, chain));
  }

  /** True if people did it to a node, or to the whole cluster. */
  public static boolean isOfNodes(Happening happening) {
    return happening.path().isEmpty() && OF_NODES.contains(happening.event());
  }

  private static boolean isOfNode(String node, Happening happening) {
    boolean its = happening.node().isEmpty() || happening.node().equals(node);
    return its && isOfNodes(happening);
  }

  private static boolean isCause(String entity, Happening happening) {
    return happening.path().equals(entity) && CAUSES.contains(happening.event());
  }

  private static String summary(String entity, List<Happening> chain) {
    if (chain.isEmpty()) {
      return "Nothing that is still known has happened to " + entity + ".";
    }
    StringBuilder text = new StringBuilder(entity).append(": ");
    boolean first = true;
    for (Happening happening : chain) {
      if (first || isCause(entity, happening) || TOLD.contains(happening.event())) {
        text.append(first ? "" : ", then ").append(happening.event());
        if (!happening.path().equals(entity)) {
          text.append(" of ").append(happening.path());
        }
        if (!happening.reason().isEmpty()) {
          text.append(" (").append(happening.reason()).append(')');
        }
        first = false;
      }
    }
    return text.append('.').toString();
  }
}
