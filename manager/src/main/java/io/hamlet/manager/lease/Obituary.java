package io.hamlet.manager.lease;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a leash says when it has ended everything: one line of text in a datagram, because a shell
 * makes it. Nothing in it is believed before its word is found right.
 *
 * <pre>HL-OBITUARY 1 NODE INCARNATION GENERATION WORD</pre>
 *
 * @param incarnation of the node, whose managers are dead
 * @param generation of the leash
 * @param word see {@link LeashSecret}
 */
record Obituary(String node, long incarnation, long generation, byte[] word) {
  private static final byte[] BEGINNING = "HL-OBITUARY ".getBytes(StandardCharsets.US_ASCII);
  private static final Pattern LINE =
      Pattern.compile(
          "HL-OBITUARY 1 ([A-Za-z0-9._-]{1,64}) ([0-9]{1,18}) ([0-9]{1,18}) ([0-9a-f]{64})\n");

  /** Whether a datagram means to be one; its bytes from the position to the limit. */
  static boolean isOne(ByteBuffer in) {
    int length = BEGINNING.length;
    return in.remaining() >= length
        && in.slice(in.position(), length).equals(ByteBuffer.wrap(BEGINNING));
  }

  /** Null if it is not well formed. */
  static Obituary read(ByteBuffer in) {
    Matcher line = LINE.matcher(StandardCharsets.ISO_8859_1.decode(in.duplicate()));
    return line.matches()
        ? new Obituary(
            line.group(1),
            Long.parseLong(line.group(2)),
            Long.parseLong(line.group(3)),
            HexFormat.of().parseHex(line.group(4)))
        : null;
  }
}
