package io.hamlet.agent;

import io.hamlet.agent.config.Listen;
import io.hamlet.agent.config.NodeConfig;
import io.hamlet.agent.config.Tls;
import io.hamlet.manager.api.ApiServer;
import io.hamlet.manager.api.Parts;
import io.hamlet.manager.api.TlsKeys;
import java.io.IOException;
import java.util.List;

/** Where this node's clients are served, as the configuration says. */
final class Counter {
  private Counter() {}

  /**
   * @param user who may call beside root
   * @param sockets listening descriptors of an ancestor, in the order that is used here; empty:
   *     they are to be made
   */
  static ApiServer make(NodeConfig config, long user, List<Integer> sockets, Parts parts)
      throws IOException {
    ApiServer.Builder builder =
        ApiServer.builder(parts)
            .socket(config.places().socket(), inherited(sockets, 0))
            .ownUid(user);
    if (config.tls().isPresent()) {
      Tls tls = config.tls().get();
      builder.tls(TlsKeys.read(tls.cert(), tls.key(), tls.ca()));
    }
    if (config.listen().isPresent()) {
      Listen tcp = config.listen().get();
      builder.listen(tcp.host(), tcp.port(), inherited(sockets, 1));
    }
    return builder.build();
  }

  private static int inherited(List<Integer> sockets, int socket) {
    return socket < sockets.size() ? sockets.get(socket) : -1;
  }
}
