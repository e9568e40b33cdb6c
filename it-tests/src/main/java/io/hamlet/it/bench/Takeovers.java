package io.hamlet.it.bench;

import io.hamlet.client.Ham;
import io.hamlet.client.HamException;
import io.hamlet.client.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/**
 * Kills the HAM again and again, each time when its Guardian stands guard, while it calls in a loop
 * on one address. Prints a line with nanoseconds for each: {@code call} from the kill to the first
 * call that the successor answered, {@code guard} to the next Guardian on guard, and in every
 * second round {@code entity}, from the kill of HAM and an entity to the first deed of the entity's
 * next process.
 */
final class Takeovers {
  private static final long LIMIT = Duration.ofSeconds(30).toNanos();

  private final Ham ham;
  private final Path stamps;

  private Takeovers(Ham ham, Path stamps) {
    this.ham = ham;
    this.stamps = stamps;
  }

  /** Words: server, rounds, file of the workloads' stamps. */
  public static void main(String[] args) throws Exception {
    try (Ham connection = Ham.connect(args[0])) {
      Takeovers takeovers =
          new Takeovers(connection.withTimeout(Duration.ofSeconds(30)), Path.of(args[2]));
      for (int i = 0; i < Integer.parseInt(args[1]); i++) {
        takeovers.round(i % 2 == 1);
      }
    }
  }

  private void round(boolean withEntity) throws Exception {
    Status before = standing();
    // A pair that has just formed is still busy with itself.
    LockSupport.parkNanos(Duration.ofMillis(300).toNanos());
    Map<String, Long> pids = new HashMap<>();
    if (withEntity) {
      lines().forEach(line -> pids.put(line[2], Long.parseLong(line[1])));
    }
    String name = withEntity ? pids.keySet().iterator().next() : null;
    ProcessHandle doomed = ProcessHandle.of(before.ham().pid()).orElseThrow();
    ProcessHandle entity = withEntity ? ProcessHandle.of(pids.get(name)).orElseThrow() : null;
    long start = System.nanoTime();
    doomed.destroyForcibly();
    if (withEntity) {
      entity.destroyForcibly();
    }
    while (pid() == before.ham().pid()) {
      // Answered in its last moment.
    }
    System.out.println("call " + (System.nanoTime() - start));
    standing();
    System.out.println("guard " + (System.nanoTime() - start));
    if (withEntity) {
      System.out.println("entity " + (restarted(name, start) - start));
    }
  }

  private long pid() throws InterruptedException {
    try {
      return ham.status().ham().pid();
    } catch (HamException e) {
      throw new IllegalStateException("a call was lost", e);
    }
  }

  private Status standing() throws InterruptedException {
    long end = System.nanoTime() + LIMIT;
    while (System.nanoTime() < end) {
      Status status = ham.status();
      if (status.guardian() != null && status.guardian().state().isEmpty()) {
        return status;
      }
      LockSupport.parkNanos(5_000_000);
    }
    throw new IllegalStateException("no Guardian stands guard");
  }

  private long restarted(String name, long after) throws IOException {
    long end = System.nanoTime() + LIMIT;
    while (System.nanoTime() < end) {
      for (String[] line : lines().reversed()) {
        if (line[2].equals(name) && Long.parseLong(line[0]) > after) {
          return Long.parseLong(line[0]);
        }
      }
      LockSupport.parkNanos(1_000_000);
    }
    throw new IllegalStateException(name + " was not restarted");
  }

  private List<String[]> lines() throws IOException {
    return Files.readAllLines(stamps).stream()
        .map(line -> line.split(" "))
        .filter(line -> line.length == 3)
        .toList();
  }
}
