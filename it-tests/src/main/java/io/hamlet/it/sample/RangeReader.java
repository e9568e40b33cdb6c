package io.hamlet.it.sample;

import io.hamlet.client.recovery.Recovering;
import io.hamlet.client.recovery.io.HaSocketChannel;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The example of the original: a reader with a saved offset. It fetches a file over HTTP; whenever
 * the server dies, the recovery function connects again and asks for the rest, and the read that
 * failed goes on as if nothing had happened.
 *
 * <pre>java -cp ... io.hamlet.it.sample.RangeReader http://127.0.0.1:8000/file copy 1000</pre>
 */
public final class RangeReader {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final SocketAddress server;
  private final URI file;
  private long offset;
  private final AtomicInteger recoveries = new AtomicInteger();

  public RangeReader(URI file) {
    this.file = file;
    this.server = new InetSocketAddress(file.getHost(), file.getPort());
  }

  /** Copies the first so many bytes, all of which there must be. */
  public void copy(long length, OutputStream to) throws IOException {
    try (HaSocketChannel socket =
        HaSocketChannel.open(this::ask, this::recover, HaSocketChannel.End.IS_LOSS)) {
      InputStream in = socket.inputStream();
      byte[] buffer = new byte[8192];
      while (offset < length) {
        int got = in.read(buffer, 0, (int) Math.min(buffer.length, length - offset));
        to.write(buffer, 0, got);
        offset += got;
      }
    }
  }

  /** How often it was recovered. Any thread. */
  public int recoveries() {
    return recoveries.get();
  }

  private int recover(Recovering<SocketChannel> it) throws Exception {
    int id = it.reopen(this::ask, PATIENCE);
    recoveries.incrementAndGet();
    return id;
  }

  /** Connects, asks for what is left, and reads up to the end of the header. */
  private SocketChannel ask() throws IOException {
    SocketChannel socket = SocketChannel.open(server);
    try {
      String request =
          "GET %s HTTP/1.0\r\nHost: %s\r\nRange: bytes=%d-\r\n\r\n"
              .formatted(file.getPath(), file.getHost(), offset);
      socket.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII)));
      StringBuilder header = new StringBuilder();
      ByteBuffer one = ByteBuffer.allocate(1);
      while (header.indexOf("\r\n\r\n") < 0) {
        if (socket.read(one.clear()) < 0) {
          throw new EOFException("the server has gone before it answered");
        }
        header.append((char) one.get(0));
      }
      if (!header.toString().matches("(?s)HTTP/1\\.[01] 206 .*")) {
        throw new IOException("not a part of the file: " + header.toString().lines().findFirst());
      }
      return socket;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  /**
   * Runs it.
   *
   * @param args the URL, where to write, and how many bytes
   */
  public static void main(String[] args) throws IOException {
    RangeReader reader = new RangeReader(URI.create(args[0]));
    try (OutputStream to = Files.newOutputStream(Path.of(args[1]))) {
      reader.copy(Long.parseLong(args[2]), to);
    }
    System.out.println("total recoveries, " + reader.recoveries());
  }
}
