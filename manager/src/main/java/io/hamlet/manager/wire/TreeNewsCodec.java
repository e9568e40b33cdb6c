package io.hamlet.manager.wire;

import static io.hamlet.manager.wire.Fields.in;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.hamlet.internal.v1.ClusterProto;
import java.nio.ByteBuffer;

/** The cluster tree on its way to those who do not vote, as bytes and back. */
public final class TreeNewsCodec {
  /** A state of more than this many parts is none that a cluster has. */
  private static final int MOST_PARTS = 1_024;

  private TreeNewsCodec() {}

  /** One message. */
  public sealed interface News {
    /**
     * What the sender has; it wants what comes after.
     *
     * @param last index of the newest entry; 0: none
     * @param state index of the snapshot of which it has parts
     * @param parts how many of it; 0: it has none, and wants none
     */
    record Pull(long last, long state, int parts) implements News {}

    /**
     * A piece of a snapshot, from 0. The next one is sent when it is asked for.
     *
     * @param last index of the newest entry that is in the snapshot
     */
    record Part(long last, int number, int of, ByteBuffer state) implements News {}

    /**
     * One entry.
     *
     * @param after the index before, which need not be one less
     */
    record Committed(long after, long index, byte[] command) implements News {}
  }

  public static byte[] encode(News news) {
    ClusterProto.TreeNews.Builder b = ClusterProto.TreeNews.newBuilder();
    switch (news) {
      case News.Pull p ->
          b.getPullBuilder().setLast(p.last()).setState(p.state()).setParts(p.parts());
      case News.Part p ->
          b.getPartBuilder()
              .setLast(p.last())
              .setNumber(p.number())
              .setOf(p.of())
              .setState(ByteString.copyFrom(p.state().duplicate()));
      case News.Committed c ->
          b.getCommittedBuilder()
              .setAfter(c.after())
              .setIndex(c.index())
              .setCommand(ByteString.copyFrom(c.command()));
    }
    return b.build().toByteArray();
  }

  /** Throws {@link WireException} when these bytes are none, or of a newer version. */
  public static News decode(byte[] bytes) {
    try {
      return in("news", ClusterProto.TreeNews.parseFrom(bytes), TreeNewsCodec::decode);
    } catch (InvalidProtocolBufferException e) {
      throw new WireException("news", "is damaged: " + e.getMessage());
    }
  }

  private static News decode(ClusterProto.TreeNews m) {
    return switch (m.getKindCase()) {
      case PULL ->
          in("pull", m.getPull(), p -> new News.Pull(p.getLast(), p.getState(), p.getParts()));
      case PART -> in("part", m.getPart(), TreeNewsCodec::part);
      case COMMITTED ->
          in(
              "committed",
              m.getCommitted(),
              c -> new News.Committed(c.getAfter(), c.getIndex(), c.getCommand().toByteArray()));
      case KIND_NOT_SET -> throw Fields.noKind();
    };
  }

  private static News part(ClusterProto.TreeNews.Part m) {
    if (m.getOf() < 1
        || m.getOf() > MOST_PARTS
        || m.getNumber() < 0
        || m.getNumber() >= m.getOf()) {
      throw new WireException("number", "part " + m.getNumber() + " of " + m.getOf());
    }
    return new News.Part(
        m.getLast(), m.getNumber(), m.getOf(), m.getState().asReadOnlyByteBuffer());
  }
}
