package io.hamlet.manager.wire;

import static io.hamlet.manager.wire.Fields.in;
import static io.hamlet.manager.wire.Fields.required;

import com.google.protobuf.InvalidProtocolBufferException;
import io.hamlet.core.recovery.Entry;
import io.hamlet.internal.v1.EventProto;
import java.nio.ByteBuffer;

/** Log entries as bytes and back. Equal entries have equal bytes. */
public final class EntryCodec {
  private EntryCodec() {}

  /** The bytes of an entry; throws {@link WireException} for a text that has no UTF-8. */
  public static byte[] encode(Entry entry) {
    return EventProto.Entry.newBuilder()
        .setId(IdCodec.encode(entry.id()))
        .setAt(IdCodec.encode(entry.at()))
        .setEvent(EventCodec.encode(entry.event()))
        .build()
        .toByteArray();
  }

  /**
   * The entry that these bytes are; throws {@link WireException} when they are none, or one of a
   * newer version.
   */
  public static Entry decode(ByteBuffer bytes) {
    EventProto.Entry message;
    try {
      message = EventProto.Entry.parseFrom(bytes);
    } catch (InvalidProtocolBufferException e) {
      throw new WireException("entry", "is damaged: " + e.getMessage());
    }
    return in(
        "entry",
        message,
        m ->
            new Entry(
                required(m.hasId(), "id", m.getId(), IdCodec::decode),
                required(m.hasAt(), "at", m.getAt(), IdCodec::decode),
                required(m.hasEvent(), "event", m.getEvent(), EventCodec::decode)));
  }

  /** As {@link #decode(ByteBuffer)}. */
  public static Entry decode(byte[] bytes) {
    return decode(ByteBuffer.wrap(bytes));
  }
}
