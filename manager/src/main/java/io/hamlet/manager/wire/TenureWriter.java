package io.hamlet.manager.wire;

import static java.time.temporal.ChronoUnit.SECONDS;

import io.hamlet.core.cluster.ClusterState;
import io.hamlet.core.cluster.Hold;
import io.hamlet.core.cluster.Maintenance;
import io.hamlet.core.cluster.Tenure;
import io.hamlet.core.model.Entity;
import io.hamlet.core.model.Moment;
import io.hamlet.core.model.Name;
import io.hamlet.core.recovery.HamState;
import io.hamlet.v1.TreeObject;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Objects of the tree {@code *} with what is known of who runs them. */
public final class TenureWriter {
  private static final int WIDTH = 16;

  private TenureWriter() {}

  /** The same objects; those that somebody may run say who does. */
  public static List<TreeObject> complete(List<TreeObject> objects, ClusterState state) {
    return objects.stream().map(object -> complete(object, state)).toList();
  }

  /**
   * Objects of a node's own tree; what it runs for the cluster says for how long it may.
   *
   * @param rightNanos of that node; known before the state was
   */
  public static List<TreeObject> withRight(
      List<TreeObject> objects, HamState state, long rightNanos) {
    return rightNanos <= 0 || state.right() == 0
        ? objects
        : objects.stream().map(object -> withRight(object, state, rightNanos)).toList();
  }

  private static TreeObject withRight(TreeObject object, HamState state, long rightNanos) {
    boolean candidate =
        object.getKind() == TreeObject.Kind.ENTITY && object.getPath().startsWith("*");
    Entity entity = candidate ? state.entity(new Name(object.getPath())) : null;
    boolean held =
        entity != null && entity.grant() != null && entity.grant().incarnation() == state.right();
    return held ? object.toBuilder().setRightNs(rightNanos).build() : object;
  }

  private static TreeObject complete(TreeObject object, ClusterState state) {
    boolean candidate = object.getKind() == TreeObject.Kind.ENTITY;
    Tenure tenure = candidate ? state.tenures().get(new Name(object.getPath())) : null;
    return tenure == null ? object : complete(object, state, tenure);
  }

  private static TreeObject complete(TreeObject object, ClusterState state, Tenure tenure) {
    Hold hold = tenure.hold();
    boolean current = hold.isOut() && tenure.report().grant() == hold.grant();
    String node = hold.isOut() ? hold.node() : "";
    TreeObject.Builder b =
        object.toBuilder()
            .setType("ATTACHED")
            .setRunsOn(node)
            .setPid(current ? tenure.report().pid() : 0)
            .setToken(current ? tenure.report().token() : 0)
            .setState(state(hold, current ? tenure.report().state() : "starting"))
            .putFields("scope", "cluster")
            .putFields("grant", Long.toString(hold.grant()))
            .putFields("prefer", String.join(",", tenure.policy().prefer()))
            .putFields("quorum_loss", tenure.policy().keeps() ? "keep" : "stop")
            .putFields("failback", Boolean.toString(tenure.policy().failback()))
            .putFields("avoided", avoided(tenure))
            .putFields("why", why(hold));
    List<String> maintenances =
        state.maintenancesOf(tenure).stream().map(m -> shown(m, state.now())).toList();
    b.putFields("maintenance", String.join("; ", maintenances));
    StringBuilder info = new StringBuilder(object.getInfo());
    line(info, "Runs on", node.isEmpty() ? "NONE" : node);
    line(info, "State", b.getState());
    line(info, "Process Pid", b.getPid());
    line(info, "Token", Long.toUnsignedString(b.getToken()));
    line(info, "Quorum loss", tenure.policy().keeps() ? "keep" : "stop");
    for (String field : List.of("prefer", "avoided", "why")) {
      String value = b.getFieldsOrThrow(field);
      if (!value.isEmpty()) {
        line(info, Character.toUpperCase(field.charAt(0)) + field.substring(1), value);
      }
    }
    maintenances.forEach(m -> line(info, "Maintenance", m));
    return b.setInfo(info.toString()).build();
  }

  private static String shown(Maintenance m, Moment now) {
    String reason = m.reason().isEmpty() ? "" : ": " + m.reason();
    Instant end = m.ends() ? Instant.EPOCH.plusNanos(m.wallEnd(now)) : null;
    return m.key() + reason + (end == null ? "" : ", until " + end.truncatedTo(SECONDS));
  }

  private static String state(Hold hold, String reported) {
    return switch (hold) {
      case Hold.Nobody n -> "unplaced";
      case Hold.Granted g -> reported;
      case Hold.Leaving l -> "leaving";
      case Hold.Stuck s -> "stuck";
    };
  }

  private static String why(Hold hold) {
    return switch (hold) {
      case Hold.Nobody n -> n.why();
      case Hold.Granted g -> "";
      case Hold.Leaving l -> l.to().isEmpty() ? "" : "on its way to " + l.to();
      case Hold.Stuck s -> s.why();
    };
  }

  private static String avoided(Tenure tenure) {
    return tenure.avoided().entrySet().stream()
        .map(Map.Entry::getKey)
        .collect(Collectors.joining(","));
  }

  private static void line(StringBuilder info, String name, Object value) {
    info.append(name)
        .append(" ".repeat(Math.max(0, WIDTH - name.length())))
        .append(": ")
        .append(value)
        .append('\n');
  }
}
