package io.hamlet.agent.leash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hamlet.agent.os.Kernel;
import io.hamlet.core.model.ProcessId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A HAM and its leash: made, adopted, told what to cover, replaced. */
class LeashTest {
  private static final long INCARNATION = Yard.INCARNATION;

  @TempDir Path directory;
  private final List<Leash> opened = new ArrayList<>();
  private final List<LeashRecord> made = new CopyOnWriteArrayList<>();
  private final List<Long> pages = new CopyOnWriteArrayList<>();
  private final AtomicInteger turns = new AtomicInteger();
  private Yard yard;

  @BeforeEach
  void fence() throws IOException {
    yard = new Yard(directory);
  }

  @AfterEach
  void clear() throws IOException {
    opened.forEach(Leash::close);
    if (yard != null) {
      yard.close();
    }
  }

  /** As a HAM has it; each hash is committed at once. */
  private Leash ham() throws IOException {
    Leash.Place place =
        new Leash.Place(
            Yard.NODE, yard.cordon, directory.resolve("leash"), Duration.ofSeconds(20).toNanos());
    Leash leash = new Leash(yard.kernel, place, pages::add, new Commits());
    opened.add(leash);
    leash.voters(List.of(yard.voterAddress()));
    return leash;
  }

  /** What is made is committed at once. */
  private final class Commits implements Leash.Listener {
    @Override
    public void made(LeashRecord record) {
      commit(record);
    }

    @Override
    public void turned() {
      turns.incrementAndGet();
    }
  }

  private void commit(LeashRecord record) {
    yard.voter.desk().leashed(Yard.NODE, record.incarnation(), record.generation(), record.hash());
    made.add(record);
  }

  private LeashRecord awaitLeash(int nth) {
    await().atMost(Yard.PATIENCE).until(() -> made.size() >= nth);
    return made.get(nth - 1);
  }

  private static void awaitCovered(Leash leash, long deadline) {
    await()
        .atMost(Yard.PATIENCE)
        .until(() -> leash.standing() != null && leash.standing().deadline() == deadline);
  }

  @Test
  void itStandsWhenItIsMade() throws IOException {
    Leash leash = ham();
    assertThat(leash.standing()).isNull();
    leash.begin(INCARNATION);
    LeashRecord record = awaitLeash(1);
    assertThat(leash.standing()).isEqualTo(new Leash.Standing(record, Leash.NOTHING));
    assertThat(LeashRecord.read(directory.resolve("leash"))).isEqualTo(record);
    leash.begin(INCARNATION);
    long deadline = yard.in(Duration.ofSeconds(10));
    leash.cover(deadline);
    awaitCovered(leash, deadline);
    assertThat(made).hasSize(1);
    assertThat(pages).containsExactly(record.generation());
    leash.cover(deadline + 1);
    leash.cover(Leash.NOTHING);
    awaitCovered(leash, Leash.NOTHING);
    await().atMost(Yard.PATIENCE).until(() -> turns.get() == 2);
  }

  @Test
  void killedItIsReplaced() throws IOException {
    Leash leash = ham();
    leash.begin(INCARNATION);
    LeashRecord first = awaitLeash(1);
    long deadline = yard.in(Duration.ofSeconds(10));
    leash.cover(deadline);
    awaitCovered(leash, deadline);
    yard.kernel.kill(first.process().pid(), Kernel.SIGKILL);
    LeashRecord second = awaitLeash(2);
    assertThat(second.generation()).isGreaterThan(first.generation());
    assertThat(second.hash()).isNotEqualTo(first.hash());
    awaitCovered(leash, deadline);
    assertThat(leash.standing().record()).isEqualTo(second);
    assertThat(yard.heard).isEmpty();
  }

  @Test
  void stoppedItIsReplacedBeforeItCanBlockAnybody() throws IOException {
    Leash leash = ham();
    leash.begin(INCARNATION);
    LeashRecord first = awaitLeash(1);
    yard.stop(first.process().pid());
    await()
        .atMost(Yard.PATIENCE)
        .until(
            () -> {
              leash.cover(yard.in(Duration.ofSeconds(10)));
              return made.size() > 1;
            });
    assertThat(yard.lives(first.process().pid())).isFalse();
  }

  @Test
  void aSuccessorGoesOnWithIt() throws IOException {
    Leash before = ham();
    before.begin(INCARNATION);
    LeashRecord first = awaitLeash(1);
    Leash after = ham();
    after.begin(INCARNATION);
    assertThat(awaitLeash(2)).isEqualTo(first);
    long deadline = yard.in(Duration.ofSeconds(10));
    after.cover(deadline);
    awaitCovered(after, deadline);
    assertThat(yard.lives(first.process().pid())).isTrue();
  }

  @Test
  void anotherStartOfTheNodeEndsTheOneOfTheLast() throws IOException {
    LeashMaker.Made last = yard.leash();
    new LeashRecord(last.process(), INCARNATION, 1, "0".repeat(64))
        .write(directory.resolve("leash"));
    ham().begin(INCARNATION + 1);
    assertThat(awaitLeash(1).incarnation()).isEqualTo(INCARNATION + 1);
    assertThat(yard.lives(last.process().pid())).isFalse();
  }

  @Test
  void oneThatNobodyRemembersIsEnded() throws IOException {
    LeashMaker.Made lost = yard.leash();
    ham().begin(INCARNATION);
    awaitLeash(1);
    assertThat(yard.lives(lost.process().pid())).isFalse();
  }

  @Test
  void whatEarlierPairsLeftIsRemovedIfItIsEmpty() throws IOException {
    Path empty = Files.createDirectory(yard.root.resolve("pair-0"));
    Path full = Files.createDirectory(yard.root.resolve("pair-2"));
    yard.entity(full, "sleep 1000");
    ham().begin(INCARNATION);
    awaitLeash(1);
    assertThat(empty).doesNotExist();
    assertThat(full).exists();
    assertThat(yard.cordon.pair()).exists();
  }

  @Test
  void aReinLeadsOnlyToTheVeryProcess() {
    LeashMaker.Made leash = yard.leash();
    ProcessId it = leash.process();
    assertThat(Rein.to(yard.kernel, new ProcessId(it.pid(), it.startTime() + 1))).isNull();
    try (Rein second = Rein.to(yard.kernel, it)) {
      assertThat(second).isNotNull();
      leash.rein().close();
      assertThat(second.say("V")).isTrue();
      yard.awaitRead(second);
      assertThat(yard.heard).isEmpty();
    }
    yard.awaitDead(it.pid());
    assertThat(Rein.to(yard.kernel, it)).isNull();
  }

  @Test
  void closedItLeavesNothing() throws IOException {
    Leash leash = ham();
    leash.begin(INCARNATION);
    LeashRecord record = awaitLeash(1);
    leash.cover(Long.MAX_VALUE);
    leash.close();
    assertThat(yard.lives(record.process().pid())).isFalse();
    assertThat(yard.heard).isEmpty();
  }

  @Test
  void aDamagedRecordIsNone() throws IOException {
    Path file = directory.resolve("leash");
    assertThat(LeashRecord.read(file)).isNull();
    Files.writeString(file, "hamlet leash 1\npid 12 x\n");
    assertThat(LeashRecord.read(file)).isNull();
    ham().begin(INCARNATION);
    assertThat(awaitLeash(1)).isEqualTo(LeashRecord.read(file));
  }
}
