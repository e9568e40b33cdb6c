package io.hamlet.manager.wire;

import static io.hamlet.manager.wire.Fields.in;
import static io.hamlet.manager.wire.Fields.required;
import static io.hamlet.manager.wire.Fields.text;

import io.hamlet.core.recovery.HamEvent;
import io.hamlet.internal.v1.EventProto;
import java.time.Duration;

/** What happens to a node as one that runs entities of the cluster. */
final class TenantCodec {
  private TenantCodec() {}

  static void encode(EventProto.Event.Builder b, HamEvent.OfTenant event) {
    switch (event) {
      case HamEvent.Denied e ->
          b.getDeniedBuilder()
              .setEffect(IdCodec.encode(e.effect()))
              .setWhy(text("denied.why", e.why()));
      case HamEvent.Granted e ->
          b.getGrantedBuilder()
              .setName(e.name().value())
              .setGrant(EntityCodec.encode(e.grant()))
              .setDefinition(EntityCodec.encode(e.definition()));
      case HamEvent.Revoked e ->
          b.getRevokedBuilder()
              .setName(e.name().value())
              .setGrant(e.grant())
              .setWhy(text("revoked.why", e.why()))
              .setGraceNanos(e.grace().toNanos());
      case HamEvent.RightLost e ->
          b.getRightLostBuilder()
              .setWhy(text("right_lost.why", e.why()))
              .setGraceNanos(e.grace().toNanos());
      case HamEvent.RightGained e -> b.setRightGained(e.incarnation());
    }
  }

  static HamEvent decode(EventProto.Event m) {
    return switch (m.getKindCase()) {
      case DENIED ->
          in(
              "denied",
              m.getDenied(),
              e ->
                  new HamEvent.Denied(EventCodec.effect(e.hasEffect(), e.getEffect()), e.getWhy()));
      case GRANTED -> in("granted", m.getGranted(), TenantCodec::granted);
      case REVOKED ->
          in(
              "revoked",
              m.getRevoked(),
              e ->
                  new HamEvent.Revoked(
                      IdCodec.name("name", e.getName()),
                      e.getGrant(),
                      e.getWhy(),
                      Duration.ofNanos(e.getGraceNanos())));
      case RIGHT_LOST ->
          in(
              "right_lost",
              m.getRightLost(),
              e -> new HamEvent.RightLost(e.getWhy(), Duration.ofNanos(e.getGraceNanos())));
      case RIGHT_GAINED -> new HamEvent.RightGained(m.getRightGained());
      default -> throw Fields.noKind();
    };
  }

  private static HamEvent granted(EventProto.Event.Granted m) {
    return new HamEvent.Granted(
        IdCodec.name("name", m.getName()),
        required(m.hasGrant(), "grant", m.getGrant(), EntityCodec::decode),
        required(m.hasDefinition(), "definition", m.getDefinition(), EntityCodec::decode));
  }
}
