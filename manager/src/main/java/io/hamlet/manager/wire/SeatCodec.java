package io.hamlet.manager.wire;

import com.google.protobuf.InvalidProtocolBufferException;
import io.hamlet.core.model.NodeName;
import io.hamlet.internal.v1.SeatProto.SeatMessage;
import io.hamlet.manager.port.Consensus.Voter;
import java.util.regex.Pattern;

/**
 * What is said between the leader and a node that is to vote, as bytes and back: an invitation, or
 * who has taken a seat.
 */
public final class SeatCodec {
  private static final Pattern ADDRESS = Pattern.compile("[0-9A-Za-z.:\\[\\]%_-]{3,80}");
  private static final Pattern LIFE = Pattern.compile("([0-9a-f]{16})?");

  private SeatCodec() {}

  /** The leader's word. */
  public static byte[] invitation() {
    return SeatMessage.getDefaultInstance().toByteArray();
  }

  /** The node's word. */
  public static byte[] taken(Voter voter) {
    SeatMessage.Voter.Builder taken =
        SeatMessage.Voter.newBuilder()
            .setNode(voter.node())
            .setAddress(voter.address())
            .setLife(voter.life());
    return SeatMessage.newBuilder().setTaken(taken).build().toByteArray();
  }

  /** Who has taken a seat, or null for an invitation; throws {@link WireException}. */
  public static Voter decode(byte[] bytes) {
    SeatMessage message;
    try {
      message = SeatMessage.parseFrom(bytes);
    } catch (InvalidProtocolBufferException e) {
      throw new WireException("seat", "is damaged: " + e.getMessage());
    }
    if (!message.hasTaken()) {
      return null;
    }
    SeatMessage.Voter taken = message.getTaken();
    check("node", NodeName.isOne(taken.getNode()));
    check("address", ADDRESS.matcher(taken.getAddress()).matches());
    check("life", LIFE.matcher(taken.getLife()).matches());
    return new Voter(taken.getNode(), taken.getAddress(), taken.getLife());
  }

  private static void check(String field, boolean holds) {
    if (!holds) {
      throw new WireException("seat." + field, "is none");
    }
  }
}
