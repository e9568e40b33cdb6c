package io.hamlet.it.bench;

import dev.failsafe.Failsafe;
import dev.failsafe.FailsafeExecutor;
import dev.failsafe.RetryPolicy;
import io.github.resilience4j.retry.Retry;
import io.hamlet.client.recovery.Ha;
import io.hamlet.client.recovery.HaConnection;
import io.hamlet.client.recovery.Idempotent;
import io.hamlet.client.recovery.Repeat;
import io.hamlet.client.recovery.Terms;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * What a cover costs a call that does not fail, beside the call itself and two libraries that
 * retry. Nanoseconds and bytes.
 */
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
  private FailsafeExecutor<Long> failsafe;
  private Adder resilience;
  private long count;

  @Setup
  public void open() throws Exception {
    long[] sum = new long[1];
    direct = one -> sum[0] += one;
    cover = Ha.cover(Adder.class, () -> direct, null);
    connection = Ha.attach(direct, null, Terms.USUAL);
    failsafe = Failsafe.with(RetryPolicy.<Long>ofDefaults());
    Function<Long, Long> retrying =
        Retry.decorateFunction(Retry.ofDefaults("adder"), one -> direct.add(one));
    resilience = retrying::apply;
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

  @Benchmark
  public long failsafe() {
    long one = count++;
    return failsafe.get(() -> direct.add(one));
  }

  @Benchmark
  public long resilience4j() {
    return resilience.add(count++);
  }
}
