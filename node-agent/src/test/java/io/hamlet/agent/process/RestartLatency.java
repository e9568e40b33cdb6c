package io.hamlet.agent.process;

import io.hamlet.agent.os.Reactor;
import io.hamlet.agent.os.ffm.FfmKernel;
import io.hamlet.core.model.EffectId;
import io.hamlet.core.model.EntryId;
import io.hamlet.core.model.Name;
import io.hamlet.core.model.ProcessId;
import io.hamlet.core.model.ProcessSpec;
import io.hamlet.core.recovery.Effect;
import io.hamlet.core.recovery.HamEvent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;

/**
 * Measures SIGKILL to the first instruction of the successor, with a core that decides at once:
 * arguments are a program that writes its CLOCK_MONOTONIC nanoseconds and a newline to standard
 * output and then sleeps, and the number of kills, before which as many warm up.
 */
final class RestartLatency {
  private final ArrayDeque<HamEvent> inbox = new ArrayDeque<>();
  private final FfmKernel kernel = new FfmKernel();
  private final Reactor reactor = new Reactor(kernel);
  private final Path log;
  private final ProcessSpec spec;
  private final LinuxProcessControl control;
  private ProcessId current;
  private String home = "";
  private int entry;
  private long died;
  private long gone;

  private RestartLatency(String program) throws Exception {
    Path directory = Files.createTempDirectory(Path.of("/dev/shm"), "latency");
    log = directory.resolve("latency.log");
    spec = ProcessSpec.of(List.of(program));
    Workplace place =
        new Workplace(
            Files.createDirectories(directory.resolve("go")),
            directory,
            Cgroups.rootFor("latency"),
            Path.of("/etc"),
            List.of(new ProcessSpec.Variable("PATH", "/usr/bin:/bin")),
            Duration.ofSeconds(1));
    control = new LinuxProcessControl(kernel, reactor, this::post, place);
    control.keepHouse();
  }

  public static void main(String[] arguments) throws Exception {
    new RestartLatency(arguments[0]).measure(Integer.parseInt(arguments[1]));
  }

  private void post(HamEvent event) {
    inbox.add(event);
    reactor.ring();
  }

  private void measure(int kills) throws Exception {
    prepare(null);
    awaitLines(1);
    long[] nanos = new long[kills];
    long[] toldOfDeath = new long[kills];
    long[] decided = new long[kills];
    long[] began = new long[kills];
    for (int i = -kills; i < kills; i++) {
      pause(20_000_000L);
      long killed = System.nanoTime();
      kernel.kill(current.pid(), 9);
      long first = awaitLines(kills + i + 2);
      if (i < 0) {
        continue;
      }
      nanos[i] = first - killed;
      toldOfDeath[i] = died - killed;
      decided[i] = gone - died;
      began[i] = first - gone;
    }
    kernel.kill(current.pid(), 9);
    control.close();
    print("kill to Died", toldOfDeath);
    print("Died to script written", decided);
    print("script to first instruction", began);
    print("kill to first instruction", nanos);
  }

  private static void print(String what, long[] nanos) {
    Arrays.sort(nanos);
    int n = nanos.length;
    System.out.printf(
        "%-28s n %d min %.2f median %.2f p90 %.2f p99 %.2f max %.2f ms%n",
        what,
        n,
        nanos[0] / 1e6,
        nanos[n / 2] / 1e6,
        nanos[n * 9 / 10] / 1e6,
        nanos[n * 99 / 100] / 1e6,
        nanos[n - 1] / 1e6);
  }

  private void pause(long nanos) {
    long until = kernel.bootNanos() + nanos;
    while (kernel.bootNanos() < until) {
      reactor.await(until);
      decide();
    }
  }

  private long awaitLines(int lines) throws Exception {
    while (true) {
      reactor.await(kernel.bootNanos() + 5_000_000L);
      decide();
      if (!inbox.isEmpty() || !Files.exists(log)) {
        continue;
      }
      List<String> all = Files.readAllLines(log);
      if (all.size() >= lines && home != null) {
        return Long.parseLong(all.get(lines - 1));
      }
    }
  }

  private void prepare(Effect.Remains remains) {
    control.prepare(
        new Effect.Prepare(
            new EffectId(new EntryId(1, 1, ++entry), 0), spec, remains, Effect.House.NODE, true));
  }

  private void decide() {
    for (HamEvent event = inbox.poll(); event != null; event = inbox.poll()) {
      switch (event) {
        case HamEvent.Prepared e -> {
          control.go(
              new Effect.Go(
                  e.effect(),
                  e.gate(),
                  e.home(),
                  spec,
                  List.of(),
                  "latency",
                  Effect.House.NODE,
                  false));
          gone = System.nanoTime();
        }
        case HamEvent.Started e -> {
          current = e.process();
          home = e.home();
          control.watch(new Effect.Watch(new Name("x"), 1, entry, current, home));
        }
        case HamEvent.Died e -> {
          died = System.nanoTime();
          Effect.Remains remains = new Effect.Remains(current, home);
          home = null;
          prepare(remains);
        }
        default -> throw new IllegalStateException(event.toString());
      }
    }
  }
}
