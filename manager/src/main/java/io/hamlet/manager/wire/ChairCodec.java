package io.hamlet.manager.wire;

import static io.hamlet.manager.wire.Fields.in;
import static io.hamlet.manager.wire.Fields.text;

import io.hamlet.core.cluster.Chair;
import io.hamlet.core.cluster.ClusterEvent;
import io.hamlet.internal.v1.ClusterProto;

/** Rights to lead, and what happens to them. */
final class ChairCodec {
  private ChairCodec() {}

  static void encode(ClusterProto.ClusterEvent.Builder b, ClusterEvent.OfChair event) {
    switch (event) {
      case ClusterEvent.Claimed e ->
          b.getClaimedBuilder()
              .setName(e.name().value())
              .setHolder(e.holder())
              .setTurn(e.turn())
              .setSpanNanos(e.spanNanos())
              .setWho(text("who", e.who()));
      case ClusterEvent.Vacated e ->
          b.getVacatedBuilder().setName(e.name().value()).setHolder(e.holder());
      case ClusterEvent.Lapsed e ->
          b.getLapsedBuilder().setName(e.name().value()).setRenewed(e.renewed());
    }
  }

  static ClusterEvent decode(ClusterProto.ClusterEvent m) {
    return switch (m.getKindCase()) {
      case CLAIMED -> in("claimed", m.getClaimed(), ChairCodec::claimed);
      case VACATED ->
          in(
              "vacated",
              m.getVacated(),
              e -> new ClusterEvent.Vacated(IdCodec.name("name", e.getName()), e.getHolder()));
      case LAPSED ->
          in(
              "lapsed",
              m.getLapsed(),
              e -> new ClusterEvent.Lapsed(IdCodec.name("name", e.getName()), e.getRenewed()));
      default -> throw Fields.noKind();
    };
  }

  private static ClusterEvent claimed(ClusterProto.ClusterEvent.Claimed m) {
    return new ClusterEvent.Claimed(
        IdCodec.name("name", m.getName()),
        m.getHolder(),
        m.getTurn(),
        m.getSpanNanos(),
        m.getWho());
  }

  static ClusterProto.Chair encode(Chair c) {
    return ClusterProto.Chair.newBuilder()
        .setName(c.name().value())
        .setHolder(c.holder())
        .setTurn(c.turn())
        .setGrant(c.grant())
        .setRenewed(c.renewed())
        .setSpanNanos(c.spanNanos())
        .setWho(text("who", c.who()))
        .build();
  }

  static Chair decode(ClusterProto.Chair m) {
    return new Chair(
        IdCodec.name("name", m.getName()),
        m.getHolder(),
        m.getTurn(),
        m.getGrant(),
        m.getRenewed(),
        m.getSpanNanos(),
        m.getWho());
  }
}
