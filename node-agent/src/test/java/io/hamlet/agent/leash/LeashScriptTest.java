package io.hamlet.agent.leash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hamlet.agent.os.Kernel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** When a leash fires, what it ends then, and what it says (architecture.md 3). */
class LeashScriptTest {
  private static final Logger LOG = LoggerFactory.getLogger(LeashScriptTest.class);
  private static final String ALL = "n1 7 all";
  private static final Duration LONG = Duration.ofSeconds(20);

  @TempDir Path directory;
  private Yard yard;

  @BeforeEach
  void fence() throws IOException {
    yard = new Yard(directory);
  }

  @AfterEach
  void clear() throws IOException {
    if (yard != null) {
      yard.close();
    }
  }

  private static void arm(LeashMaker.Made leash, long deadline) {
    assertThat(leash.rein().say(LeashMaker.deadline(deadline))).isTrue();
  }

  private long entity() {
    return yard.entity(yard.cordon.stopped(), "sleep 1000 & wait");
  }

  @Test
  void oneManagerKilled() {
    LeashMaker.Made leash = yard.leash();
    long ham = yard.manager(leash);
    long entity = entity();
    yard.kernel.kill(ham, Kernel.SIGKILL);
    yard.awaitDead(ham);
    arm(leash, yard.in(LONG));
    yard.awaitQuiet(leash);
    assertThat(yard.lives(entity)).isTrue();
    assertThat(yard.heard).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void bothManagersKilled(boolean hasKill) {
    Cordon all = yard.cordon;
    Cordon cordon = new Cordon(all.pair(), all.stopped(), all.kept(), all.leash(), hasKill);
    LeashMaker.Made leash = yard.leash(cordon, LONG, 1);
    long ham = yard.manager(leash);
    long guardian = yard.manager(leash);
    long entity = entity();
    long local = yard.entity(yard.root, "sleep 1000");
    yard.awaitQuiet(leash);
    leash.rein().close();
    yard.kernel.kill(ham, Kernel.SIGKILL);
    yard.awaitDead(ham);
    assertThat(yard.lives(entity)).isTrue();
    long killed = yard.kernel.bootNanos();
    yard.kernel.kill(guardian, Kernel.SIGKILL);
    yard.awaitHeard(ALL);
    assertThat(yard.lives(entity)).isFalse();
    assertThat(yard.lives(local)).isTrue();
    LOG.info("both killed: obituary after {} us", (yard.heardAt - killed) / 1_000);
  }

  @Test
  void bothManagersFrozen() {
    LeashMaker.Made leash = yard.leash();
    long ham = yard.manager(leash);
    long guardian = yard.manager(leash);
    long entity = entity();
    yard.stop(ham);
    yard.stop(guardian);
    long deadline = yard.in(Duration.ofMillis(700));
    arm(leash, deadline);
    yard.awaitHeard(ALL);
    yard.awaitDead(ham, guardian);
    assertThat(yard.lives(entity)).isFalse();
    LOG.info("both frozen: obituary {} us after the deadline", (yard.heardAt - deadline) / 1_000);
  }

  @Test
  void disarmedItLeavesTheFrozenAlone() {
    LeashMaker.Made leash = yard.leash();
    long ham = yard.manager(leash);
    long entity = entity();
    yard.stop(ham);
    long deadline = yard.in(Duration.ofMillis(500));
    arm(leash, deadline);
    arm(leash, Long.MAX_VALUE);
    yard.awaitPast(deadline);
    yard.awaitQuiet(leash);
    assertThat(yard.lives(entity)).isTrue();
    assertThat(yard.lives(ham)).isTrue();
  }

  @Test
  void aDeadlineThatMovesOnIsNotMet() {
    LeashMaker.Made leash = yard.leash();
    long entity = entity();
    long first = yard.in(Duration.ofMillis(600));
    arm(leash, first);
    arm(leash, yard.in(LONG));
    yard.awaitPast(first);
    assertThat(yard.lives(entity)).isTrue();
    assertThat(yard.heard).isEmpty();
  }

  @Test
  void aLateLineCannotExtend() {
    LeashMaker.Made leash = yard.leash();
    long ham = yard.manager(leash);
    arm(leash, yard.in(LONG));
    // Made before the writer was stopped for a second, and written after.
    arm(leash, yard.in(Duration.ofSeconds(-1)));
    yard.awaitHeard(ALL);
    yard.awaitDead(ham);
  }

  @Test
  void aDeadlineTooFarAwayIsCutShort() {
    LeashMaker.Made leash = yard.leash(yard.cordon, Duration.ofMillis(500), 1);
    arm(leash, yard.in(Duration.ofHours(10)));
    yard.awaitHeard(ALL);
  }

  @Test
  void stoppedItselfItReadsWhatWaitsBeforeItJudges() {
    LeashMaker.Made leash = yard.leash();
    long entity = entity();
    yard.awaitQuiet(leash);
    yard.stop(leash.process().pid());
    long stale = yard.in(Duration.ofMillis(200));
    arm(leash, stale);
    arm(leash, yard.in(LONG));
    yard.awaitPast(stale);
    yard.kernel.kill(leash.process().pid(), Kernel.SIGCONT);
    yard.awaitQuiet(leash);
    assertThat(yard.lives(entity)).isTrue();
    assertThat(yard.heard).isEmpty();
  }

  @Test
  void noWordEndsIt() {
    LeashMaker.Made leash = yard.leash();
    long entity = entity();
    for (int signal : new int[] {1, 2, 3, 10, 12, 13, 15, 20}) {
      yard.kernel.kill(leash.process().pid(), signal);
    }
    assertThat(leash.rein().say("what is this?")).isTrue();
    assertThat(leash.rein().say("D 12 .")).isTrue();
    assertThat(leash.rein().say("D 00000000000x .")).isTrue();
    yard.awaitQuiet(leash);
    assertThat(yard.lives(entity)).isTrue();
    leash.rein().close();
    yard.awaitHeard(ALL);
  }

  /** Twice forked, in a session of its own, its environment wiped: it is where it was put. */
  @Test
  void whoHidesIsFound() throws IOException {
    LeashMaker.Made leash = yard.leash();
    Path told = directory.resolve("daemon");
    yard.entity(
        yard.cordon.stopped(),
        "(setsid sh -c '(exec env -i sleep 1000) & echo $! >NEW; mv NEW TOLD' &)"
            .replace("NEW", told + ".new")
            .replace("TOLD", told.toString()));
    await().atMost(Yard.PATIENCE).until(() -> Files.exists(told));
    long daemon = Long.parseLong(Files.readString(told).strip());
    assertThat(yard.lives(daemon)).isTrue();
    leash.rein().close();
    yard.awaitHeard(ALL);
    assertThat(yard.lives(daemon)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whoForksWithoutEndEnds(boolean hasKill) {
    Cordon all = yard.cordon;
    Cordon cordon = new Cordon(all.pair(), all.stopped(), all.kept(), all.leash(), hasKill);
    LeashMaker.Made leash = yard.leash(cordon, LONG, 1);
    // Each makes its successor and goes: at no time can all be listed and killed one by one.
    String chain = "f() { ( f & ) ; exit; }; f & f & f & f & wait";
    yard.entity(yard.cordon.stopped(), chain);
    leash.rein().close();
    yard.awaitHeard(ALL);
    assertThat(yard.proc.read(yard.cordon.stopped() + "/cgroup.procs")).isEmpty();
  }

  @Test
  void whatIsKeptIsNeitherEndedNorSaidToHaveEnded() {
    LeashMaker.Made leash = yard.leash();
    long kept = yard.entity(yard.cordon.kept(), "sleep 1000");
    long entity = entity();
    leash.rein().close();
    yard.awaitHeard("n1 7 stopped");
    assertThat(yard.lives(entity)).isFalse();
    assertThat(yard.lives(kept)).isTrue();
    assertThat(yard.heard).doesNotContain(ALL);
  }

  /** A file system that never answers: nothing can be said as long as it lives. */
  @Test
  void whoCannotBeKilledIsNotSaidToHaveEnded() throws IOException {
    try (DeafDisk disk = DeafDisk.mount(yard.kernel, directory.resolve("disk"))) {
      LeashMaker.Made leash = yard.leash();
      long stuck = yard.entity(yard.cordon.stopped(), "exec cat " + disk.file());
      disk.awaitCall();
      long ham = yard.manager(leash);
      leash.rein().close();
      yard.kernel.kill(ham, Kernel.SIGKILL);
      await().atMost(Yard.PATIENCE).until(() -> yard.proc.stat(stuck).state() == 'D');
      yard.awaitPast(yard.kernel.bootNanos());
      assertThat(yard.lives(stuck)).isTrue();
      assertThat(yard.lives(leash.process().pid())).isTrue();
      assertThat(yard.heard).isEmpty();
      disk.vanish();
      yard.awaitHeard(ALL);
    }
  }

  @Test
  void itsSecretOfAnEarlierGenerationIsWorthNothing() {
    LeashMaker.Made first = yard.leash(yard.cordon, LONG, 1);
    LeashMaker.Made second = yard.leash(yard.cordon, LONG, 2);
    yard.awaitQuiet(second);
    first.rein().close();
    yard.awaitHeard("refused");
    assertThat(yard.heard).doesNotContain(ALL);
    second.rein().close();
    yard.awaitHeard(ALL);
  }

  @Test
  void itIsSparedAndApart() throws IOException {
    LeashMaker.Made leash = yard.leash();
    Path own = Path.of("/proc", Long.toString(leash.process().pid()));
    long other = yard.entity(yard.root, "sleep 1000");
    boolean mayBeSpared = yard.proc.write("/proc/" + other + "/oom_score_adj", "-1000") >= 0;
    assertThat(Files.readString(own.resolve("oom_score_adj")).strip())
        .isEqualTo(mayBeSpared ? "-1000" : "0");
    assertThat(yard.proc.stat(leash.process().pid()).session()).isEqualTo(leash.process().pid());
    assertThat(Files.readString(own.resolve("cgroup"))).contains("/leash\n");
    assertThat(Files.readString(own.resolve("environ")).split("\0")).containsExactly("LC_ALL=C");
    assertThat(List.of(Files.readString(own.resolve("cmdline")).split("\0")))
        .noneMatch(word -> word.matches("[0-9a-f]{64}"));
  }
}
