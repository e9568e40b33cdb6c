package io.hamlet.manager.wire;

import static io.hamlet.manager.wire.Fields.in;
import static io.hamlet.manager.wire.Fields.list;
import static io.hamlet.manager.wire.Fields.required;
import static io.hamlet.manager.wire.Fields.scalar;
import static io.hamlet.manager.wire.Fields.text;
import static io.hamlet.manager.wire.Fields.texts;

import io.hamlet.core.cluster.Hold;
import io.hamlet.core.cluster.Leash;
import io.hamlet.core.cluster.Maintenance;
import io.hamlet.core.cluster.Tenure;
import io.hamlet.core.model.OwnerPolicy;
import io.hamlet.internal.v1.ClusterProto;
import io.hamlet.internal.v1.ModelProto;
import java.util.Map;

/** Who may run what, and who works on what. */
final class TenureCodec {
  private TenureCodec() {}

  static ModelProto.OwnerPolicy encode(OwnerPolicy p) {
    return ModelProto.OwnerPolicy.newBuilder()
        .addAllPrefer(texts("prefer", p.prefer()))
        .setQuorumLoss(EnumTable.QUORUM_LOSS.encode(p.quorumLoss()))
        .setFailback(p.failback())
        .build();
  }

  static OwnerPolicy decode(ModelProto.OwnerPolicy m) {
    return new OwnerPolicy(
        m.getPreferList(),
        scalar("quorum_loss", m.getQuorumLossValue(), EnumTable.QUORUM_LOSS::decode),
        m.getFailback());
  }

  static ClusterProto.Tenure encode(Tenure t) {
    ClusterProto.Tenure.Builder b =
        ClusterProto.Tenure.newBuilder()
            .setEntity(t.entity().value())
            .setPolicy(encode(t.policy()))
            .setVersion(t.version())
            .setReport(encode(t.report()));
    switch (t.hold()) {
      case Hold.Nobody h ->
          b.getNobodyBuilder().setWhy(text("why", h.why())).setNode(text("node", h.node()));
      case Hold.Granted h -> b.setGranted(granted(h));
      case Hold.Leaving h -> b.getLeavingBuilder().setFrom(granted(h)).setTo(text("to", h.to()));
      case Hold.Stuck h ->
          b.getStuckBuilder()
              .setFrom(granted(h))
              .setWhy(text("why", h.why()))
              .setTo(text("to", h.to()));
    }
    t.avoided()
        .forEach(
            (node, avoided) ->
                b.addAvoidedBuilder()
                    .setNode(text("node", node))
                    .setWhy(EnumTable.RELEASE.encode(avoided.why()))
                    .setDetail(text("detail", avoided.detail())));
    return b.build();
  }

  static Tenure decode(ClusterProto.Tenure m) {
    return new Tenure(
        IdCodec.name("entity", m.getEntity()),
        required(m.hasPolicy(), "policy", m.getPolicy(), TenureCodec::decode),
        hold(m),
        m.getVersion(),
        Keyed.map("avoided", list("avoided", m.getAvoidedList(), TenureCodec::avoided)),
        required(m.hasReport(), "report", m.getReport(), TenureCodec::decode));
  }

  private static Map.Entry<String, Tenure.Avoided> avoided(ClusterProto.Tenure.Avoided m) {
    return Map.entry(
        m.getNode(),
        new Tenure.Avoided(
            scalar("why", m.getWhyValue(), EnumTable.RELEASE::decode), m.getDetail()));
  }

  private static ClusterProto.Tenure.Granted granted(Hold h) {
    return ClusterProto.Tenure.Granted.newBuilder()
        .setNode(text("node", h.node()))
        .setIncarnation(h.incarnation())
        .setGrant(h.grant())
        .build();
  }

  private static Hold.Granted granted(ClusterProto.Tenure.Granted m) {
    if (m.getGrant() == 0) {
      throw new WireException("grant", "is missing");
    }
    return new Hold.Granted(m.getNode(), m.getIncarnation(), m.getGrant());
  }

  private static Hold hold(ClusterProto.Tenure m) {
    return switch (m.getHoldCase()) {
      case NOBODY -> in("nobody", m.getNobody(), h -> new Hold.Nobody(h.getWhy(), h.getNode()));
      case GRANTED -> in("granted", m.getGranted(), TenureCodec::granted);
      case LEAVING -> in("leaving", m.getLeaving(), TenureCodec::leaving);
      case STUCK -> in("stuck", m.getStuck(), TenureCodec::stuck);
      case HOLD_NOT_SET -> throw Fields.noKind();
    };
  }

  private static Hold leaving(ClusterProto.Tenure.Leaving m) {
    Hold from = required(m.hasFrom(), "from", m.getFrom(), TenureCodec::granted);
    return new Hold.Leaving(from.node(), from.incarnation(), from.grant(), m.getTo());
  }

  private static Hold stuck(ClusterProto.Tenure.Stuck m) {
    Hold from = required(m.hasFrom(), "from", m.getFrom(), TenureCodec::granted);
    return new Hold.Stuck(from.node(), from.incarnation(), from.grant(), m.getWhy(), m.getTo());
  }

  static ClusterProto.TenureReport encode(Tenure.Report r) {
    return ClusterProto.TenureReport.newBuilder()
        .setGrant(r.grant())
        .setState(text("state", r.state()))
        .setPid(r.pid())
        .setToken(r.token())
        .build();
  }

  static Tenure.Report decode(ClusterProto.TenureReport m) {
    return new Tenure.Report(m.getGrant(), m.getState(), m.getPid(), m.getToken());
  }

  static ClusterProto.Leash encode(Leash l) {
    return ClusterProto.Leash.newBuilder()
        .setIncarnation(l.incarnation())
        .setGeneration(l.generation())
        .setHash(l.hash())
        .build();
  }

  static Leash decode(ClusterProto.Leash m) {
    return new Leash(m.getIncarnation(), m.getGeneration(), m.getHash());
  }

  static ClusterProto.MaintenanceKey encode(Maintenance.Key k) {
    return ClusterProto.MaintenanceKey.newBuilder()
        .setScope(text("scope", k.scope()))
        .setOwner(text("owner", k.owner()))
        .build();
  }

  static Maintenance.Key decode(ClusterProto.MaintenanceKey m) {
    return new Maintenance.Key(m.getScope(), m.getOwner());
  }

  static ClusterProto.Maintenance encode(Maintenance m) {
    return ClusterProto.Maintenance.newBuilder()
        .setKey(encode(m.key()))
        .setReason(text("reason", m.reason()))
        .setUntil(m.until())
        .build();
  }

  static Maintenance decode(ClusterProto.Maintenance m) {
    return new Maintenance(
        required(m.hasKey(), "key", m.getKey(), TenureCodec::decode), m.getReason(), m.getUntil());
  }
}
