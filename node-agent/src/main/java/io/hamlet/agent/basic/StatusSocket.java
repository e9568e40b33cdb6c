package io.hamlet.agent.basic;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.function.Function;

/**
 * One JSON object per line each way (sam.md 5.5). Who may open the socket is for the kernel to say:
 * owner and group. Thread-safe.
 */
final class StatusSocket implements AutoCloseable {
  private static final int LONGEST_LINE = 64 * 1024;
  private static final int MOST_CALLERS = 64;

  private final Path path;
  private final ServerSocketChannel server;
  private final Function<Fields, Map<String, Object>> answer;
  private final Function<Object, String> json;
  private final Semaphore places = new Semaphore(MOST_CALLERS);

  private StatusSocket(
      Path path,
      ServerSocketChannel server,
      Function<Fields, Map<String, Object>> answer,
      Function<Object, String> json) {
    this.path = path;
    this.server = server;
    this.answer = answer;
    this.json = json;
  }

  /**
   * Listens, and answers nobody yet; the function may throw IllegalArgumentException for a refusal.
   */
  static StatusSocket open(
      Path path, Function<Fields, Map<String, Object>> answer, Function<Object, String> json)
      throws IOException {
    // A dead one: our lock says that no other daemon lives here.
    Files.deleteIfExists(path);
    ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    server.bind(UnixDomainSocketAddress.of(path));
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-rw----"));
    return new StatusSocket(path, server, answer, json);
  }

  /** Answers from now on. */
  void start() {
    Thread.ofPlatform().name("basic-status").daemon().start(this::accept);
  }

  private void accept() {
    while (server.isOpen()) {
      try {
        SocketChannel caller = server.accept();
        if (places.tryAcquire()) {
          Thread.ofVirtual().start(() -> serve(caller));
        } else {
          caller.close();
        }
      } catch (IOException e) {
        // This caller is lost, or the server is closed.
      }
    }
  }

  private void serve(SocketChannel caller) {
    try (caller;
        InputStream in = new BufferedInputStream(Channels.newInputStream(caller));
        OutputStream out = Channels.newOutputStream(caller)) {
      for (String line = line(in); line != null; line = line(in)) {
        if (!line.isBlank()) {
          String said = json.apply(answerTo(line)) + "\n";
          out.write(said.getBytes(StandardCharsets.UTF_8));
        }
      }
    } catch (IOException e) {
      // The caller is gone.
    } finally {
      places.release();
    }
  }

  private Map<String, Object> answerTo(String line) {
    try {
      return answer.apply(new Fields(JsonText.object(line)));
    } catch (IllegalArgumentException e) {
      return StateText.object("ok", false, "error", e.getMessage());
    }
  }

  /** Null at the end, and for a line that is too long. */
  private static String line(InputStream in) throws IOException {
    byte[] bytes = new byte[LONGEST_LINE];
    int length = 0;
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0 || length == LONGEST_LINE) {
        return null;
      }
      bytes[length++] = (byte) b;
    }
    return new String(bytes, 0, length, StandardCharsets.UTF_8);
  }

  @Override
  public void close() throws IOException {
    server.close();
    Files.deleteIfExists(path);
  }
}
