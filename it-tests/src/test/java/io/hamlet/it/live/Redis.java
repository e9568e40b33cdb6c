package io.hamlet.it.live;

import io.hamlet.client.recovery.Idempotent;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.locks.ReentrantLock;

/** Two commands of redis. */
interface Redis extends AutoCloseable {
  /** The value, or null. */
  @Idempotent
  String get(String key) throws IOException;

  /** Adds one, and gives the sum; twice is not like once. */
  long increment(String key) throws IOException;

  @Override
  void close() throws IOException;

  /** Connects to a redis that has read its log; thread-safe, one exchange at a time. */
  static Redis dial(int port) throws IOException {
    Wire wire = new Wire(new Socket(InetAddress.getLoopbackAddress(), port));
    try {
      wire.get("anything");
      return wire;
    } catch (IOException e) {
      wire.close();
      throw e;
    }
  }

  /** A connection. */
  final class Wire implements Redis {
    private final ReentrantLock lock = new ReentrantLock();
    private final Socket socket;
    private final InputStream in;

    Wire(Socket socket) throws IOException {
      this.socket = socket;
      this.in = new BufferedInputStream(socket.getInputStream());
    }

    @Override
    public String get(String key) throws IOException {
      return ask("GET " + key);
    }

    @Override
    public long increment(String key) throws IOException {
      return Long.parseLong(ask("INCR " + key));
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }

    private String ask(String request) throws IOException {
      lock.lock();
      try {
        socket.getOutputStream().write((request + "\r\n").getBytes(StandardCharsets.US_ASCII));
        String line = line();
        if (line.startsWith("-LOADING")) {
          throw new ConnectException("redis reads its log, and has not done this: " + line);
        }
        return switch (line.charAt(0)) {
          case ':' -> line.substring(1);
          case '$' -> line.equals("$-1") ? null : line();
          default -> throw new IllegalStateException(line);
        };
      } finally {
        lock.unlock();
      }
    }

    private String line() throws IOException {
      StringBuilder line = new StringBuilder();
      for (int c = in.read(); c != '\n'; c = in.read()) {
        if (c < 0) {
          throw new EOFException("redis has gone");
        }
        if (c != '\r') {
          line.append((char) c);
        }
      }
      return line.toString();
    }
  }
}
