package io.hamlet.manager.api;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Where the server listens. */
sealed interface Listener {
  /** Longest path of a socket: sun_path of unix(7) less its end mark. */
  int MAX_SOCKET_PATH = 107;

  /**
   * A socket file, mode 0600.
   *
   * @param inherited the listening descriptor, or {@link Door#NONE}
   */
  record Unix(Path path, int inherited) implements Listener {
    public Unix {
      // Bound under a longer name at first.
      int bytes = temporary(path).toString().getBytes(StandardCharsets.UTF_8).length;
      if (bytes > MAX_SOCKET_PATH) {
        throw new IllegalArgumentException(
            "the socket path "
                + path
                + " is too long; it and the suffix of its temporary name may"
                + " have "
                + MAX_SOCKET_PATH
                + " bytes: set a shorter --socket");
      }
    }

    Path temporary() {
      return temporary(path);
    }

    private static Path temporary(Path path) {
      return path.resolveSibling(path.getFileName() + ".new");
    }
  }

  /** TCP; without TLS only over loopback. */
  record Tcp(InetSocketAddress address, int inherited) implements Listener {
    static Tcp at(String host, int port, int inherited, boolean tls) throws IOException {
      InetAddress address = InetAddress.getByName(host);
      if (!tls && !address.isLoopbackAddress()) {
        throw new IllegalArgumentException(
            "listening on "
                + host
                + " needs TLS, which is not configured; listen on 127.0.0.1, or"
                + " give a certificate, a key and a CA");
      }
      return new Tcp(new InetSocketAddress(address, port), inherited);
    }
  }
}
