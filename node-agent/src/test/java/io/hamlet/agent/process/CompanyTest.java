package io.hamlet.agent.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hamlet.core.model.EffectId;
import io.hamlet.core.model.Exit;
import io.hamlet.core.model.ProcessId;
import io.hamlet.core.model.ProcessSpec;
import io.hamlet.core.recovery.Effect;
import io.hamlet.core.recovery.HamEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a program forks: kept together, ended with it or before its successor. */
class CompanyTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Duration GRACE = Duration.ofMillis(500);

  @TempDir Path directory;

  /** A program whose child outlives it and heeds no TERM. */
  private ProcessSpec family() {
    Path child = directory.resolve("child");
    return Privilege.shell(
        "trap '' TERM; sleep 1000 & echo $! > "
            + child
            + ".new; mv "
            + child
            + ".new "
            + child
            + "; while :; do wait; sleep 1; done");
  }

  private long child() {
    Path child = directory.resolve("child");
    await().atMost(PATIENCE).until(() -> Files.exists(child));
    try {
      return Long.parseLong(Files.readString(child).strip());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static boolean isGone(Bench bench, long pid) {
    ProcFiles.Stat stat = bench.proc.stat(pid);
    return stat == null || stat.isDead();
  }

  @Test
  void cgroupHoldsTheProgramAndItsChildrenFromTheBeginning() throws IOException {
    Privilege.assumeCgroups();
    try (Bench bench = new Bench(directory)) {
      HamEvent.Started started = bench.start(family());
      long child = child();
      assertThat(Files.readAllLines(Path.of(started.home(), "cgroup.procs")))
          .contains(Long.toString(started.process().pid()), Long.toString(child));
    }
  }

  @Test
  void remainsInACgroupAreGoneBeforeTheNextGateIsAnnounced() {
    Privilege.assumeCgroups();
    try (Bench bench = new Bench(directory)) {
      remainsAreGone(bench);
    }
  }

  @Test
  void remainsOfAProcessGroupAreGoneToo() {
    try (Bench bench = new Bench(directory, null)) {
      remainsAreGone(bench);
    }
  }

  private void remainsAreGone(Bench bench) {
    HamEvent.Started started = bench.start(family());
    bench.watch(1, started.process(), started.home());
    long child = child();
    bench.kernel.kill(started.process().pid(), 9);
    bench.death(1);
    assertThat(isGone(bench, child)).isFalse();
    EffectId id = bench.nextEffect();
    Effect.Remains remains = new Effect.Remains(started.process(), started.home());
    bench.run(
        () -> bench.control.prepare(new Effect.Prepare(id, family(), remains, bench.house, true)));
    bench.event(HamEvent.Prepared.class, e -> e.effect().equals(id));
    assertThat(isGone(bench, child)).isTrue();
  }

  @Test
  void groupOfAnotherProcessWithThatPidIsSpared() {
    try (Bench bench = new Bench(directory, null)) {
      HamEvent.Started started = bench.start("/bin/sleep", "1000");
      ProcessId earlier = new ProcessId(started.process().pid(), started.process().startTime() - 1);
      EffectId id = bench.nextEffect();
      bench.run(
          () ->
              bench.control.prepare(
                  new Effect.Prepare(
                      id, family(), new Effect.Remains(earlier, ""), bench.house, true)));
      bench.event(HamEvent.Prepared.class, e -> e.effect().equals(id));
      assertThat(isGone(bench, started.process().pid())).isFalse();
    }
  }

  @Test
  void endKillsThoseWhoHeedNoTerm() {
    Privilege.assumeCgroups();
    try (Bench bench = new Bench(directory)) {
      ended(bench);
    }
  }

  @Test
  void endKillsAProcessGroup() {
    try (Bench bench = new Bench(directory, null)) {
      ended(bench);
    }
  }

  private void ended(Bench bench) {
    HamEvent.Started started = bench.start(family());
    bench.watch(1, started.process(), started.home());
    long child = child();
    bench.run(() -> bench.control.end(new Effect.End(started.process(), started.home(), GRACE)));
    assertThat(bench.death(1).exit()).isEqualTo(Exit.signaled(9, false));
    await().atMost(PATIENCE).until(() -> isGone(bench, child));
  }

  @Test
  void emptyCgroupOfADeadProcessIsRemoved() {
    Privilege.assumeCgroups();
    try (Bench bench = new Bench(directory)) {
      HamEvent.Started started = bench.start("/bin/true");
      await().atMost(PATIENCE).until(() -> Files.notExists(Path.of(started.home())));
    }
  }

  @Test
  void orphansAreBuried() {
    try (Bench bench = new Bench(directory, null)) {
      HamEvent.Started started =
          bench.start(
              Privilege.shell("(sleep 0.2 & echo $! > " + directory + "/child); exec sleep 1000"));
      long child = child();
      await().atMost(PATIENCE).until(() -> isGone(bench, child));
      bench.kernel.kill(started.process().pid(), 9);
      await().atMost(PATIENCE).until(() -> bench.proc.stat(child) == null);
    }
  }

  @Test
  void forkingProgramLeavesItsDaemonFoundByPidFile() {
    try (Bench bench = new Bench(directory)) {
      Path pidFile = directory.resolve("daemon.pid");
      forks(
          bench,
          "setsid sleep 1000 & echo $! > " + pidFile + ".n; mv " + pidFile + ".n " + pidFile,
          pidFile.toString());
    }
  }

  @Test
  void forkingProgramLeavesItsDaemonFoundInItsCgroup() {
    Privilege.assumeCgroups();
    try (Bench bench = new Bench(directory)) {
      forks(bench, "setsid sleep 1000 & sleep 0.05", "");
    }
  }

  @Test
  void forkingProgramLeavesItsDaemonFoundAmongTheOrphans() {
    try (Bench bench = new Bench(directory, null)) {
      forks(bench, "setsid sleep 1000 & sleep 0.05", "");
    }
  }

  private static void forks(Bench bench, String script, String pidFile) {
    ProcessSpec spec = forking(script, pidFile);
    EffectId id = bench.launch(spec);
    HamEvent.Started started = bench.event(HamEvent.Started.class, e -> e.effect().equals(id));
    // The shell may have told its pid before it was the program.
    long daemon = started.process().pid();
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(bench.proc.program(daemon)).endsWith("sleep"));
    bench.watch(5, started.process(), started.home());
    bench.kernel.kill(started.process().pid(), 15);
    assertThat(bench.death(5).exit()).isEqualTo(Exit.signaled(15, false));
  }

  private static ProcessSpec forking(String script, String pidFile) {
    return new ProcessSpec(
        List.of("/bin/sh", "-c", script),
        List.of(),
        "/",
        "",
        List.of(),
        "",
        true,
        pidFile,
        ProcessSpec.Kill.GROUP);
  }

  @Test
  void forkingProgramThatFailsOrLeavesNobodyIsAFailedStart() {
    try (Bench bench = new Bench(directory)) {
      assertThat(bench.failure(forking("exit 3", "")).why()).contains("exit 3");
      assertThat(bench.failure(forking("exit 0", "")).why()).contains("left no daemon");
    }
  }
}
