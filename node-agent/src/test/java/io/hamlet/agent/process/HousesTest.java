package io.hamlet.agent.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.hamlet.core.model.EffectId;
import io.hamlet.core.model.ProcessId;
import io.hamlet.core.model.ProcessSpec;
import io.hamlet.core.recovery.Effect;
import io.hamlet.core.recovery.HamEvent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where the cluster's processes live, what they need to start, and how they are ended. */
class HousesTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  /** Ignores TERM and leaves a daemon in a session of its own. */
  private static final String FAMILY =
      "trap '' TERM; setsid sh -c 'trap \"\" TERM; while :; do sleep 1000; done' & "
          + "while :; do sleep 1000; done";

  @TempDir Path directory;
  private Bench bench;

  @BeforeEach
  void open() {
    bench = new Bench(directory);
    bench.house = Effect.House.MUST_STOP;
  }

  @AfterEach
  void close() {
    bench.close();
  }

  @Test
  void whatMustStopLivesBelowOneParent() {
    assumeTrue(bench.place.hasCgroups(), "cgroup v2 is not writable");
    HamEvent.Started web = bench.start("/bin/sleep", "1000");
    assertThat(web.home()).startsWith(bench.place.cgroups() + "/must-stop/");
    bench.house = Effect.House.KEEP;
    assertThat(bench.start("/bin/sleep", "1000").home()).contains("/keep/");
    bench.house = Effect.House.NODE;
    assertThat(bench.start("/bin/sleep", "1000").home()).doesNotContain("/must-stop/", "/keep/");
  }

  @Test
  void withoutTheRightTheGateIsKeptAndNothingRuns() {
    bench.refusal = "the lease is over";
    ProcessSpec spec = ProcessSpec.of(List.of("/usr/bin/touch", directory + "/ran"));
    EffectId id = bench.launch(spec);
    HamEvent.Denied denied = bench.event(HamEvent.Denied.class, e -> e.effect().equals(id));
    assertThat(denied.why()).isEqualTo("the lease is over");
    bench.refusal = null;
    HamEvent.Prepared again = bench.prepare(bench.nextEffect(), spec);
    HamEvent.Prepared first = bench.event(HamEvent.Prepared.class, e -> e.effect().equals(id));
    assertThat(again.gate()).as("the same gate").isEqualTo(first.gate());
    assertThat(directory.resolve("ran")).doesNotExist();
  }

  @Test
  void theNodesOwnNeedNoRight() {
    bench.refusal = "none";
    bench.house = Effect.House.NODE;
    assertThat(bench.start("/bin/sleep", "1000").process().pid()).isPositive();
  }

  @Test
  void aQuellIsDoneWhenNothingIsLeft() {
    assumeTrue(bench.place.hasCgroups(), "cgroup v2 is not writable");
    HamEvent.Started web = bench.start("/bin/sh", "-c", FAMILY);
    awaitMembers(web.home(), 4);
    quell(web, Duration.ZERO);
    assertThat(members(web.home())).isEmpty();
    assertThat(isAlive(bench, web.process())).isFalse();
  }

  @Test
  void withGraceItEndsInItsOwnWay() {
    Path file = directory.resolve("ended");
    HamEvent.Started web =
        bench.start(
            "/bin/sh", "-c", "trap 'echo x > " + file + "; exit' TERM; while :; do sleep 1; done");
    awaitShell(web.process());
    quell(web, Duration.ofHours(1));
    assertThat(file).exists();
  }

  @Test
  void anImpatientSecondQuellEndsWhatAGentleOneWouldLeave() {
    assumeTrue(bench.place.hasCgroups(), "cgroup v2 is not writable");
    HamEvent.Started web = bench.start("/bin/sh", "-c", FAMILY);
    awaitMembers(web.home(), 4);
    Effect.Quell gentle = quellOf(web, Duration.ofHours(1));
    bench.run(() -> bench.control.quell(gentle));
    assertThat(members(web.home())).isNotEmpty();
    bench.run(
        () -> bench.control.quell(new Effect.Quell(gentle.id(), gentle.those(), Duration.ZERO)));
    bench.event(HamEvent.Done.class, e -> e.effect().equals(gentle.id()));
    assertThat(members(web.home())).isEmpty();
  }

  @Test
  void withoutCgroupsTheGroupIsEnded() {
    try (Bench plain = new Bench(directory.resolve("plain"), null)) {
      plain.house = Effect.House.MUST_STOP;
      HamEvent.Started web =
          plain.start("/bin/sh", "-c", "trap '' TERM; while :; do sleep 1000; done");
      Effect.Quell quell =
          new Effect.Quell(
              plain.nextEffect(),
              List.of(new Effect.Remains(web.process(), "")),
              Duration.ofMillis(50));
      plain.run(() -> plain.control.quell(quell));
      plain.event(HamEvent.Done.class, e -> e.effect().equals(quell.id()));
      assertThat(isAlive(plain, web.process())).isFalse();
    }
  }

  @Test
  void theHouseIsEmptiedOfAllThatEarlierLivesLeft() throws Exception {
    assumeTrue(bench.place.hasCgroups(), "cgroup v2 is not writable");
    HamEvent.Started web = bench.start("/bin/sh", "-c", FAMILY);
    awaitMembers(web.home(), 4);
    bench.house = Effect.House.NODE;
    HamEvent.Started own = bench.start("/bin/sleep", "1000");
    CompletableFuture<String> answer = new CompletableFuture<>();
    bench.run(() -> bench.control.evict(answer::complete));
    assertThat(answer.get(20, TimeUnit.SECONDS)).isNull();
    assertThat(members(web.home())).isEmpty();
    assertThat(bench.proc.isThere(own.process())).isTrue();
  }

  private void quell(HamEvent.Started web, Duration grace) {
    Effect.Quell quell = quellOf(web, grace);
    bench.run(() -> bench.control.quell(quell));
    bench.event(HamEvent.Done.class, e -> e.effect().equals(quell.id()));
  }

  private Effect.Quell quellOf(HamEvent.Started web, Duration grace) {
    return new Effect.Quell(
        bench.nextEffect(), List.of(new Effect.Remains(web.process(), web.home())), grace);
  }

  private List<String> members(String home) {
    return bench.proc.read(home + "/cgroup.procs").lines().toList();
  }

  private void awaitMembers(String home, int count) {
    await().atMost(PATIENCE).until(() -> members(home).size() >= count);
  }

  /** The dead may wait for their burial. */
  private static boolean isAlive(Bench bench, ProcessId process) {
    ProcFiles.Stat stat = bench.proc.stat(process.pid());
    return stat != null && stat.startTime() == process.startTime() && !stat.isDead();
  }

  /** Its trap is set once it sleeps. */
  private void awaitShell(ProcessId shell) {
    Path children = Path.of("/proc/" + shell.pid() + "/task/" + shell.pid() + "/children");
    await().atMost(PATIENCE).until(() -> !Files.readString(children).isBlank());
  }
}
