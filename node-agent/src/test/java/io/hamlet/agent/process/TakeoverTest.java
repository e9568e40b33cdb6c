package io.hamlet.agent.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hamlet.core.model.EffectId;
import io.hamlet.core.model.EntryId;
import io.hamlet.core.model.Exit;
import io.hamlet.core.model.ProcessSpec;
import io.hamlet.core.recovery.HamEvent;
import io.hamlet.core.recovery.HamEvent.Prepared;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A successor settles the gates of a manager that died at any moment (red-team.md H4, H5). */
class TakeoverTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @TempDir Path directory;
  private Bench bench;
  private Gate gate;
  private int entry;

  @BeforeEach
  void open() {
    bench = new Bench(directory);
  }

  @AfterEach
  void close() {
    bench.close();
  }

  private EffectId effect() {
    // Of a predecessor: nobody here prepared it.
    return new EffectId(new EntryId(6, 1, ++entry), 0);
  }

  private byte[] script(EffectId id, String directory, String... argv) {
    return new Script(
            bench.place.mark(id),
            List.of(argv),
            List.of(),
            directory,
            this.directory.resolve("log/old.log").toString(),
            null)
        .bytes();
  }

  /** What a manager does that dies after having written so much of a script. */
  private void predecessor(byte[] script) {
    Cgroups none = new Cgroups(bench.kernel, bench.proc, null);
    gate = new GateMaker(bench.kernel, bench.proc, none).make();
    int written = 0;
    while (written < script.length) {
      int n = bench.kernel.write(gate.script(), script, written, script.length - written);
      if (n > 0) {
        written += n;
      }
    }
    bench.kernel.close(gate.script());
    bench.kernel.close(gate.status());
    bench.kernel.close(gate.pidfd());
  }

  private void goAgain(EffectId id) {
    ProcessSpec spec = ProcessSpec.of(List.of("/bin/sleep", "1000"));
    Prepared prepared = new Prepared(id, gate.process(), "");
    bench.run(() -> bench.control.go(bench.go(id, prepared, spec, true)));
  }

  @Test
  void markAndProcess() {
    EffectId id = effect();
    predecessor(script(id, "/", "/bin/sleep", "1000"));
    goAgain(id);
    assertThat(bench.event(HamEvent.Started.class, e -> e.effect().equals(id)).process())
        .isEqualTo(gate.process());
    bench.watch(1, gate.process(), "");
    bench.kernel.kill(gate.process().pid(), 9);
    assertThat(bench.death(1).exit()).isEqualTo(Exit.signaled(9, false));
  }

  @Test
  void markAndNoProcess() {
    EffectId id = effect();
    predecessor(script(id, "/", "/bin/true"));
    awaitEnd();
    goAgain(id);
    bench.event(HamEvent.Started.class, e -> e.effect().equals(id));
    bench.watch(2, gate.process(), "");
    bench.death(2);
  }

  @Test
  void markThatTellsOfAFailure() {
    EffectId id = effect();
    predecessor(script(id, "/no/such/dir", "/bin/true"));
    awaitEnd();
    goAgain(id);
    assertThat(bench.event(HamEvent.Failed.class, e -> e.effect().equals(id)).why())
        .contains("directory");
  }

  @Test
  void noMark() {
    EffectId id = effect();
    predecessor(new byte[0]);
    goAgain(id);
    bench.event(HamEvent.NeverRan.class, e -> e.effect().equals(id));
    assertThat(bench.events).noneMatch(HamEvent.Started.class::isInstance);
  }

  @Test
  void scriptThatWasCutAnywhereRunsNothing() {
    byte[] whole = script(effect(), "/", "/usr/bin/touch", directory.resolve("touched") + "");
    EffectId id = new EffectId(new EntryId(6, 1, entry), 0);
    // The last newline may be missing: the group is closed before it.
    for (int length = 0; length < whole.length - 1; length += length < 40 ? 1 : 7) {
      predecessor(Arrays.copyOf(whole, length));
      awaitEnd();
      assertThat(Files.exists(Path.of(bench.place.mark(id))))
          .as(new String(whole, 0, length, StandardCharsets.UTF_8))
          .isFalse();
    }
    predecessor(Arrays.copyOf(whole, whole.length - 2));
    awaitEnd();
    assertThat(directory.resolve("touched")).doesNotExist();
    predecessor(whole);
    await().atMost(PATIENCE).until(() -> Files.exists(directory.resolve("touched")));
  }

  @Test
  void gateThatIsKilledBeforeItsScriptNeverRan() {
    EffectId id = bench.nextEffect();
    ProcessSpec spec = ProcessSpec.of(List.of("/bin/sleep", "1000"));
    Prepared prepared = bench.prepare(id, spec);
    bench.kernel.kill(prepared.gate().pid(), 9);
    await().atMost(PATIENCE).until(() -> bench.proc.stat(prepared.gate().pid()) == null);
    bench.run(() -> bench.control.go(bench.go(id, prepared, spec, false)));
    bench.event(HamEvent.NeverRan.class, e -> e.effect().equals(id));
  }

  @Test
  void preparedTwiceIsPreparedOnce() {
    EffectId id = bench.nextEffect();
    ProcessSpec spec = ProcessSpec.of(List.of("/bin/sleep", "1000"));
    Prepared first = bench.prepare(id, spec);
    bench.events.clear();
    assertThat(bench.prepare(id, spec)).isEqualTo(first);
  }

  @Test
  void daemonOfAPredecessorIsFoundByItsPidFile() {
    EffectId id = effect();
    Path pidFile = directory.resolve("daemon.pid");
    predecessor(
        script(
            id,
            "/",
            "/bin/sh",
            "-c",
            "setsid sleep 1000 & echo $! > " + pidFile + ".n; mv " + pidFile + ".n " + pidFile));
    awaitEnd();
    ProcessSpec spec =
        new ProcessSpec(
            List.of("/bin/true"),
            List.of(),
            "/",
            "",
            List.of(),
            "",
            true,
            pidFile.toString(),
            ProcessSpec.Kill.GROUP);
    Prepared prepared = new Prepared(id, gate.process(), "");
    bench.run(() -> bench.control.go(bench.go(id, prepared, spec, true)));
    HamEvent.Started started = bench.event(HamEvent.Started.class, e -> e.effect().equals(id));
    // Its shell names it before it becomes setsid, and that before it becomes what it is to be.
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> assertThat(bench.proc.program(started.process().pid())).endsWith("sleep"));
  }

  private void awaitEnd() {
    await()
        .atMost(PATIENCE)
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(1))
        .until(
            () -> {
              ProcFiles.Stat stat = bench.proc.stat(gate.process().pid());
              return stat == null || stat.isDead();
            });
  }
}
