package io.hamlet.manager.wire;

import static io.hamlet.manager.wire.Fields.in;
import static io.hamlet.manager.wire.Fields.list;
import static io.hamlet.manager.wire.Fields.optional;
import static io.hamlet.manager.wire.Fields.required;
import static io.hamlet.manager.wire.Fields.scalar;
import static io.hamlet.manager.wire.Fields.text;

import com.google.protobuf.InvalidProtocolBufferException;
import io.hamlet.core.cluster.ClusterEvent;
import io.hamlet.core.model.Moment;
import io.hamlet.internal.v1.ClusterProto;
import java.util.List;

/** Commands of the consensus as bytes and back. Equal commands have equal bytes. */
public final class ClusterCodec {
  private ClusterCodec() {}

  /**
   * One command.
   *
   * @param at null: no leader has taken it yet
   */
  public record Command(Moment at, ClusterEvent event) {}

  /** The bytes of a command; throws {@link WireException} for a text that has no UTF-8. */
  public static byte[] encode(Command command) {
    ClusterProto.ClusterCommand.Builder b =
        ClusterProto.ClusterCommand.newBuilder().setEvent(encode(command.event()));
    if (command.at() != null) {
      b.setAt(IdCodec.encode(command.at()));
    }
    return b.build().toByteArray();
  }

  /**
   * The command that these bytes are; throws {@link WireException} when they are none, or one of a
   * newer version.
   */
  public static Command decode(byte[] bytes) {
    try {
      return in(
          "command",
          ClusterProto.ClusterCommand.parseFrom(bytes),
          m ->
              new Command(
                  optional(m.hasAt(), "at", m.getAt(), IdCodec::decode),
                  required(m.hasEvent(), "event", m.getEvent(), ClusterCodec::decode)));
    } catch (InvalidProtocolBufferException e) {
      throw new WireException("command", "is damaged: " + e.getMessage());
    }
  }

  private static ClusterProto.ClusterEvent encode(ClusterEvent event) {
    ClusterProto.ClusterEvent.Builder b = ClusterProto.ClusterEvent.newBuilder();
    switch (event) {
      case ClusterEvent.Founded e ->
          b.getFoundedBuilder().setId(text("id", e.id())).addAllVoters(encode(e.voters()));
      case ClusterEvent.Joined e ->
          b.getJoinedBuilder()
              .setNode(text("node", e.node()))
              .setBoot(text("boot", e.boot()))
              .setStateId(text("state_id", e.stateId()))
              .setStart(e.start())
              .setAddress(text("address", e.address()))
              .setExpected(e.expected())
              .setCapacity(e.capacity())
              .setLease(e.terms().lease())
              .setGrace(e.terms().grace())
              .setFencing(EnumTable.FENCE_RULE.encode(e.terms().fencing()));
      case ClusterEvent.Left e ->
          b.getLeftBuilder().setNode(text("node", e.node())).setIncarnation(e.incarnation());
      case ClusterEvent.Lost e -> lost(b.getLostBuilder(), e);
      case ClusterEvent.Proved e ->
          b.getProvedBuilder()
              .setNode(text("node", e.node()))
              .setLoss(e.loss())
              .setProof(EnumTable.PROOF.encode(e.proof()));
      case ClusterEvent.Heard e ->
          b.getHeardBuilder()
              .setNode(text("node", e.node()))
              .setIncarnation(e.incarnation())
              .setLoss(e.loss());
      case ClusterEvent.VotersChanged e ->
          b.getVotersChangedBuilder().addAllVoters(encode(e.voters()));
      case ClusterEvent.Led e ->
          b.getLedBuilder().setNode(text("node", e.node())).setTerm(e.term()).setPid(e.pid());
      case ClusterEvent.Tree e -> b.setTree(EventCodec.encode(e.event()));
      case ClusterEvent.OfTenure e -> TenureEventCodec.encode(b, e);
      case ClusterEvent.OfChair e -> ChairCodec.encode(b, e);
      case ClusterEvent.Wish e -> WishCodec.encode(b, e);
      case ClusterEvent.Wished e ->
          b.getWishedBuilder().setId(IdCodec.encode(e.id())).setWish(encode(e.wish()));
    }
    return b.build();
  }

