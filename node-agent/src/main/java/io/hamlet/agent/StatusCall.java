package io.hamlet.agent;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * Asks a node for its status over a connection of its own, with frames made by hand: a client
 * library would be ten megabytes more in a Guardian.
 */
final class StatusCall {
  private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
  private static final int DATA = 0;
  private static final int HEADERS = 1;
  private static final int SETTINGS = 4;
  private static final int GOAWAY = 7;
  private static final int END_STREAM = 1;
  private static final int ACK = 1;
  private static final int END_HEADERS = 4;

  private StatusCall() {}

  /** Returns when the answer came; throws IOException when none did. */
  static void make(Path socket) throws IOException {
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.connect(UnixDomainSocketAddress.of(socket));
      write(channel, PREFACE.getBytes(StandardCharsets.US_ASCII));
      write(channel, frame(SETTINGS, 0, 0, new byte[0]));
      write(channel, frame(HEADERS, END_HEADERS, 1, headers()));
      write(channel, frame(DATA, END_STREAM, 1, new byte[5]));
      DataInputStream in = new DataInputStream(Channels.newInputStream(channel));
      while (!answered(channel, in)) {
        // Settings, window updates and headers come first.
      }
    }
  }

  private static boolean answered(SocketChannel channel, DataInputStream in) throws IOException {
    int head = in.readInt();
    int kind = head & 0xFF;
    int flags = in.readUnsignedByte();
    in.readInt();
    int size = head >>> 8;
    in.skipNBytes(size);
    if (kind == GOAWAY || (kind == HEADERS && (flags & END_STREAM) != 0)) {
      throw new EOFException("the call was refused");
    }
    if (kind == SETTINGS && (flags & ACK) == 0) {
      write(channel, frame(SETTINGS, ACK, 0, new byte[0]));
    }
    return kind == DATA && size > 5;
  }

  private static byte[] headers() {
    ByteBuffer out = ByteBuffer.allocate(512);
    put(out, ":method", "POST");
    put(out, ":scheme", "http");
    put(out, ":path", "/hamlet.v1.Ham/Status");
    put(out, ":authority", "localhost");
    put(out, "content-type", "application/grpc");
    put(out, "te", "trailers");
    byte[] all = new byte[out.position()];
    out.flip().get(all);
    return all;
  }

  /** A literal without indexing and without Huffman coding (RFC 7541, 6.2.2). */
  private static void put(ByteBuffer out, String name, String value) {
    out.put((byte) 0);
    out.put((byte) name.length()).put(name.getBytes(StandardCharsets.US_ASCII));
    out.put((byte) value.length()).put(value.getBytes(StandardCharsets.US_ASCII));
  }

  private static byte[] frame(int kind, int flags, int stream, byte[] payload) {
    ByteBuffer out = ByteBuffer.allocate(9 + payload.length);
    out.putInt(payload.length << 8 | kind).put((byte) flags).putInt(stream).put(payload);
    return out.array();
  }

  private static void write(SocketChannel channel, byte[] bytes) throws IOException {
    ByteBuffer left = ByteBuffer.wrap(bytes);
    while (left.hasRemaining()) {
      channel.write(left);
    }
  }
}
