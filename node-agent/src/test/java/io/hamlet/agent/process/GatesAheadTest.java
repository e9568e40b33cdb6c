package io.hamlet.agent.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hamlet.core.model.Exit;
import io.hamlet.core.recovery.HamEvent;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a Guardian makes for those who die while it takes over. */
class GatesAheadTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final GatesAhead ahead = new GatesAhead();

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
  void theFirstStartUsesOneOfThem() {
    Set<Long> before = children();
    ahead.make(bench.kernel, bench.place);
    Set<Long> made = children();
    made.removeAll(before);
    bench.run(() -> bench.control.take(ahead));
    HamEvent.Started started = bench.start("/bin/sleep", "1000");
    assertThat(made).contains(started.process().pid());
    assertThat(bench.proc.program(started.process().pid())).endsWith("sleep");
    bench.watch(1, started.process(), started.home());
    bench.kernel.kill(started.process().pid(), 9);
    assertThat(bench.death(1).exit()).isEqualTo(Exit.signaled(9, false));
  }

  @Test
  void thoseThatDiedMeanwhileAreInNobodysWay() {
    Set<Long> before = children();
    ahead.make(bench.kernel, bench.place);
    Set<Long> made = children();
    made.removeAll(before);
    made.forEach(pid -> bench.kernel.kill(pid, 9));
    // One that is still dying may be taken for a living one, and then its start never ran.
    await().atMost(PATIENCE).until(() -> made.stream().allMatch(this::isDead));
    bench.run(() -> bench.control.take(ahead));
    HamEvent.Started started = bench.start("/bin/sleep", "1000");
    assertThat(made).doesNotContain(started.process().pid());
  }

  @Test
  void whoHasTakenThemGetsNoMore() {
    assertThat(ahead.take()).isEmpty();
    Set<Long> before = children();
    ahead.make(bench.kernel, bench.place);
    assertThat(children()).isEqualTo(before);
  }

  private boolean isDead(long pid) {
    ProcFiles.Stat stat = bench.proc.stat(pid);
    return stat == null || stat.isDead();
  }

  private static Set<Long> children() {
    return ProcessHandle.current().children().map(ProcessHandle::pid).collect(Collectors.toSet());
  }
}