  private static ClusterEvent decode(ClusterProto.ClusterEvent m) {
    return switch (m.getKindCase()) {
      case FOUNDED ->
          in(
              "founded",
              m.getFounded(),
              e -> new ClusterEvent.Founded(e.getId(), voters(e.getVotersList())));
      case JOINED ->
          in(
              "joined",
              m.getJoined(),
              e ->
                  new ClusterEvent.Joined(
                      e.getNode(),
                      e.getBoot(),
                      e.getStateId(),
                      e.getStart(),
                      e.getAddress(),
                      e.getExpected(),
                      e.getCapacity(),
                      TermsCodec.decode(e.getLease(), e.getGrace(), e.getFencingValue())));
      case LEFT ->
          in("left", m.getLeft(), e -> new ClusterEvent.Left(e.getNode(), e.getIncarnation()));
      case LOST -> in("lost", m.getLost(), ClusterCodec::lost);
      case PROVED ->
          in(
              "proved",
              m.getProved(),
              e ->
                  new ClusterEvent.Proved(
                      e.getNode(),
                      e.getLoss(),
                      scalar("proof", e.getProofValue(), EnumTable.PROOF::decode)));
      case HEARD ->
          in(
              "heard",
              m.getHeard(),
              e -> new ClusterEvent.Heard(e.getNode(), e.getIncarnation(), e.getLoss()));
      case VOTERS_CHANGED ->
          in(
              "voters_changed",
              m.getVotersChanged(),
              e -> new ClusterEvent.VotersChanged(voters(e.getVotersList())));
      case LED ->
          in("led", m.getLed(), e -> new ClusterEvent.Led(e.getNode(), e.getTerm(), e.getPid()));
      case TREE -> new ClusterEvent.Tree(in("tree", m.getTree(), EventCodec::decode));
      case CLAIMED, VACATED, LAPSED -> ChairCodec.decode(m);
      case FENCED, ENDED, RELEASED, GAVE_STUCK, REPORTED, LEASHED -> TenureEventCodec.decode(m);
      case WISHED -> in("wished", m.getWished(), WishCodec::decode);
      default -> WishCodec.decode(m);
    };
  }

  private static void lost(ClusterProto.ClusterEvent.Lost.Builder b, ClusterEvent.Lost e) {
    b.setNode(text("node", e.node()))
        .setIncarnation(e.incarnation())
        .setSince(e.since())
        .setEpoch(e.epoch())
        .setPlace(e.place())
        .setProof(EnumTable.PROOF.encode(e.proof()));
    b.setGraft(GraftCodec.encode(e.graft()));
  }

  private static ClusterEvent lost(ClusterProto.ClusterEvent.Lost m) {
    return new ClusterEvent.Lost(
        m.getNode(),
        m.getIncarnation(),
        m.getSince(),
        m.getEpoch(),
        m.getPlace(),
        scalar("proof", m.getProofValue(), EnumTable.PROOF::decode),
        required(m.hasGraft(), "graft", m.getGraft(), GraftCodec::decode));
  }

  private static List<ClusterProto.Voter> encode(List<ClusterEvent.Voter> voters) {
    return voters.stream()
        .map(
            v ->
                ClusterProto.Voter.newBuilder()
                    .setNode(text("node", v.node()))
                    .setAddress(text("address", v.address()))
                    .build())
        .toList();
  }

  private static List<ClusterEvent.Voter> voters(List<ClusterProto.Voter> voters) {
    return list("voters", voters, v -> new ClusterEvent.Voter(v.getNode(), v.getAddress()));
  }
}
