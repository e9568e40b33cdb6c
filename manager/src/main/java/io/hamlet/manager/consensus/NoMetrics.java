package io.hamlet.manager.consensus;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.ratis.metrics.LongCounter;
import org.apache.ratis.metrics.MetricRegistries;
import org.apache.ratis.metrics.MetricRegistryInfo;
import org.apache.ratis.metrics.RatisMetricRegistry;
import org.apache.ratis.metrics.Timekeeper;
import org.apache.ratis.util.TimeDuration;

/**
 * Ratis counts a hundred things that nobody here reads, and will not run without somebody to count
 * them. This one does not; found by {@code ServiceLoader}. Stateless.
 */
public final class NoMetrics extends MetricRegistries {
  /** Counts nothing. */
  private record Registry(MetricRegistryInfo info) implements RatisMetricRegistry, LongCounter {
    @Override
    public Timekeeper timer(String name) {
      return () -> () -> 0;
    }

    @Override
    public LongCounter counter(String name) {
      return this;
    }

    @Override
    public boolean remove(String name) {
      return true;
    }

    @Override
    public <T> void gauge(String name, Supplier<Supplier<T>> value) {
      // Nobody asks.
    }

    @Override
    public MetricRegistryInfo getMetricRegistryInfo() {
      return info;
    }

    @Override
    public void inc(long n) {
      // Not counted.
    }

    @Override
    public void dec(long n) {
      // Not counted.
    }

    @Override
    public long getCount() {
      return 0;
    }
  }

  @Override
  public void clear() {
    // Nothing is kept.
  }

  @Override
  public RatisMetricRegistry create(MetricRegistryInfo info) {
    return new Registry(info);
  }

  @Override
  public boolean remove(MetricRegistryInfo info) {
    return true;
  }

  @Override
  public Optional<RatisMetricRegistry> get(MetricRegistryInfo info) {
    return Optional.empty();
  }

  @Override
  public Set<MetricRegistryInfo> getMetricRegistryInfos() {
    return Set.of();
  }

  @Override
  public Collection<RatisMetricRegistry> getMetricRegistries() {
    return List.of();
  }

  @Override
  public void addReporterRegistration(
      Consumer<RatisMetricRegistry> start, Consumer<RatisMetricRegistry> stop) {
    // Nothing is reported.
  }

  @Override
  public void enableJmxReporter() {
    // Nothing is reported.
  }

  @Override
  public void enableConsoleReporter(TimeDuration rate) {
    // Nothing is reported.
  }
}
