package io.hamlet.it.bench;

import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** Runs one of the benchmarks beside, with what it allocates: {@code bench --only calls}. */
public final class Measured {
  private Measured() {}

  /**
   * @param args simple name of the class; optional: a file for the results as JSON
   */
  public static void main(String[] args) throws RunnerException {
    ChainedOptionsBuilder options =
        new OptionsBuilder()
            .include("\\." + args[0] + "\\.")
            .forks(1)
            .warmupIterations(3)
            .warmupTime(TimeValue.milliseconds(500))
            .measurementIterations(5)
            .measurementTime(TimeValue.milliseconds(500))
            .addProfiler(GCProfiler.class);
    if (args.length > 1) {
      options.resultFormat(ResultFormatType.JSON).result(args[1]);
    }
    new Runner(options.build()).run();
  }
}
