package io.hamlet.manager.wire;

import static io.hamlet.manager.wire.Fields.in;
import static io.hamlet.manager.wire.Fields.list;
import static io.hamlet.manager.wire.Fields.optional;
import static io.hamlet.manager.wire.Fields.required;
import static io.hamlet.manager.wire.Fields.scalar;
import static io.hamlet.manager.wire.Fields.text;

import com.google.protobuf.InvalidProtocolBufferException;
import io.hamlet.core.cluster.ClusterState;
import io.hamlet.core.cluster.Graft;
import io.hamlet.core.cluster.Node;
import io.hamlet.core.cluster.Terms;
import io.hamlet.core.model.EffectId;
import io.hamlet.core.model.EntryId;
import io.hamlet.core.recovery.HamState;
import io.hamlet.internal.v1.ClusterProto;
import java.util.Map;

/** What the voters agree on as bytes and back. Equal states have equal bytes. */
public final class ClusterStateCodec {
  private ClusterStateCodec() {}

  /** The bytes of a state; throws {@link WireException} for a text that has no UTF-8. */
  public static byte[] encode(ClusterState s) {
    ClusterProto.ClusterState.Builder b =
        ClusterProto.ClusterState.newBuilder()
            .setId(text("id", s.id()))
            .setLast(s.last())
            .setTold(IdCodec.encode(s.told()))
            .setNow(IdCodec.encode(s.now()))
            .setLeader(text("leader", s.reign().node()))
            .setTerm(s.reign().term())
            .setVotersSince(s.votersSince())
            .setForgotten(s.forgotten())
            .setTree(StateCodec.message(s.tree()));
    s.voters()
        .forEach(
            (node, address) ->
                b.addVotersBuilder()
                    .setNode(text("node", node))
                    .setAddress(text("address", address)));
    s.nodes().values().forEach(node -> b.addNodes(encode(node)));
    s.grafts()
        .forEach(
            (loss, graft) ->
                b.addGraftsBuilder()
                    .setLoss(loss)
                    .setNode(text("node", graft.node()))
                    .setTree(StateCodec.message(graft.tree())));
    s.tenures().values().forEach(tenure -> b.addTenures(TenureCodec.encode(tenure)));
    s.maintenances().values().forEach(each -> b.addMaintenances(TenureCodec.encode(each)));
    s.chairs().values().forEach(each -> b.addChairs(ChairCodec.encode(each)));
    return b.build().toByteArray();
  }

  /**
   * The state that these bytes are; throws {@link WireException} when they are none, or one of a
   * newer version.
   */
  public static ClusterState decode(byte[] bytes) {
    try {
      return in("cluster", ClusterProto.ClusterState.parseFrom(bytes), ClusterStateCodec::decode);
    } catch (InvalidProtocolBufferException e) {
      throw new WireException("cluster", "is damaged: " + e.getMessage());
    }
  }

  private static ClusterState decode(ClusterProto.ClusterState m) {
    return new ClusterState(
        m.getId(),
        m.getLast(),
        m.hasTold() ? in("told", m.getTold(), IdCodec::decode) : atMost(m.getLast()),
        required(m.hasNow(), "now", m.getNow(), IdCodec::decode),
        new ClusterState.Reign(m.getLeader(), m.getTerm()),
        Keyed.map(
            "voters",
            list("voters", m.getVotersList(), v -> Map.entry(v.getNode(), v.getAddress()))),
        m.getVotersSince(),
        Keyed.map(
            "nodes",
            list("nodes", m.getNodesList(), ClusterStateCodec::decode).stream()
                .map(n -> Map.entry(n.name(), n))
                .toList()),
        required(m.hasTree(), "tree", m.getTree(), StateCodec::decode),
        Keyed.map("grafts", list("grafts", m.getGraftsList(), ClusterStateCodec::decode)),
        Keyed.map(
            "tenures",
            list("tenures", m.getTenuresList(), TenureCodec::decode).stream()
                .map(t -> Map.entry(t.entity(), t))
                .toList()),
        Keyed.map(
            "maintenances",
            list("maintenances", m.getMaintenancesList(), TenureCodec::decode).stream()
                .map(each -> Map.entry(each.key(), each))
                .toList()),
        Keyed.map(
            "chairs",
            list("chairs", m.getChairsList(), ChairCodec::decode).stream()
                .map(each -> Map.entry(each.name(), each))
                .toList()),
        m.getForgotten());
  }

