package io.hamlet.agent.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.core.model.Exit;
import io.hamlet.core.recovery.HamEvent;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A life from the gate to the exit status. */
class StartAndDeathTest {
  @TempDir Path directory;
  private Bench bench;

  @BeforeEach
  void open() {
    bench = new Bench(directory);
  }

  @AfterEach
  void close() {
    bench.close();
  }

  @Test
  void killedProcessDiesOfItsSignal() {
    HamEvent.Started started = bench.start("/bin/sleep", "1000");
    assertThat(bench.proc.program(started.process().pid())).endsWith("sleep");
    bench.watch(1, started.process(), started.home());
    bench.kernel.kill(started.process().pid(), 9);
    assertThat(bench.death(1).exit()).isEqualTo(Exit.signaled(9, false));
  }

  @Test
  void exitCodeIsToldEvenIfTheEndComesBeforeTheWatch() {
    HamEvent.Started started = bench.start("/bin/sh", "-c", "exit 42");
    bench.watch(2, started.process(), started.home());
    assertThat(bench.death(2).exit()).isEqualTo(Exit.exited(42));
  }

  @Test
  void programThatExitsLikeAShellThatFindsNothingHasRun() {
    HamEvent.Started started = bench.start("/bin/sh", "-c", "exit 127");
    bench.watch(3, started.process(), started.home());
    assertThat(bench.death(3).exit()).isEqualTo(Exit.exited(127));
  }

  @Test
  void coreSignalIsAbnormal() {
    HamEvent.Started started = bench.start("/bin/sleep", "1000");
    bench.watch(4, started.process(), started.home());
    bench.kernel.kill(started.process().pid(), 11);
    Exit exit = bench.death(4).exit();
    assertThat(exit.value()).isEqualTo(11);
    assertThat(exit.isAbnormal()).isTrue();
  }
}
