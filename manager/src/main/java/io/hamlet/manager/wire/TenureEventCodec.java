package io.hamlet.manager.wire;

import static io.hamlet.manager.wire.Fields.in;
import static io.hamlet.manager.wire.Fields.required;
import static io.hamlet.manager.wire.Fields.scalar;
import static io.hamlet.manager.wire.Fields.text;
import static io.hamlet.manager.wire.Fields.texts;

import io.hamlet.core.cluster.ClusterEvent;
import io.hamlet.internal.v1.ClusterProto;

/** What happens to rights to run. */
final class TenureEventCodec {
  private TenureEventCodec() {}

  static void encode(ClusterProto.ClusterEvent.Builder b, ClusterEvent.OfTenure event) {
    switch (event) {
      case ClusterEvent.Fenced e ->
          b.getFencedBuilder().setNode(text("node", e.node())).setIncarnation(e.incarnation());
      case ClusterEvent.Ended e ->
          b.getEndedBuilder()
              .setNode(text("node", e.node()))
              .setIncarnation(e.incarnation())
              .setProof(EnumTable.PROOF.encode(e.proof()))
              .setAll(e.all())
              .addAllAvoid(texts("avoid", e.avoid()));
      case ClusterEvent.Released e ->
          b.getReleasedBuilder()
              .setEntity(e.entity().value())
              .setGrant(e.grant())
              .setWhy(EnumTable.RELEASE.encode(e.why()))
              .setDetail(text("detail", e.detail()));
      case ClusterEvent.GaveStuck e ->
          b.getGaveStuckBuilder()
              .setEntity(e.entity().value())
              .setGrant(e.grant())
              .setWhy(text("why", e.why()));
      case ClusterEvent.Reported e ->
          b.getReportedBuilder()
              .setEntity(e.entity().value())
              .setReport(TenureCodec.encode(e.report()));
      case ClusterEvent.Leashed e ->
          b.getLeashedBuilder()
              .setNode(text("node", e.node()))
              .setLeash(TenureCodec.encode(e.leash()));
    }
  }

  static ClusterEvent decode(ClusterProto.ClusterEvent m) {
    return switch (m.getKindCase()) {
      case FENCED ->
          in(
              "fenced",
              m.getFenced(),
              e -> new ClusterEvent.Fenced(e.getNode(), e.getIncarnation()));
      case ENDED -> in("ended", m.getEnded(), TenureEventCodec::ended);
      case RELEASED -> in("released", m.getReleased(), TenureEventCodec::released);
      case GAVE_STUCK ->
          in(
              "gave_stuck",
              m.getGaveStuck(),
              e ->
                  new ClusterEvent.GaveStuck(
                      IdCodec.name("entity", e.getEntity()), e.getGrant(), e.getWhy()));
      case REPORTED ->
          in(
              "reported",
              m.getReported(),
              e ->
                  new ClusterEvent.Reported(
                      IdCodec.name("entity", e.getEntity()),
                      required(e.hasReport(), "report", e.getReport(), TenureCodec::decode)));
      case LEASHED ->
          in(
              "leashed",
              m.getLeashed(),
              e ->
                  new ClusterEvent.Leashed(
                      e.getNode(),
                      required(e.hasLeash(), "leash", e.getLeash(), TenureCodec::decode)));
      default -> throw Fields.noKind();
    };
  }

  private static ClusterEvent ended(ClusterProto.ClusterEvent.Ended m) {
    return new ClusterEvent.Ended(
        m.getNode(),
        m.getIncarnation(),
        scalar("proof", m.getProofValue(), EnumTable.PROOF::decode),
        m.getAll(),
        m.getAvoidList());
  }

  private static ClusterEvent released(ClusterProto.ClusterEvent.Released m) {
    return new ClusterEvent.Released(
        IdCodec.name("entity", m.getEntity()),
        m.getGrant(),
        scalar("why", m.getWhyValue(), EnumTable.RELEASE::decode),
        m.getDetail());
  }
}
