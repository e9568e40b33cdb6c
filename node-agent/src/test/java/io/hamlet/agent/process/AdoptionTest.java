package io.hamlet.agent.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.hamlet.core.model.Exit;
import io.hamlet.core.model.Name;
import io.hamlet.core.model.ProcessId;
import io.hamlet.core.model.Refused;
import io.hamlet.core.model.Rejection.Reason;
import io.hamlet.core.recovery.Effect;
import io.hamlet.core.recovery.HamEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Processes that somebody else made. */
class AdoptionTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

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

  /** A process whose parent, a shell that lives on, is not the manager and reaps it at once. */
  private ProcessId stranger(String script) throws IOException {
    return bench.stranger(directory.resolve("pid"), script);
  }

  private static void assumeExitInfo() {
    String[] release = System.getProperty("os.version").split("[.-]");
    int version = Integer.parseInt(release[0]) * 1000 + Integer.parseInt(release[1]);
    Privilege.assume(version >= 6015, "exitinfo", "PIDFD_INFO_EXIT needs Linux 6.15");
  }

  @Test
  void exitStatusOfAnAdoptedProcessIsKnown() throws IOException {
    assumeExitInfo();
    ProcessId process = stranger("exec sleep 1000");
    bench.watch(1, process, "");
    bench.kernel.kill(process.pid(), 15);
    assertThat(bench.death(1).exit()).isEqualTo(Exit.signaled(15, false));
  }

  @Test
  void causeThatComesLateIsLearned() throws IOException {
    assumeExitInfo();
    Path pid = directory.resolve("late");
    Path go = directory.resolve("go-on");
    // A parent that does not wait until it is told to.
    HamEvent.Started parent =
        bench.start(
            "/usr/bin/perl",
            "-e",
            "my $c=fork; if(!$c){exec '/bin/sleep','1000'} open(F,'>','"
                + pid
                + "');print F $c;"
                + "close F; select(undef,undef,undef,0.01) until -e '"
                + go
                + "'; waitpid $c,0;"
                + "sleep 1000");
    await().atMost(PATIENCE).until(() -> Files.exists(pid) && Files.size(pid) > 0);
    ProcessId process = bench.control.identify(Long.parseLong(Files.readString(pid)));
    bench.watch(2, process, "");
    bench.kernel.kill(process.pid(), 9);
    assertThat(bench.death(2).exit()).isEqualTo(Exit.UNKNOWN);
    Files.createFile(go);
    HamEvent.ExitLearned learned = bench.event(HamEvent.ExitLearned.class, e -> e.uid() == 2);
    assertThat(learned.exit()).isEqualTo(Exit.signaled(9, false));
    assertThat(parent.process().pid()).isPositive();
  }

  @Test
  void pidOfAnotherProcessIsADeathAtOnce() {
    HamEvent.Started started = bench.start("/bin/sleep", "1000");
    ProcessId earlier = new ProcessId(started.process().pid(), started.process().startTime() - 1);
    bench.watch(3, earlier, "");
    assertThat(bench.death(3).exit()).isEqualTo(Exit.UNKNOWN);
    assertThat(bench.proc.isThere(started.process())).isTrue();
  }

  @Test
  void watchIsOneHoweverOftenItIsAskedForAndEndsWhenItIsNotWanted() {
    HamEvent.Started started = bench.start("/bin/sleep", "1000");
    bench.watch(4, started.process(), started.home());
    bench.watch(4, started.process(), started.home());
    bench.watch(5, started.process(), started.home());
    bench.run(() -> bench.control.unwatch(new Effect.Unwatch(5, 1)));
    bench.watch(6, started.process(), started.home());
    bench.kernel.kill(started.process().pid(), 9);
    bench.death(6);
    assertThat(bench.events.stream().filter(HamEvent.Died.class::isInstance))
        .extracting(e -> ((HamEvent.Died) e).entity())
        .containsExactlyInAnyOrder(new Name("e4"), new Name("e6"));
  }

  @Test
  void whatCannotBeAdoptedIsRefused() {
    assertThatThrownBy(() -> bench.control.identify(ProcessHandle.current().pid()))
        .isInstanceOfSatisfying(Refused.class, e -> is(e, Reason.INVALID));
    assertThatThrownBy(() -> bench.control.identify(-1))
        .isInstanceOfSatisfying(Refused.class, e -> is(e, Reason.INVALID));
    assertThatThrownBy(() -> bench.control.identify(4_194_305))
        .isInstanceOfSatisfying(Refused.class, e -> is(e, Reason.NO_SUCH_PROCESS));
  }

  private static void is(Refused refused, Reason reason) {
    assertThat(refused.rejection().reason()).isEqualTo(reason);
  }

  /** Found in review: after a takeover nobody kept the output of what ran on from growing. */
  @Test
  void theOutputOfOneThatAnotherManagerStartedIsCut() throws Exception {
    ProcessId process = stranger("exec sleep 1000");
    Path log = bench.place.logFile("e9");
    Files.createDirectories(log.getParent());
    Files.write(log, new byte[(int) LogFiles.MOST_BYTES + 1]);

    bench.watch(9, process, "");

    await().atMost(PATIENCE).until(() -> log.toFile().length() == 0);
    assertThat(log.resolveSibling("e9.log.1")).hasSize(LogFiles.MOST_BYTES + 1);
  }
}
