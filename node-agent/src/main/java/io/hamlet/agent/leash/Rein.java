package io.hamlet.agent.leash;

import io.hamlet.agent.os.Kernel;
import io.hamlet.agent.process.ProcFiles;
import io.hamlet.core.model.ProcessId;
import java.nio.charset.StandardCharsets;

/**
 * A writer's end of a leash's pipe. While anybody has one open the leash knows that a manager is
 * left; it never blocks. For one thread.
 */
public final class Rein implements AutoCloseable {
  /** A leash reads a line within milliseconds; one that has not read so much is stopped. */
  private static final int MOST_UNREAD_BYTES = 256;

  private final Kernel kernel;
  private final int fd;

  /**
   * @param fd of ours; non-blocking and close-on-exec
   */
  Rein(Kernel kernel, int fd) {
    this.kernel = kernel;
    this.fd = fd;
  }

  /** One more end, to a leash that another process has made; null if it is gone. */
  public static Rein to(Kernel kernel, ProcessId leash) {
    long pidfd = kernel.pidfdOpen(leash.pid());
    if (pidfd < 0) {
      return null;
    }
    try {
      // A pid is not an identity: who it is, what is opened, and that it still lives, in this
      // order.
      boolean same = new ProcFiles(kernel).isThere(leash);
      String pipe = "/proc/" + leash.pid() + "/fd/0";
      long fd = same ? kernel.open(pipe, Kernel.O_WRONLY | Kernel.O_NONBLOCK) : -1;
      if (fd >= 0 && kernel.isReadable((int) pidfd)) {
        kernel.close((int) fd);
        return null;
      }
      return fd < 0 ? null : new Rein(kernel, (int) fd);
    } finally {
      kernel.close((int) pidfd);
    }
  }

  /** For a child that is to have an end from its first moment on. */
  public int descriptor() {
    return fd;
  }

  /** Writes a line, whole or not at all. Returns false when the leash does not read. */
  boolean say(String line) {
    byte[] bytes = (line + "\n").getBytes(StandardCharsets.US_ASCII);
    return kernel.unread(fd) <= MOST_UNREAD_BYTES
        && kernel.write(fd, bytes, 0, bytes.length) == bytes.length;
  }

  @Override
  public void close() {
    kernel.close(fd);
  }
}
