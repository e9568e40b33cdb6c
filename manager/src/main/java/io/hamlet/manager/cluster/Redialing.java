package io.hamlet.manager.cluster;

import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jgroups.blocks.cs.Connection;
import org.jgroups.conf.ClassConfigurator;
import org.jgroups.protocols.TCP_NIO2;

/**
 * TCP that does not wait for the kernel: a connection that nobody answers is dropped, and what is
 * sent next makes another. The kernel would try it again after 1, 3, 7, 15 s and so on, and whoever
 * was cut off for ten seconds would be reached five seconds after the cable is back.
 */
final class Redialing extends TCP_NIO2 {
  /** Between two looks; dropped is what was not answered at two of them. */
  private static final long LOOK_MILLIS = 250;

  private Set<Connection> unanswered = Set.of();

  Redialing() {
    setId(ClassConfigurator.getProtocolId(TCP_NIO2.class));
  }

  /** Ends with the timer, which is the channel's own. */
  @Override
  public void start() throws Exception {
    super.start();
    getTransport()
        .getTimer()
        .scheduleWithFixedDelay(this::look, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
  }

  private void look() {
    Set<Connection> pending = new HashSet<>();
    server.forAllConnections(
        (peer, connection) -> {
          if (connection.isConnectionPending()) {
            pending.add(connection);
          }
        });
    for (Connection connection : pending) {
      if (unanswered.contains(connection)) {
        server.closeConnection(connection, false);
      }
    }
    unanswered = pending;
  }
}
