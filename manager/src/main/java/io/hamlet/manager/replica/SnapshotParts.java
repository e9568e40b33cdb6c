package io.hamlet.manager.replica;

import io.hamlet.internal.v1.ReplicaProto;
import io.hamlet.manager.log.LogSnapshot;
import io.hamlet.manager.log.Mark;
import io.hamlet.manager.log.ReignId;
import java.io.ByteArrayOutputStream;

/** A snapshot on its way. One thread. */
final class SnapshotParts {
  private final ReignId reign;
  private final Mark mark;
  private final int bytes;
  private final ByteArrayOutputStream state = new ByteArrayOutputStream();

  SnapshotParts(ReplicaProto.SnapshotPart first, int most) throws Messages.Garbage {
    this.reign = Messages.reign(first.getReign());
    this.mark = Messages.mark(first.getAt());
    this.bytes = first.getBytes();
    if (bytes <= 0 || bytes > most) {
      throw new Messages.Garbage("a snapshot of " + Integer.toUnsignedString(bytes) + " bytes");
    }
  }

  /** The whole snapshot with its last part, else null. */
  LogSnapshot add(ReplicaProto.SnapshotPart part) throws Messages.Garbage {
    boolean same =
        part.getBytes() == bytes
            && part.getOffset() == state.size()
            && Messages.mark(part.getAt()).equals(mark)
            && Messages.reign(part.getReign()).equals(reign);
    int length = part.getData().size();
    if (!same || length == 0 || length > bytes - state.size()) {
      throw new Messages.Garbage("a part of a snapshot does not go with those before");
    }
    state.writeBytes(part.getData().toByteArray());
    if (state.size() < bytes) {
      return null;
    }
    byte[] whole = state.toByteArray();
    if (Messages.checksum(whole) != part.getChecksum()) {
      throw new Messages.Garbage("a snapshot has a wrong checksum");
    }
    return new LogSnapshot(reign, mark, whole);
  }
}
