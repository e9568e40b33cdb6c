package io.hamlet.manager.lease;

import io.hamlet.core.lease.VoterSet;
import io.hamlet.manager.lease.Datagram.Kind;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import javax.crypto.Mac;

/**
 * Datagrams as bytes. All numbers are big-endian:
 *
 * <pre>
 * 2 magic "HL"   1 version   1 kind   1 flags (1: a Guardian speaks)   1 number of voters
 * 8 incarnation  8 epoch     8 number 8 set index   8 age
 * name of the sender, name of the addressee, names of the voters: 1 length, then ASCII
 * 32 HMAC-SHA256 of all that
 * </pre>
 *
 * For one thread.
 */
final class DatagramCodec {
  /** Longest datagram: eleven of the longest names fit, and it is never in fragments. */
  static final int MOST_BYTES = 1_024;

  private static final byte VERSION = 1;
  private static final int MAGIC = 'H' << 8 | 'L';
  private static final int FIXED = 46;
  private static final int MOST_NAME = 64;
  private static final int MOST_VOTERS = 9;
  private static final Kind[] KINDS = Kind.values();

  /** Why a datagram is none of ours. */
  enum Fault {
    /** Too short, too long, or no beginning of ours. */
    FOREIGN("not a lease datagram"),
    /** Ours by its beginning, of another version. */
    VERSION("another version"),
    /** Not made with our key, or changed on its way. */
    MAC("another cluster, another key, or damaged"),
    /** Made with our key, and yet not well formed. */
    FORM("malformed");

    final String text;

    Fault(String text) {
      this.text = text;
    }
  }

  private final Mac mac;
  private final byte[] expected = new byte[LeaseKey.MAC_BYTES];
  private final byte[] given = new byte[LeaseKey.MAC_BYTES];
  private final ByteBuffer out = ByteBuffer.allocate(MOST_BYTES);
  private Fault fault;

  DatagramCodec(LeaseKey key) {
    this.mac = key.mac();
  }

  /** The bytes to send; good until the next call. */
  ByteBuffer seal(Datagram it) {
    List<String> voters = it.kind() == Kind.SET ? it.set().voters() : List.of();
    out.clear();
    out.putShort((short) MAGIC).put(VERSION).put((byte) it.kind().ordinal());
    out.put((byte) (it.guardian() ? 1 : 0)).put((byte) voters.size());
    out.putLong(it.incarnation()).putLong(it.epoch()).putLong(it.number());
    out.putLong(it.set().index()).putLong(it.ageNanos());
    put(it.from());
    put(it.to());
    voters.forEach(this::put);
    mac.update(out.array(), 0, out.position());
    out.put(mac.doFinal());
    return out.flip();
  }

  private void put(String name) {
    byte[] bytes = name.getBytes(StandardCharsets.US_ASCII);
    if (bytes.length > MOST_NAME) {
      throw new IllegalArgumentException("'" + name + "' is longer than " + MOST_NAME);
    }
    out.put((byte) bytes.length).put(bytes);
  }

  /**
   * What a datagram says, or null when it is not one of this cluster; {@link #fault} says why.
   *
   * @param in from its position to its limit; must have an array
   */
  Datagram open(ByteBuffer in) {
    fault = check(in);
    if (fault != null) {
      return null;
    }
    ByteBuffer body = in.duplicate().limit(in.limit() - LeaseKey.MAC_BYTES);
    try {
      Datagram read = read(body);
      fault = body.hasRemaining() ? Fault.FORM : null;
      return fault == null ? read : null;
    } catch (BufferUnderflowException | IllegalArgumentException e) {
      fault = Fault.FORM;
      return null;
    }
  }

  Fault fault() {
    return fault;
  }

  /** The cheap looks first; nothing is believed before the MAC is right. */
  private Fault check(ByteBuffer in) {
    int length = in.remaining();
    int at = in.position();
    if (length < FIXED + 3 + LeaseKey.MAC_BYTES
        || length > MOST_BYTES
        || in.getShort(at) != (short) MAGIC) {
      return Fault.FOREIGN;
    }
    if (in.get(at + 2) != VERSION) {
      return Fault.VERSION;
    }
    int end = in.limit() - LeaseKey.MAC_BYTES;
    mac.update(in.array(), in.arrayOffset() + at, end - at);
    try {
      mac.doFinal(expected, 0);
    } catch (javax.crypto.ShortBufferException e) {
      throw new IllegalStateException(e);
    }
    in.get(end, given);
    return MessageDigest.isEqual(expected, given) ? null : Fault.MAC;
  }

  private static Datagram read(ByteBuffer in) {
    in.position(in.position() + 3);
    int kind = in.get();
    int flags = in.get();
    int voters = in.get();
    if (kind < 0 || kind >= KINDS.length || flags < 0 || flags > 1) {
      throw new IllegalArgumentException();
    }
    if (voters < 0 || voters > MOST_VOTERS || voters > 0 && KINDS[kind] != Kind.SET) {
      throw new IllegalArgumentException();
    }
    long incarnation = notNegative(in.getLong());
    long epoch = notNegative(in.getLong());
    long number = notNegative(in.getLong());
    long index = in.getLong();
    long age = notNegative(in.getLong());
    String from = name(in);
    String to = name(in);
    if (from.isEmpty() || index < -1) {
      throw new IllegalArgumentException();
    }
    List<String> names = new ArrayList<>(voters);
    for (int i = 0; i < voters; i++) {
      names.add(name(in));
    }
    VoterSet set = new VoterSet(index, names);
    return new Datagram(KINDS[kind], flags == 1, from, to, incarnation, epoch, number, set, age);
  }

  private static long notNegative(long value) {
    if (value < 0) {
      throw new IllegalArgumentException();
    }
    return value;
  }

  private static String name(ByteBuffer in) {
    int length = in.get();
    if (length < 0 || length > MOST_NAME) {
      throw new IllegalArgumentException();
    }
    byte[] bytes = new byte[length];
    in.get(bytes);
    for (byte each : bytes) {
      if (each <= ' ' || each == '/' || each == 0x7f) {
        throw new IllegalArgumentException();
      }
    }
    return new String(bytes, StandardCharsets.US_ASCII);
  }
}
