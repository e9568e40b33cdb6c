package io.hamlet.it.live;

import java.io.IOException;
import java.io.OutputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * A process that throws at the ports of nodes what no node would: garbage, beginnings of the right
 * protocols with garbage behind, lengths that nobody could hold, and connections that say nothing.
 */
public final class Stranger {
  private static final int ROUNDS = 20;
  private static final int DATAGRAMS = 2_000;
  private static final int SILENT = 100;
  private static final int LONGEST = 64 * 1024;
  private static final int PATIENCE_MILLIS = 2_000;

  private final Random random;

  private Stranger(long seed) {
    random = new Random(seed);
  }

  /**
   * Prints how many TCP connections were taken and how many datagrams sent, and ends.
   *
   * @param args a seed, then {@code ADDRESS:PORT} of each victim
   */
  public static void main(String[] args) throws IOException {
    Stranger stranger = new Stranger(Long.parseLong(args[0]));
    int taken = 0;
    for (String arg : List.of(args).subList(1, args.length)) {
      int colon = arg.lastIndexOf(':');
      String host = arg.substring(0, colon);
      taken +=
          stranger.annoy(new InetSocketAddress(host, Integer.parseInt(arg.substring(colon + 1))));
    }
    System.out.println("taken " + taken);
  }

  private int annoy(InetSocketAddress victim) throws IOException {
    int taken = 0;
    for (int i = 0; i < ROUNDS; i++) {
      taken += say(victim, i) ? 1 : 0;
    }
    List<Socket> silent = new ArrayList<>();
    for (int i = 0; i < SILENT && taken > 0; i++) {
      silent.add(connected(victim));
    }
    try (DatagramSocket socket = new DatagramSocket()) {
      for (int i = 0; i < DATAGRAMS; i++) {
        byte[] bytes = bytes(random.nextInt(i % 50 == 0 ? 60_000 : 600));
        send(socket, new DatagramPacket(bytes, bytes.length, victim));
      }
    }
    for (Socket socket : silent) {
      socket.close();
    }
    return taken;
  }

  /** Nobody listens there: the next one may be told so, and does not mind. */
  private static void send(DatagramSocket socket, DatagramPacket packet) {
    try {
      socket.send(packet);
    } catch (IOException told) {
      return;
    }
  }

  /** False when nobody listens there. */
  private boolean say(InetSocketAddress victim, int kind) {
    try (Socket socket = connected(victim)) {
      if (!socket.isConnected()) {
        return false;
      }
      OutputStream out = socket.getOutputStream();
      out.write(opening(kind % 5));
      out.write(bytes(random.nextInt(LONGEST)));
      out.flush();
      socket.shutdownOutput();
      socket.setSoTimeout(20);
      socket.getInputStream().read(new byte[LONGEST]);
      return true;
    } catch (IOException refused) {
      // That it is refused, soon or late, is as it should be.
      return true;
    }
  }

  private static Socket connected(InetSocketAddress victim) throws IOException {
    Socket socket = new Socket();
    try {
      socket.connect(victim, PATIENCE_MILLIS);
    } catch (IOException nobody) {
      socket.close();
      return new Socket();
    }
    return socket;
  }

  private byte[] opening(int kind) {
    return switch (kind) {
      case 0 -> new byte[0];
      // JGroups' cookie and its version; then an address, or a length, without end.
      case 1 -> ByteBuffer.allocate(6).put(ascii("beef")).putShort((short) 0x5570).array();
      case 2 -> ByteBuffer.allocate(4).putInt(Integer.MAX_VALUE).array();
      case 3 -> ascii("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
      // A TLS record that says it is a client's hello.
      default -> new byte[] {0x16, 3, 1, 0x40, 0, 1, 0, 0x3f, (byte) 0xfc, 3, 3};
    };
  }

  private byte[] bytes(int length) {
    byte[] all = new byte[length];
    random.nextBytes(all);
    return all;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
