package io.hamlet.agent.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hamlet.core.model.Exit;
import io.hamlet.core.model.Name;
import io.hamlet.core.model.ProcessId;
import io.hamlet.core.recovery.Effect;
import io.hamlet.core.recovery.HamEvent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How strangers died, told by the real connector, whatever else this kernel could tell. */
class ProcConnectorTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final String CONNECTOR = "11";

  @TempDir Path directory;
  private Bench bench;

  @BeforeEach
  void open() {
    Privilege.assumeRoot();
    bench = Bench.with(ProcConnector::new, directory);
  }

  @AfterEach
  void close() {
    if (bench != null) {
      bench.close();
    }
  }

  private ProcessId stranger(String name, String script) throws IOException {
    return bench.stranger(directory.resolve(name), script);
  }

  /** A stranger that goes on when it may. */
  private ProcessId whenReleased(String name, String script) throws IOException {
    Path go = directory.resolve(name + "-go");
    String waits = "mkfifo %1$s && read x < %1$s; ".formatted(go);
    ProcessId process = stranger(name, waits + script);
    await().atMost(PATIENCE).until(() -> Files.exists(go));
    return process;
  }

  private void release(String name) {
    try {
      Files.writeString(directory.resolve(name + "-go"), "now\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** How many sockets of this process hear the connector, as the kernel sees it. */
  private static long subscriptions() throws IOException {
    Set<String> inodes;
    try (Stream<String> lines = Files.lines(Path.of("/proc/net/netlink"))) {
      inodes =
          lines
              .map(line -> line.strip().split("\\s+"))
              .filter(fields -> fields[1].equals(CONNECTOR) && fields[3].equals("00000001"))
              .map(fields -> "socket:[" + fields[fields.length - 1] + "]")
              .collect(Collectors.toSet());
    }
    try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
      return open.filter(fd -> inodes.contains(target(fd))).count();
    }
  }

  private static String target(Path link) {
    try {
      return Files.readSymbolicLink(link).toString();
    } catch (IOException e) {
      return "";
    }
  }

  @Test
  void causesOfStrangersAreKnownAmongTheDeathsOfOthers() throws IOException {
    ProcessId killed = stranger("killed", "exec sleep 1000");
    ProcessId exits = whenReleased("exits", "exit 37");
    ProcessId faulty = stranger("faulty", "exec sleep 1000");
    assertThat(subscriptions()).isZero();
    bench.watch(1, killed, "");
    bench.watch(2, exits, "");
    bench.watch(3, faulty, "");
    assertThat(subscriptions()).isEqualTo(1);

    HamEvent.Started crowd =
        bench.start(
            Privilege.shell("i=0; while [ $i -lt 200 ]; do /bin/true; i=$((i+1)); done; exit 5"));
    bench.watch(4, crowd.process(), crowd.home());
    bench.kernel.kill(killed.pid(), 9);
    assertThat(bench.death(1).exit()).isEqualTo(Exit.signaled(9, false));
    release("exits");
    assertThat(bench.death(2).exit()).isEqualTo(Exit.exited(37));
    assertThat(bench.death(4).exit()).isEqualTo(Exit.exited(5));
    assertThat(subscriptions()).isEqualTo(1);
    bench.kernel.kill(faulty.pid(), 11);
    // Whether there is a core is the machine's business.
    assertThat(bench.death(3).exit()).isIn(Exit.signaled(11, false), Exit.signaled(11, true));
    await().atMost(PATIENCE).untilAsserted(() -> assertThat(subscriptions()).isZero());
  }

  @Test
  void childrenNeedNoConnector() throws IOException {
    HamEvent.Started child = bench.start("/bin/sleep", "1000");
    bench.watch(1, child.process(), child.home());
    assertThat(subscriptions()).isZero();
    bench.kernel.kill(child.process().pid(), 9);
    assertThat(bench.death(1).exit()).isEqualTo(Exit.signaled(9, false));
  }

  @Test
  void unwatchedStrangerIsNotListenedFor() throws IOException {
    ProcessId process = stranger("it", "exec sleep 1000");
    bench.watch(1, process, "");
    assertThat(subscriptions()).isEqualTo(1);
    bench.run(() -> bench.control.unwatch(new Effect.Unwatch(1, 1)));
    assertThat(subscriptions()).isZero();
    bench.watch(2, process, "");
    bench.kernel.kill(process.pid(), 9);
    assertThat(bench.death(2).exit()).isEqualTo(Exit.signaled(9, false));
    assertThat(bench.events)
        .filteredOn(HamEvent.Died.class::isInstance)
        .extracting(e -> ((HamEvent.Died) e).entity())
        .doesNotContain(new Name("e1"));
  }

  @Test
  void overflowMakesTheCauseUnknown() throws IOException {
    ProcessId process = stranger("it", "exec sleep 1000");
    ProcessId crowd = whenReleased("crowd", "i=0; while [ $i -lt 4000 ]; do (:); i=$((i+1)); done");
    bench.watch(1, process, "");
    // The core thread has other things to do while more is said than the socket holds.
    bench.run(
        () -> {
          release("crowd");
          await().atMost(PATIENCE).until(() -> !bench.proc.isThere(crowd));
          bench.kernel.kill(process.pid(), 9);
          await().atMost(PATIENCE).until(() -> !bench.proc.isThere(process));
        });
    assertThat(bench.death(1).exit()).isEqualTo(Exit.UNKNOWN);
    ProcessId next = stranger("next", "exec sleep 1000");
    bench.watch(2, next, "");
    bench.kernel.kill(next.pid(), 9);
    assertThat(bench.death(2).exit()).isEqualTo(Exit.signaled(9, false));
  }
}
