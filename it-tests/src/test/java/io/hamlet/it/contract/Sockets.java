package io.hamlet.it.contract;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Connections as the kernel of this machine has them. */
final class Sockets {
  /** States in /proc/net/tcp. */
  static final String ESTABLISHED = "01";

  static final String DIALLING = "02";

  private Sockets() {}

  /** The local ports of those to that port. */
  static Set<Integer> to(int port, String state) throws IOException {
    Set<Integer> from = new TreeSet<>();
    for (String file : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
      for (String line : Files.readAllLines(Path.of(file))) {
        String[] words = line.strip().split("\\s+");
        if (words[3].equals(state) && portOf(words[2]) == port) {
          from.add(portOf(words[1]));
        }
      }
    }
    return from;
  }

  private static int portOf(String address) {
    return Integer.parseInt(address.substring(address.indexOf(':') + 1), 16);
  }
}