  /** Of a state that was written before this was kept. */
  private static EffectId atMost(long last) {
    EntryId entry = new EntryId(0, Long.MAX_VALUE, last);
    return last == 0 ? HamState.NOTHING_TOLD : new EffectId(entry, Integer.MAX_VALUE);
  }

  private static Map.Entry<Long, Graft> decode(ClusterProto.Graft m) {
    return Map.entry(
        m.getLoss(),
        new Graft(m.getNode(), required(m.hasTree(), "tree", m.getTree(), StateCodec::decode)));
  }

  private static ClusterProto.ClusterNode encode(Node n) {
    ClusterProto.ClusterNode.Builder b =
        ClusterProto.ClusterNode.newBuilder()
            .setName(text("name", n.name()))
            .setIncarnation(n.incarnation())
            .setBoot(text("boot", n.boot()))
            .setBooted(n.booted())
            .setStateId(text("state_id", n.stateId()))
            .setLease(n.terms().lease())
            .setGrace(n.terms().grace())
            .setFencing(EnumTable.FENCE_RULE.encode(n.terms().fencing()))
            .setLongestLease(n.longest().lease())
            .setLongestGrace(n.longest().grace())
            .setStart(n.start())
            .setAddress(text("address", n.address()))
            .setSince(n.since())
            .setStanding(EnumTable.STANDING.encode(n.standing()))
            .setCapacity(n.duty().capacity())
            .setStandby(n.duty().standby())
            .setDraining(n.duty().draining());
    if (n.fence() != null) {
      b.setFence(EnumTable.PROOF.encode(n.fence().proof()));
    }
    if (n.leash() != null) {
      b.setLeash(TenureCodec.encode(n.leash()));
    }
    if (n.loss() != null) {
      b.getLossBuilder()
          .setNumber(n.loss().number())
          .setEpoch(n.loss().epoch())
          .setPlace(n.loss().place())
          .setProof(EnumTable.PROOF.encode(n.loss().proof()));
    }
    return b.build();
  }

  private static Node decode(ClusterProto.ClusterNode m) {
    Terms terms = TermsCodec.decode(m.getLease(), m.getGrace(), m.getFencingValue());
    return new Node(
        m.getName(),
        m.getIncarnation(),
        m.getBoot(),
        m.getBooted(),
        m.getStateId(),
        terms,
        terms.atLeast(
            TermsCodec.decode(m.getLongestLease(), m.getLongestGrace(), m.getFencingValue())),
        m.getStart(),
        m.getAddress(),
        m.getSince(),
        scalar("standing", m.getStandingValue(), EnumTable.STANDING::decode),
        optional(m.hasLoss(), "loss", m.getLoss(), ClusterStateCodec::loss),
        new Node.Duty(m.getCapacity(), m.getStandby(), m.getDraining()),
        m.hasFence()
            ? new Node.Fence(scalar("fence", m.getFenceValue(), EnumTable.PROOF::decode))
            : null,
        optional(m.hasLeash(), "leash", m.getLeash(), TenureCodec::decode));
  }

  private static Node.Loss loss(ClusterProto.ClusterNode.Loss m) {
    return new Node.Loss(
        m.getNumber(),
        m.getEpoch(),
        m.getPlace(),
        scalar("proof", m.getProofValue(), EnumTable.PROOF::decode));
  }
}
