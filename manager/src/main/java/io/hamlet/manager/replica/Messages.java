package io.hamlet.manager.replica;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.hamlet.internal.v1.ReplicaProto;
import io.hamlet.internal.v1.ReplicaProto.ReplicaMessage;
import io.hamlet.manager.log.LogPiece;
import io.hamlet.manager.log.LogSnapshot;
import io.hamlet.manager.log.Mark;
import io.hamlet.manager.log.ReignId;
import io.hamlet.manager.port.Member;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/** Messages about replicas as bytes and back; what comes in is checked here. */
final class Messages {
  /** A batch is sent when it has come to this, unless one entry alone is longer. */
  static final int BATCH_BYTES = 256 * 1024;

  /** Marks that a Fork may name. */
  static final int MOST_MARKS = 4096;

  private static final int MOST_BOOT = 440;

  private Messages() {}

  /** Not what this version sends; nothing is done about it. */
  static final class Garbage extends Exception {
    Garbage(String message) {
      super(message);
    }
  }

  static ReplicaMessage parse(byte[] bytes) throws Garbage {
    try {
      return ReplicaMessage.parseFrom(bytes);
    } catch (InvalidProtocolBufferException e) {
      throw new Garbage(e.getMessage());
    }
  }

  static ReplicaMessage.Builder of(String tree, long stream) {
    return ReplicaMessage.newBuilder().setTree(tree).setStream(stream);
  }

  static ReplicaProto.LogMark mark(Mark mark) {
    return ReplicaProto.LogMark.newBuilder()
        .setIndex(mark.index())
        .setChecksum(mark.checksum())
        .build();
  }

  static Mark mark(ReplicaProto.LogMark mark) throws Garbage {
    if (mark.getIndex() < 0) {
      throw new Garbage("an index is negative");
    }
    return new Mark(mark.getIndex(), mark.getChecksum());
  }

  static ReplicaProto.LogReign reign(ReignId reign) {
    return ReplicaProto.LogReign.newBuilder()
        .setBoot(reign.boot())
        .setIncarnation(reign.incarnation())
        .setEpoch(reign.epoch())
        .build();
  }

  static ReignId reign(ReplicaProto.LogReign reign) throws Garbage {
    boolean long_ = reign.getBoot().getBytes(StandardCharsets.UTF_8).length > MOST_BOOT;
    if (long_ || reign.getIncarnation() < 0 || reign.getEpoch() < 0) {
      throw new Garbage("a reign is none");
    }
    return new ReignId(reign.getBoot(), reign.getIncarnation(), reign.getEpoch());
  }

  /**
   * What is to say how far a copy goes.
   *
   * @param acting the HAM that acts for that tree's node, as far as is known; null: none
   */
  static ReplicaProto.Have.Builder have(Member acting) {
    ReplicaProto.Have.Builder have = ReplicaProto.Have.newBuilder();
    return acting == null
        ? have
        : have.setActing("pid " + acting.pid() + " at " + acting.address());
  }

  /** Pieces of one reign, each behind the other. */
  static ReplicaProto.Entries entries(
      long number, Mark before, ReignId reign, List<LogPiece> pieces, long newest) {
    ReplicaProto.Entries.Builder b =
        ReplicaProto.Entries.newBuilder()
            .setNumber(number)
            .setBefore(mark(before))
            .setReign(reign(reign))
            .setChecksum(pieces.isEmpty() ? before.checksum() : pieces.getLast().mark().checksum())
            .setNewest(newest);
    pieces.forEach(piece -> b.addEntries(ByteString.copyFrom(piece.payload())));
    return b.build();
  }

  /** The pieces, whose chain leads from the entry before to the checksum that was said. */
  static List<LogPiece> pieces(ReplicaProto.Entries entries) throws Garbage {
    ReignId reign = reign(entries.getReign());
    Mark mark = mark(entries.getBefore());
    List<LogPiece> pieces = new ArrayList<>(entries.getEntriesCount());
    for (ByteString bytes : entries.getEntriesList()) {
      byte[] payload = bytes.toByteArray();
      mark = mark.after(payload);
      pieces.add(new LogPiece(reign, mark, payload));
    }
    if (mark.checksum() != entries.getChecksum()) {
      throw new Garbage("the chain of checksums is broken before entry " + mark.index());
    }
    return pieces;
  }

  static int checksum(byte[] bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    return (int) crc.getValue();
  }

  /**
   * @param checksum of the whole state
   */
  static ReplicaProto.SnapshotPart part(
      long number, LogSnapshot snapshot, int checksum, int offset) {
    int length = Math.min(BATCH_BYTES, snapshot.state().length - offset);
    return ReplicaProto.SnapshotPart.newBuilder()
        .setNumber(number)
        .setReign(reign(snapshot.reign()))
        .setAt(mark(snapshot.mark()))
        .setBytes(snapshot.state().length)
        .setOffset(offset)
        .setChecksum(checksum)
        .setData(ByteString.copyFrom(snapshot.state(), offset, length))
        .build();
  }
}
