package io.hamlet.manager.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.hamlet.core.recovery.Entry;
import io.hamlet.core.recovery.HamState;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a follower of a live log sees. */
class LiveLogReaderTest {
  @TempDir Path directory;

  @Test
  void followsAWriterOverManySegmentsWhileItWrites() throws Exception {
    LogStore.Config config = Histories.small(directory, Histories.BOOT);
    try (LogStore store = LogStore.open(config);
        LogJournal journal = store.begin(1, 1, Histories.empty());
        LiveLogReader reader = LiveLogReader.open(config.liveDir())) {
      AtomicLong read = new AtomicLong();
      Thread writer =
          Thread.ofPlatform()
              .start(
                  () -> {
                    HamState state = Histories.empty();
                    for (int i = 1; i <= 100; i++) {
                      // Removed segments are a gap to a reader; this one is never that far behind.
                      long slowest = state.last().index() - 200;
                      await().pollInterval(Duration.ofMillis(1)).until(() -> read.get() >= slowest);
                      state = Histories.append(journal, state, 1, i * 50L);
                    }
                  });
      HamState state = reader.start();
      while (state.last().index() < 5000) {
        Entry entry = reader.next();
        if (entry != null) {
          state = Histories.apply(state, entry);
          read.set(state.last().index());
        }
      }
      writer.join();
      assertThat(reader.next()).isNull();
      assertThat(reader.index()).isEqualTo(5000);
    }
  }

  @Test
  void aFollowerBecomesTheWriterWithoutReadingAnythingAgain() throws IOException {
    LogStore.Config config = Histories.plain(directory, Histories.BOOT);
    HamState first = LogStoreTest.reign(config, 1, Histories.empty(), 30);
    HamState second;
    try (LiveLogReader reader = LiveLogReader.openOldest(config.liveDir())) {
      HamState state = follow(reader, reader.start());
      assertThat(reader.goOn()).isFalse();
      try (LogStore store = LogStore.succeed(config, reader, state, () -> false)) {
        assertThat(store.recovered().snapshot()).isEqualTo(first);
        assertThat(store.recovered().epoch()).isEqualTo(1);
        try (LogJournal journal = store.begin(1, 2, state)) {
          second = Histories.append(journal, state, 2, 60);
        }
      }
    }
    LogStoreTest.reign(config, 3, second, 0);
    LogStoreTest.reign(Histories.plain(directory, "another boot"), 4, second, 0);
  }

  @Test
  void whatASuccessorWritesBeforeTheDiskIsLookedAtGetsThereLater() throws IOException {
    LogStore.Config config = Histories.plain(directory, Histories.BOOT);
    LogStoreTest.reign(config, 1, Histories.empty(), 30);
    HamState second;
    try (LiveLogReader reader = LiveLogReader.openOldest(config.liveDir())) {
      HamState state = follow(reader, reader.start());
      try (LogStore store = LogStore.succeed(config, reader, state, () -> false);
          LogJournal journal = store.ready(1, 2, state)) {
        second = Histories.append(journal, state, 2, 60);
        assertThat(journal.durableIndex()).isZero();
        journal.start();
        await().until(() -> journal.durableIndex() == 60);
      }
    }
    LogStoreTest.reign(Histories.plain(directory, "another boot"), 3, second, 0);
  }

  @Test
  void aSuccessorGoesOnInTheSegmentThatTheDeadOneHadAtHand() throws IOException {
    LogStore.Config config = Histories.plain(directory, Histories.BOOT);
    LogStoreTest.reign(config, 1, Histories.empty(), 30);
    long next = newest(config) + 1;
    Segment.allocate(live(config).segment(next), next, config.segmentBytes()).close();
    HamState second = succeed(config, 2);
    assertThat(newest(config)).isEqualTo(next);
    LogStoreTest.reign(config, 3, second, 0);
    LogStoreTest.reign(Histories.plain(directory, "another boot"), 4, second, 0);
  }

