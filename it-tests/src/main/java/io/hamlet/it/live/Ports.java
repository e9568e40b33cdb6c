package io.hamlet.it.live;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Collection;
import java.util.concurrent.ThreadLocalRandom;

/** Ranges of ports on loopback that nobody uses now. */
public final class Ports {
  /** What a node owns, in a row. */
  public static final int OF_A_NODE = 10;

  /** Below those that the kernel gives away by itself. */
  private static final int FIRST = 12_000;

  private static final int RANGES = 2_000;

  private Ports() {}

  /**
   * The first of ten in a row.
   *
   * @param taken first ports of ranges that are promised to others
   */
  public static int freeRange(Collection<Integer> taken) {
    while (true) {
      int first = FIRST + OF_A_NODE * ThreadLocalRandom.current().nextInt(RANGES);
      if (!taken.contains(first) && isFree(first)) {
        return first;
      }
    }
  }

  private static boolean isFree(int first) {
    for (int port = first; port < first + OF_A_NODE; port++) {
      try (ServerSocket _ = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        continue;
      } catch (IOException taken) {
        return false;
      }
    }
    return true;
  }
}
