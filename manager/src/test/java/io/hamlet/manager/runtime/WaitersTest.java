package io.hamlet.manager.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.core.model.RequestId;
import io.hamlet.core.recovery.Reply;
import io.hamlet.manager.port.Ack;
import io.hamlet.manager.port.AckLevels;
import io.hamlet.manager.port.Requests.Answered;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class WaitersTest {
  private static final Duration LONG = Duration.ofMinutes(5);

  private final Disks disks = new Disks();
  private final Waiters waiters = new Waiters(disks);
  private long sequence;

  @Test
  void localIsAnsweredWithoutTheDisk() {
    assertThat(asked(Ack.LOCAL, LONG, 7))
        .isCompletedWithValue(new Answered(Reply.OK, Ack.LOCAL, true));
  }

  @Test
  void durableIsAnsweredOnceTheDiskHasIt() {
    CompletableFuture<Answered> seventh = asked(Ack.DURABLE, LONG, 7);
    CompletableFuture<Answered> eighth = asked(null, LONG, 8);
    onDisk(6);
    assertThat(seventh).isNotDone();
    onDisk(7);
    assertThat(seventh).isCompletedWithValue(new Answered(Reply.OK, Ack.DURABLE, true));
    assertThat(eighth).isNotDone();
    onDisk(8);
    assertThat(eighth).isCompletedWithValue(new Answered(Reply.OK, Ack.DURABLE, true));
  }

  @Test
  void whatIsOnDiskAlreadyIsAnsweredAtOnce() {
    onDisk(9);
    assertThat(asked(Ack.DURABLE, LONG, 9)).isDone();
  }

  @Test
  void allThatIsHeldIsGivenAtLast() {
    assertThat(waiters.given()).isDone();
    asked(Ack.DURABLE, LONG, 7);
    asked(null, LONG, 8);
    CompletableFuture<Void> given = waiters.given();
    onDisk(7);
    assertThat(given).isNotDone();
    onDisk(8);
    assertThat(given).isDone();
  }

  @Test
  void whatIsNeverGivenIsNotWaitedForLong() {
    asked(Ack.DURABLE, LONG, 7);
    assertThat(waiters.given()).succeedsWithin(Duration.ofSeconds(30));
  }

  /** The disk's thread and the core meet at each entry, and no later entry wakes anybody. */
  @Test
  void noAnswerIsLeftWhenTheDiskHasEverything() throws Exception {
    AtomicReference<Race> next = new AtomicReference<>();
    Thread log = Thread.ofPlatform().daemon().start(() -> runDisk(next));
    for (int i = 0; i < 50_000; i++) {
      Race race = new Race();
      next.set(race);
      for (long index = 1; index <= Race.ENTRIES; index++) {
        race.entry(index);
      }
      while (!race.ended) {
        Thread.onSpinWait();
      }
      assertThat(race.all).allMatch(CompletableFuture::isDone);
    }
    next.set(Race.END);
    log.join();
  }

  private static void runDisk(AtomicReference<Race> next) {
    Race last = null;
    for (Race race = next.get(); race != Race.END; race = next.get()) {
      if (race == null || race == last) {
        Thread.onSpinWait();
        continue;
      }
      while (race.disks.durable.get() < Race.ENTRIES) {
        race.copy();
      }
      race.ended = true;
      last = race;
    }
  }

  /** A log of a few entries, each with one who waits for the disk. */
  private static final class Race {
    static final int ENTRIES = 4;
    static final Race END = new Race();
    final AtomicLong live = new AtomicLong();
    final Disks disks = new Disks();
    final Waiters waiters = new Waiters(disks);
    final List<CompletableFuture<Answered>> all = new ArrayList<>();
    volatile boolean ended;

    void entry(long index) {
      RequestId id = new RequestId(1, index, 0);
      CompletableFuture<Answered> future = new CompletableFuture<>();
      waiters.add(id, new Waiters.Waiter(future, Ack.DURABLE, LONG));
      all.add(future);
      live.set(index);
      waiters.answer(id, Reply.OK, index, true);
    }

    void copy() {
      long newest = live.get();
      if (newest > disks.durable.get()) {
        disks.durable.set(newest);
        waiters.risen();
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"REPLICA", "MAJORITY"})
  void whatNeedsAnotherVoterIsToldWhenTheDiskHasIt(Ack wanted) {
    CompletableFuture<Answered> future = asked(wanted, LONG, 3);
    assertThat(future).isNotDone();
    onDisk(3);
    assertThat(future).isCompletedWithValue(new Answered(Reply.OK, Ack.DURABLE, false));
  }

  @ParameterizedTest
  @EnumSource(names = {"DURABLE", "REPLICA", "MAJORITY"})
  void whenTheTimeIsOverTheChangeStandsAndTheReplySaysHowFarItGot(Ack wanted) throws Exception {
    assertThat(asked(wanted, Duration.ofMillis(1), 3).get(1, TimeUnit.MINUTES))
        .isEqualTo(new Answered(Reply.OK, Ack.LOCAL, false));
  }

  @Test
  void theUsualLevelIsAnotherVotersDiskWhereThereIsOne() {
    onReplica(0);
    CompletableFuture<Answered> usual = asked(null, LONG, 3);
    CompletableFuture<Answered> durable = asked(Ack.DURABLE, LONG, 3);
    onDisk(3);
    assertThat(durable).isCompletedWithValue(new Answered(Reply.OK, Ack.DURABLE, true));
    assertThat(usual).isNotDone();
    onReplica(3);
    assertThat(usual).isCompletedWithValue(new Answered(Reply.OK, Ack.REPLICA, true));
  }

  @Test
  void anotherVotersDiskAloneIsNotEnough() {
    onReplica(9);
    CompletableFuture<Answered> asked = asked(Ack.REPLICA, LONG, 3);
    assertThat(asked).isNotDone();
    onDisk(3);
    assertThat(asked).isCompletedWithValue(new Answered(Reply.OK, Ack.REPLICA, true));
  }

  @Test
  void whenTheLastOtherVoterLeavesItsLevelIsWaitedForNoMore() {
    onReplica(0);
    CompletableFuture<Answered> usual = asked(null, LONG, 3);
    CompletableFuture<Answered> wanted = asked(Ack.REPLICA, LONG, 3);
    onDisk(3);
    assertThat(usual).isNotDone();
    onReplica(AckLevels.NEVER);
    assertThat(usual).isCompletedWithValue(new Answered(Reply.OK, Ack.DURABLE, true));
    assertThat(wanted).isCompletedWithValue(new Answered(Reply.OK, Ack.DURABLE, false));
  }

  @Test
  void aUsualLevelThatIsNotReachedIsNotWaitedForTillTheEndOfTheCall() throws Exception {
    onReplica(0);
    onDisk(3);
    assertThat(asked(null, LONG, 3).get(1, TimeUnit.MINUTES))
        .isEqualTo(new Answered(Reply.OK, Ack.DURABLE, false));
  }

  @Test
  void aRepetitionTakesThePlaceOfTheEarlierCall() {
    RequestId id = new RequestId(1, 1, 0);
    List<CompletableFuture<Answered>> calls = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      calls.add(new CompletableFuture<>());
      waiters.add(id, new Waiters.Waiter(calls.getLast(), Ack.LOCAL, LONG));
    }
    assertThat(calls.stream().filter(c -> !c.isDone())).hasSize(1);
    assertThat(calls.getFirst().join().reply()).isInstanceOf(Reply.No.class);
    waiters.answer(id, Reply.OK, 1, true);
    assertThat(calls.getLast().join().reply()).isEqualTo(Reply.OK);
  }

  private CompletableFuture<Answered> asked(Ack wanted, Duration timeout, long index) {
    CompletableFuture<Answered> future = new CompletableFuture<>();
    RequestId id = new RequestId(1, ++sequence, 0);
    waiters.add(id, new Waiters.Waiter(future, wanted, timeout));
    waiters.answer(id, Reply.OK, index, true);
    return future;
  }

  private void onDisk(long index) {
    disks.durable.set(index);
    waiters.risen();
  }

  private void onReplica(long index) {
    disks.replica.set(index);
    waiters.risen();
  }

  /** How far each level is, as the test says. */
  private static final class Disks implements AckLevels {
    final AtomicLong durable = new AtomicLong();
    final AtomicLong replica = new AtomicLong(NEVER);

    @Override
    public Ack usual() {
      return replica.get() == NEVER ? Ack.DURABLE : Ack.REPLICA;
    }

    @Override
    public long reached(Ack level) {
      return switch (level) {
        case LOCAL -> Long.MAX_VALUE;
        case DURABLE -> durable.get();
        case REPLICA -> Math.min(durable.get(), replica.get());
        case MAJORITY -> NEVER;
      };
    }

    @Override
    public void onChange(Runnable listener) {
      throw new AssertionError("the test calls");
    }
  }
}