  @Test
  void oneThatTheDeadOneDidNotComeToFinishIsNotUsed() throws IOException {
    LogStore.Config config = Histories.plain(directory, Histories.BOOT);
    LogStoreTest.reign(config, 1, Histories.empty(), 30);
    long next = newest(config) + 1;
    Segment.allocate(live(config).segment(next), next, config.segmentBytes() / 2).close();
    HamState second = succeed(config, 2);
    assertThat(newest(config)).isEqualTo(next + 1);
    LogStoreTest.reign(config, 3, second, 0);
  }

  private static HamState succeed(LogStore.Config config, long epoch) throws IOException {
    try (LiveLogReader reader = LiveLogReader.openOldest(config.liveDir())) {
      HamState state = follow(reader, reader.start());
      try (LogStore store = LogStore.succeed(config, reader, state, () -> false);
          LogJournal journal = store.begin(1, epoch, state)) {
        HamState after = Histories.append(journal, state, epoch, 60);
        await().until(() -> journal.durableIndex() == 60);
        return after;
      }
    }
  }

  private static LogDirectory live(LogStore.Config config) {
    return new LogDirectory(config.liveDir());
  }

  private static long newest(LogStore.Config config) throws IOException {
    return live(config).segments().getLast();
  }

  /** Somebody reigned and died between the end of the reading and the taking of the locks. */
  @Test
  void whoHasNotReadAllDoesNotSucceed() throws IOException {
    LogStore.Config config = Histories.plain(directory, Histories.BOOT);
    HamState first = LogStoreTest.reign(config, 1, Histories.empty(), 30);
    try (LiveLogReader reader = LiveLogReader.openOldest(config.liveDir())) {
      HamState state = follow(reader, reader.start());
      HamState second = LogStoreTest.reign(config, 2, first, 30);

      assertThatThrownBy(() -> LogStore.succeed(config, reader, state, () -> false))
          .isInstanceOf(StateUnreadable.class)
          .hasMessageContaining("another manager");
      // The locks are free again, and nothing was changed.
      LogStoreTest.reign(config, 3, second, 0);
    }
  }

  @Test
  void goesOnWithTheSuccessorOfItsWriter() throws IOException {
    LogStore.Config config = Histories.plain(directory, Histories.BOOT);
    HamState first = LogStoreTest.reign(config, 1, Histories.empty(), 30);
    try (LiveLogReader reader = LiveLogReader.open(config.liveDir())) {
      HamState state = follow(reader, reader.start());
      assertThat(state).isEqualTo(first);
      assertThat(reader.goOn()).isFalse();
      HamState second = LogStoreTest.reign(config, 2, first, 30);

      assertThat(reader.next()).isNull();
      assertThat(reader.goOn()).isTrue();
      assertThat(reader.epoch()).isEqualTo(2);
      assertThat(follow(reader, state)).isEqualTo(second);
    }
  }

  @Test
  void aReaderThatStaysBehindTooFarIsToldSo() throws IOException {
    LogStore.Config config = Histories.small(directory, Histories.BOOT);
    HamState first = LogStoreTest.reign(config, 1, Histories.empty(), 10);
    try (LiveLogReader reader = LiveLogReader.open(config.liveDir())) {
      LogStoreTest.reign(config, 2, first, 20_000);

      assertThatThrownBy(
              () -> {
                while (reader.next() != null || reader.goOn()) {
                  assertThat(reader.index()).isLessThan(20_010);
                }
              })
          .isInstanceOf(LiveLogReader.Gap.class)
          .hasMessageStartingWith("the log goes on after entry");
    }
    try (LiveLogReader reader = LiveLogReader.open(config.liveDir())) {
      assertThat(follow(reader, reader.start()).last().index()).isEqualTo(20_010);
    }
  }

  @Test
  void anEmptyDirectoryIsNoLog() {
    assertThatThrownBy(() -> LiveLogReader.open(directory))
        .isInstanceOf(StateUnreadable.class)
        .hasMessageStartingWith("there is no live log to follow in");
  }

  private static HamState follow(LiveLogReader reader, HamState from) throws IOException {
    HamState state = from;
    for (Entry entry = reader.next(); entry != null; entry = reader.next()) {
      state = Histories.apply(state, entry);
    }
    return state;
  }
}
