package io.hamlet.it.bench;

import io.hamlet.agent.beats.MappedBeatTable;
import io.hamlet.client.heartbeat.BeatSlot;
import io.hamlet.core.model.ProcessId;
import io.hamlet.manager.port.BeatTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** What a beat costs who beats, and what reading it costs the manager. Nanoseconds and bytes. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class HeartbeatBenchmark {
  private Path directory;
  private MappedBeatTable table;
  private int number;
  private long generation;
  private BeatSlot slot;
  private BeatSlot closed;

  /** A table on tmpfs where there is one, as in earnest. */
  @Setup
  public void open() throws IOException {
    Path tmpfs = Path.of("/dev/shm");
    directory =
        Files.isWritable(tmpfs)
            ? Files.createTempDirectory(tmpfs, "hamlet-bench")
            : Files.createTempDirectory("hamlet-bench");
    table = new MappedBeatTable(directory.resolve("beats"), p -> true);
    long uid = (Integer) Files.getAttribute(directory, "unix:uid");
    number = table.take(uid, new ProcessId(ProcessHandle.current().pid(), 0));
    generation = table.generation(number);
    slot = map();
    closed = map();
    closed.close();
  }

  @TearDown
  public void close() throws IOException {
    slot.close();
    table.close();
    try (var files = Files.walk(directory)) {
      for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
        Files.delete(file);
      }
    }
  }

  @Benchmark
  public void beat() {
    slot.beat();
  }

  @Benchmark
  public void beatAfterClose() {
    closed.beat();
  }

  @Benchmark
  public long read() {
    return table.counter(number, generation);
  }

  private BeatSlot map() {
    BeatTable.Location place = table.locate(number);
    return BeatSlot.map(place.path(), place.offset(), generation).orElseThrow();
  }
}
