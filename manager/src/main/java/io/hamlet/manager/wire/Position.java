package io.hamlet.manager.wire;

import io.hamlet.core.model.EffectId;
import io.hamlet.core.model.EntryId;
import io.hamlet.core.model.Name;
import io.hamlet.core.model.Refused;
import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * A place in the history of one tree, as text that a client keeps and hands back unread.
 *
 * <p>The text is base64url of bytes: version, then for version 1 the tree (length, UTF-8) and
 * incarnation, epoch, index and ordinal as varints. One position has one text. {@link Positions} of
 * several trees at once are told apart by their first byte.
 *
 * @param tree the node whose tree it is, or another name of a tree; at most {@link #MAX_TREE} bytes
 * @param id the last happening that was seen
 */
public record Position(String tree, EffectId id) {
  /** Longest name of a tree, in bytes. */
  public static final int MAX_TREE = Name.MAX_BYTES;

  private static final byte ONE_TREE = 1;
  private static final int MAX_TEXT = 512;

  public Position {
    if (tree.isEmpty() || utf8(tree).length > MAX_TREE) {
      throw Refused.invalid("the name of a tree is 1 to " + MAX_TREE + " bytes");
    }
  }

  /** The text of this position; only letters, digits, {@code -} and {@code _}. */
  public String text() {
    ByteArrayOutputStream out = new ByteArrayOutputStream(48);
    out.write(ONE_TREE);
    write(out);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(out.toByteArray());
  }

  void write(ByteArrayOutputStream out) {
    byte[] name = utf8(tree);
    varint(out, name.length);
    out.writeBytes(name);
    varint(out, id.entry().incarnation());
    varint(out, id.entry().epoch());
    varint(out, id.entry().index());
    varint(out, id.ordinal());
  }

  /** What {@link #write} wrote; throws any of the exceptions of a buffer for something else. */
  static Position read(ByteBuffer in) throws CharacterCodingException {
    byte[] name = new byte[Math.toIntExact(varint(in, MAX_TREE))];
    in.get(name);
    EntryId entry =
        new EntryId(
            varint(in, Long.MAX_VALUE), varint(in, Long.MAX_VALUE), varint(in, Long.MAX_VALUE));
    EffectId id = new EffectId(entry, (int) varint(in, Integer.MAX_VALUE));
    String tree = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(name)).toString();
    return new Position(tree, id);
  }

  /** Reads what {@link #text} wrote; anything else is Refused as INVALID. */
  public static Position parse(String text) {
    if (text.isEmpty() || text.length() > MAX_TEXT) {
      throw unreadable(text);
    }
    Position position;
    try {
      ByteBuffer in = ByteBuffer.wrap(Base64.getUrlDecoder().decode(text));
      int version = in.get() & 0xFF;
      if (version == Positions.ALL_TREES) {
        throw Refused.invalid(
            "the position '"
                + shown(text)
                + "' is of a watch of all nodes, and only another such goes on there");
      }
      if (version > ONE_TREE) {
        throw Refused.invalid(
            "the position '"
                + shown(text)
                + "' was written by a newer Hamlet; ask a manager of"
                + " that version, or begin again from now (\"\") or from the oldest known (\"0\")");
      }
      position = read(in);
    } catch (IllegalArgumentException | BufferUnderflowException | CharacterCodingException e) {
      throw unreadable(text);
    }
    // Whatever else is amiss (a rest, an overlong number, version 0) does not come out the same.
    if (!position.text().equals(text)) {
      throw unreadable(text);
    }
    return position;
  }

  static Refused unreadable(String text) {
    return Refused.invalid(
        "'"
            + shown(text)
            + "' is not a position; give one back exactly as an event carried it, or"
            + " \"\" for from now, or \"0\" for from the oldest known");
  }

  private static String shown(String text) {
    String head = text.length() <= 40 ? text : text.substring(0, 40) + "...";
    return head.replaceAll("[^\\x21-\\x7e]", "?");
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static void varint(ByteArrayOutputStream out, long value) {
    if (value < 0) {
      throw new IllegalArgumentException("a position has no negative numbers");
    }
    long rest = value;
    for (; rest > 0x7F; rest >>>= 7) {
      out.write((int) (rest & 0x7F) | 0x80);
    }
    out.write((int) rest);
  }

  private static long varint(ByteBuffer in, long max) {
    long value = 0;
    for (int shift = 0; shift < 63; shift += 7) {
      byte b = in.get();
      value |= (b & 0x7FL) << shift;
      if (b >= 0) {
        if (value > max) {
          break;
        }
        return value;
      }
    }
    throw new IllegalArgumentException("a number of a position is too large");
  }
}
