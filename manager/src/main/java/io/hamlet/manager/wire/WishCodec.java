package io.hamlet.manager.wire;

import static io.hamlet.manager.wire.Fields.in;
import static io.hamlet.manager.wire.Fields.required;
import static io.hamlet.manager.wire.Fields.text;

import io.hamlet.core.cluster.ClusterEvent;
import io.hamlet.internal.v1.ClusterProto;

/** What operators want. */
final class WishCodec {
  private WishCodec() {}

  static void encode(ClusterProto.ClusterEvent.Builder b, ClusterEvent.Wish wish) {
    switch (wish) {
      case ClusterEvent.Forgotten e -> b.setForgotten(text("forgotten", e.node()));
      case ClusterEvent.Vouched e -> b.setVouched(text("vouched", e.node()));
      case ClusterEvent.Moved e ->
          b.getMovedBuilder().setEntity(e.entity().value()).setTo(text("to", e.to()));
      case ClusterEvent.Standby e ->
          b.getStandbyBuilder().setNode(text("node", e.node())).setOn(e.on());
      case ClusterEvent.Drained e -> b.setDrained(text("drained", e.node()));
      case ClusterEvent.MaintenanceSet e ->
          b.setMaintenanceSet(TenureCodec.encode(e.maintenance()));
      case ClusterEvent.MaintenanceCleared e ->
          b.setMaintenanceCleared(TenureCodec.encode(e.key()));
    }
  }

  static ClusterEvent.Wished decode(ClusterProto.ClusterEvent.Wished m) {
    return new ClusterEvent.Wished(
        required(m.hasId(), "id", m.getId(), IdCodec::decode),
        required(m.hasWish(), "wish", m.getWish(), WishCodec::decode));
  }

  static ClusterEvent.Wish decode(ClusterProto.ClusterEvent m) {
    return switch (m.getKindCase()) {
      case FORGOTTEN -> new ClusterEvent.Forgotten(m.getForgotten());
      case VOUCHED -> new ClusterEvent.Vouched(m.getVouched());
      case MOVED ->
          in(
              "moved",
              m.getMoved(),
              e -> new ClusterEvent.Moved(IdCodec.name("entity", e.getEntity()), e.getTo()));
      case STANDBY ->
          in("standby", m.getStandby(), e -> new ClusterEvent.Standby(e.getNode(), e.getOn()));
      case DRAINED -> new ClusterEvent.Drained(m.getDrained());
      case MAINTENANCE_SET ->
          new ClusterEvent.MaintenanceSet(
              in("maintenance_set", m.getMaintenanceSet(), TenureCodec::decode));
      case MAINTENANCE_CLEARED ->
          new ClusterEvent.MaintenanceCleared(
              in("maintenance_cleared", m.getMaintenanceCleared(), TenureCodec::decode));
      default -> throw Fields.noKind();
    };
  }
}
