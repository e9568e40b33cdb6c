package io.hamlet.agent.launcher;

import io.hamlet.agent.os.Errno;
import io.hamlet.agent.os.Kernel;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells a service manager how the node is, as sd_notify(3) does: a datagram to the socket that the
 * variable NOTIFY_SOCKET names. Thread-safe; a call waits at most some seconds for a service
 * manager that does not read, so it is not for the core thread.
 *
 * <p>Nothing here may stop the node: a service manager that cannot be reached is logged, no more.
 */
public final class NotifySocket {
  /** Nobody wants to be told. */
  public static final NotifySocket NONE = new NotifySocket(null, "", false);

  private static final Logger LOG = LoggerFactory.getLogger(NotifySocket.class);

  private static final String VARIABLE = "NOTIFY_SOCKET";
  private static final long PATIENCE_NANOS = 5_000_000_000L;

  /** Room for the status, in characters; each may take three bytes. */
  private static final int LONGEST_STATUS = 1_000;

  private final Kernel kernel;
  private final String name;
  private final boolean isAbstract;

  private NotifySocket(Kernel kernel, String name, boolean isAbstract) {
    this.kernel = kernel;
    this.name = name;
    this.isAbstract = isAbstract;
  }

  /**
   * @param environment ours; a path, or an abstract name after an {@code @}, or nothing at all
   */
  public static NotifySocket of(Kernel kernel, Map<String, String> environment) {
    String address = environment.getOrDefault(VARIABLE, "");
    if (address.isEmpty()) {
      return NONE;
    }
    if (address.charAt(0) == '/') {
      return new NotifySocket(kernel, address, false);
    }
    if (address.charAt(0) == '@' && address.length() > 1) {
      return new NotifySocket(kernel, address.substring(1), true);
    }
    LOG.warn("{} is neither a path nor an @name: {}; nobody is notified", VARIABLE, address);
    return NONE;
  }

  /** The node answers calls. Said again it is harmless. */
  void ready(String status) {
    send("READY=1\n", status);
  }

  /** The node begins to end. */
  void stopping(String status) {
    send("STOPPING=1\n", status);
  }

  private void send(String what, String status) {
    if (kernel == null) {
      return;
    }
    String line = status.replaceAll("\\p{Cntrl}", " ");
    String cut = line.substring(0, Math.min(line.length(), LONGEST_STATUS));
    byte[] message = (what + "STATUS=" + cut + "\n").getBytes(StandardCharsets.UTF_8);
    long sent = kernel.sendLocal(name, isAbstract, message, PATIENCE_NANOS);
    if (sent < 0) {
      LOG.warn("{} {} cannot be told {}: {}", VARIABLE, name, what.strip(), Errno.text(sent));
    }
  }
}
