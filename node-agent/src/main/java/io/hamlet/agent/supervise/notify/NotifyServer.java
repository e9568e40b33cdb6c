package io.hamlet.agent.supervise.notify;

import io.hamlet.agent.os.Errno;
import io.hamlet.agent.os.Kernel;
import io.hamlet.agent.os.Reactor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/** The socket that NOTIFY_SOCKET names. For the thread of its reactor. */
public final class NotifyServer implements AutoCloseable {
  /** Hears what was said. */
  public interface Listener {
    /**
     * @param sender its pid, as the kernel vouches; 0: unknown
     */
    void heard(long sender, List<Word> words);
  }

  /** Between two of them the reactor has a look at everything else. */
  private static final int MOST_AT_ONCE = 64;

  private final Kernel kernel;
  private final Reactor reactor;
  private final Path path;
  private final Listener listener;
  private final int socket;
  private final byte[] message = new byte[Notice.MOST];
  private final long[] sender = new long[1];

  /**
   * Listens from now on. What lay at the path, as a predecessor that was killed leaves it, is
   * removed. The program may run as any user, so anybody may send; whoever hears it judges by the
   * sender.
   */
  public NotifyServer(Kernel kernel, Reactor reactor, Path path, Listener listener)
      throws IOException {
    this.kernel = kernel;
    this.reactor = reactor;
    this.path = path;
    this.listener = listener;
    Files.deleteIfExists(path);
    long opened = kernel.listenLocal(path.toString());
    if (opened < 0) {
      throw new IOException("the socket " + path + ": " + Errno.text(opened));
    }
    socket = (int) opened;
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-rw-rw-"));
    reactor.add(socket, Kernel.EPOLL_IN, events -> receive());
  }

  /** Hears what waits; harmless when nothing does. */
  public void receive() {
    for (int i = 0; i < MOST_AT_ONCE; i++) {
      int length = kernel.receiveLocal(socket, message, sender);
      if (length < 0) {
        return;
      }
      listener.heard(sender[0], Notice.parse(message, length));
    }
  }

  @Override
  public void close() {
    reactor.removeAndClose(socket);
    try {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      // Whoever comes next removes it.
    }
  }
}
