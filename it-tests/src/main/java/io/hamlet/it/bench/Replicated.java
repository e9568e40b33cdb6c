package io.hamlet.it.bench;

import io.hamlet.manager.log.LogSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * Waits until the replicas on a voter's disk have got so far; prints the monotonic nanoseconds when
 * each had.
 */
final class Replicated {
  private static final long BETWEEN_LOOKS_MILLIS = 5;

  private Replicated() {}

  /**
   * @param args directory of the replicas; then node and index, for each
   */
  public static void main(String[] args) throws Exception {
    for (int i = 1; i < args.length; i += 2) {
      Path replica = Path.of(args[0], args[i]);
      while (newest(replica) < Long.parseLong(args[i + 1])) {
        TimeUnit.MILLISECONDS.sleep(BETWEEN_LOOKS_MILLIS);
      }
      System.out.println(System.nanoTime());
    }
  }

  /** 0 also while it is being made. */
  private static long newest(Path replica) {
    try {
      return Files.isDirectory(replica) ? LogSource.lying(replica).newest() : 0;
    } catch (IOException e) {
      return 0;
    }
  }
}
