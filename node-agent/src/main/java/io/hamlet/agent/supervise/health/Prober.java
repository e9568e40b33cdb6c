package io.hamlet.agent.supervise.health;

import io.hamlet.agent.script.run.GroupRun;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Looks at one instance of a program again and again, never twice at once, until it is closed. Has
 * a thread of its own, from which the listener hears each finding.
 */
public final class Prober implements AutoCloseable {
  private static final long LEAST_MILLIS = 5;

  private final Probe probe;
  private final Duration limit;
  private final Duration pace;
  private final Consumer<Finding> listener;
  private final Thread thread;

  private Prober(Probe probe, Duration interval, Consumer<Finding> listener) {
    this.probe = probe;
    this.limit = atLeast(interval.dividedBy(2));
    this.pace = atLeast(probe.pace(interval));
    this.listener = listener;
    this.thread = Thread.ofPlatform().name("supervise-probe").daemon().unstarted(this::run);
  }

  /**
   * Begins to look.
   *
   * @param interval within which a sign of life is due; a look may take half of it
   * @param environment of a program that is run
   * @param directory where it is run
   */
  public static Prober start(
      Health health,
      Duration interval,
      GroupRun runs,
      Map<String, String> environment,
      Path directory,
      Consumer<Finding> listener) {
    Probe probe = Probe.of(health, runs, environment, directory);
    Prober prober = new Prober(probe, interval, listener);
    prober.thread.start();
    return prober;
  }

  private void run() {
    try {
      while (!Thread.interrupted()) {
        long began = System.nanoTime();
        Finding finding = probe.look(limit);
        if (Thread.interrupted()) {
          return;
        }
        listener.accept(finding);
        TimeUnit.NANOSECONDS.sleep(began + pace.toNanos() - System.nanoTime());
      }
    } catch (InterruptedException e) {
      // Closed.
    }
  }

  private static Duration atLeast(Duration d) {
    return d.toMillis() < LEAST_MILLIS ? Duration.ofMillis(LEAST_MILLIS) : d;
  }

  /** Nothing is heard after this but what was on its way. */
  @Override
  public void close() {
    thread.interrupt();
  }
}
