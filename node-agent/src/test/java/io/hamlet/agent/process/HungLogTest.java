package io.hamlet.agent.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.hamlet.core.model.ProcessId;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Output on a disk that hangs. */
class HungLogTest {
  /** More than there are workers. */
  private static final int FILES = 8;

  private static final int STARTS = 30;

  /** Between two looks at files that are looked at apart. */
  private static final long APART_NANOS = 120_000_000L;

  @TempDir Path directory;
  private Bench bench;
  private final List<Lease> leases = new ArrayList<>();

  @BeforeEach
  void open() {
    bench = new Bench(directory);
  }

  @AfterEach
  void close() {
    leases.forEach(Lease::close);
    bench.close();
  }

  /** Found in review: who cut a log there was one of those who make gates. */
  @Test
  void itHoldsUpNoStart() throws IOException {
    ProcessId process = bench.start("/bin/sleep", "1000").process();
    List<Path> logs = new ArrayList<>();
    for (int i = 1; i <= FILES; i++) {
      logs.add(hung(i, process));
    }

    for (int i = 0; i < STARTS; i++) {
      bench.start("/bin/true");
    }

    assertThat(logs).allSatisfy(log -> assertThat(log.toFile().length()).isPositive());
    leases.forEach(Lease::close);
    leases.clear();
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> logs.stream().allMatch(log -> log.toFile().length() == 0));
  }

  /** The output of one that ran before, too long and on a disk that hangs; looked at by now. */
  private Path hung(int uid, ProcessId process) throws IOException {
    Path log = bench.place.logFile("e" + uid);
    try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "rw")) {
      file.setLength(LogFiles.MOST_BYTES + 1);
    }
    Lease lease = Lease.take(bench.kernel, log);
    assumeTrue(lease != null, "files here can be opened at any time");
    leases.add(lease);
    bench.watch(uid, process, "");
    long looked = bench.kernel.bootNanos() + APART_NANOS;
    await().pollInterval(Duration.ofMillis(5)).until(() -> bench.kernel.bootNanos() > looked);
    return log;
  }
}
