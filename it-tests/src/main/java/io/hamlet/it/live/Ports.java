package io.hamlet.it.live;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.LinkedHashSet;
import java.util.SequencedSet;
import java.util.concurrent.ThreadLocalRandom;

/** Ranges of ports on loopback that nobody uses now. */
public final class Ports {
  /** What a node owns, in a row. */
  public static final int OF_A_NODE = 10;

  /** Below those that the kernel gives away by itself. */
  private static final int FIRST = 12_000;

  private static final int RANGES = 2_000;

  /** Those given here not long ago: tests run abreast, and may not have bound theirs yet. */
  private static final SequencedSet<Integer> GIVEN = new LinkedHashSet<>();

  private static final int REMEMBERED = 500;

  private Ports() {}

  /** The first of ten in a row. Thread-safe: nobody else of this process is given it for long. */
  public static synchronized int freeRange() {
    while (true) {
      int first = FIRST + OF_A_NODE * ThreadLocalRandom.current().nextInt(RANGES);
      if (!GIVEN.contains(first) && isFree(first)) {
        GIVEN.add(first);
        if (GIVEN.size() > REMEMBERED) {
          GIVEN.removeFirst();
        }
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
