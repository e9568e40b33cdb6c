package io.hamlet.manager.wire;

import static io.hamlet.manager.wire.Fields.in;
import static io.hamlet.manager.wire.Fields.optional;
import static io.hamlet.manager.wire.Fields.text;
import static io.hamlet.manager.wire.Fields.texts;

import com.google.protobuf.InvalidProtocolBufferException;
import io.hamlet.core.lease.VoterSet;
import io.hamlet.core.model.NodeName;
import io.hamlet.internal.v1.ClusterProto;
import io.hamlet.manager.port.Assents;

/** What voters say to each other about a fenced node, as bytes and back. */
public final class FenceCodec {
  private FenceCodec() {}

  /**
   * One message.
   *
   * @param round so that a late answer is not taken for one of now
   * @param last null: it is asked
   */
  public record Talk(String node, long incarnation, long round, Assents.Last last) {}

  public static byte[] encode(Talk talk) {
    ClusterProto.FenceTalk.Builder b =
        ClusterProto.FenceTalk.newBuilder()
            .setNode(text("node", talk.node()))
            .setIncarnation(talk.incarnation())
            .setRound(talk.round());
    if (talk.last() != null) {
      b.getSaidBuilder()
          .setSet(talk.last().set().index())
          .addAllVoters(texts("voters", talk.last().set().voters()))
          .setAgeNanos(talk.last().ageNanos());
    }
    return b.build().toByteArray();
  }

  /** Throws {@link WireException} when these bytes are none, or of a newer version. */
  public static Talk decode(byte[] bytes) {
    try {
      return in("fence", ClusterProto.FenceTalk.parseFrom(bytes), FenceCodec::decode);
    } catch (InvalidProtocolBufferException e) {
      throw new WireException("fence", "is damaged: " + e.getMessage());
    }
  }

  private static Talk decode(ClusterProto.FenceTalk m) {
    if (!NodeName.isOne(m.getNode())) {
      throw new WireException("node", "is no name of a node");
    }
    return new Talk(
        m.getNode(),
        m.getIncarnation(),
        m.getRound(),
        optional(m.hasSaid(), "said", m.getSaid(), FenceCodec::last));
  }

  private static Assents.Last last(ClusterProto.FenceTalk.Said m) {
    if (m.getAgeNanos() < 0) {
      throw new WireException("age_nanos", "is negative");
    }
    return new Assents.Last(new VoterSet(m.getSet(), m.getVotersList()), m.getAgeNanos());
  }
}
