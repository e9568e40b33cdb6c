package io.hamlet.manager.cluster;

import io.hamlet.manager.port.ClusterBus;
import io.hamlet.manager.port.Subject;
import java.nio.ByteBuffer;
import java.util.function.BiConsumer;

/** Several messages in one: for each a byte for its subject, four for its length, and itself. */
final class Frames {
  static final int HEAD = 1 + Integer.BYTES;

  private static final Subject[] SUBJECTS = Subject.values();

  private Frames() {}

  static void put(ByteBuffer out, Subject subject, byte[] message) {
    out.put((byte) subject.ordinal()).putInt(message.length).put(message);
  }

  /**
   * Hands on each message in order; subjects of a later version are passed over.
   *
   * @return false when the rest makes no sense
   */
  static boolean read(ByteBuffer in, BiConsumer<Subject, byte[]> receiver) {
    while (in.hasRemaining()) {
      if (in.remaining() < HEAD) {
        return false;
      }
      int subject = in.get() & 0xFF;
      int length = in.getInt();
      if (length < 0 || length > ClusterBus.MOST_BYTES || length > in.remaining()) {
        return false;
      }
      byte[] message = new byte[length];
      in.get(message);
      if (subject < SUBJECTS.length) {
        receiver.accept(SUBJECTS[subject], message);
      }
    }
    return true;
  }
}
