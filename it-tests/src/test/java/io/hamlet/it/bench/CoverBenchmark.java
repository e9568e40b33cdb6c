package io.hamlet.it.bench;

import io.hamlet.client.recovery.Ha;
import io.hamlet.client.recovery.HaConnection;
import io.hamlet.client.recovery.Idempotent;
import io.hamlet.client.recovery.Repeat;
import io.hamlet.client.recovery.Terms;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** What a cover costs a call that does not fail, beside the call itself. Nanoseconds and bytes. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class CoverBenchmark {
  /** What is covered. */
  public interface Adder {
    @Idempotent
    long add(long one);
  }

  private Adder direct;
  private Adder cover;
  private HaConnection<Adder> connection;
  private long count;

  @Setup
  public void open() throws Exception {
    long[] sum = new long[1];
    direct = one -> sum[0] += one;
    cover = Ha.cover(Adder.class, () -> direct, null);
    connection = Ha.attach(direct, null, Terms.USUAL);
  }

  @Benchmark
  public long direct() {
    return direct.add(count++);
  }

  @Benchmark
  public long cover() {
    return cover.add(count++);
  }

  @Benchmark
  public long call() {
    long one = count++;
    return connection.call(Repeat.IDEMPOTENT, adder -> adder.add(one));
  }

  /**
   * Runs it.
   *
   * @param args none
   */
  public static void main(String[] args) throws RunnerException {
    new Runner(
            new OptionsBuilder()
                .include(CoverBenchmark.class.getSimpleName())
                .forks(1)
                .warmupIterations(3)
                .warmupTime(TimeValue.milliseconds(500))
                .measurementIterations(5)
                .measurementTime(TimeValue.milliseconds(500))
                .addProfiler(GCProfiler.class)
                .build())
        .run();
  }
}
