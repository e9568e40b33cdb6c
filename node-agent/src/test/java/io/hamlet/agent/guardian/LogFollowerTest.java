package io.hamlet.agent.guardian;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hamlet.core.model.EntryId;
import io.hamlet.core.model.Limits;
import io.hamlet.core.model.Moment;
import io.hamlet.core.recovery.Entry;
import io.hamlet.core.recovery.HamEvent;
import io.hamlet.core.recovery.HamMachine;
import io.hamlet.core.recovery.HamState;
import io.hamlet.core.recovery.Step;
import io.hamlet.manager.log.LogJournal;
import io.hamlet.manager.log.LogStore;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A Guardian that reads more slowly than its HAM writes, with a log of a few small segments. */
class LogFollowerTest {
  @TempDir Path directory;
  private LogStore.Config config;

  @BeforeEach
  void begin() throws IOException {
    config =
        new LogStore.Config(
            "one",
            "boot",
            directory.resolve("live"),
            directory.resolve("state"),
            Limits.DEFAULT,
            16 * 1024,
            64 * 1024,
            8,
            8);
    write(1, 10);
  }

  /** Found in review: it was told of a gap, and the pair was lost where a takeover was due. */
  @Test
  void whoWasLeftFarBehindReadsTheLastOfTheDeadAllTheSame() throws IOException {
    try (LogFollower follower = LogFollower.open(config.liveDir())) {
      HamState last = write(2, 20_000);
      follower.finish();
      assertThat(follower.state()).isEqualTo(last);
    }
  }

  @Test
  void whoWasLeftFarBehindWhileItFollowedGoesOn() throws IOException {
    try (LogFollower follower = LogFollower.open(config.liveDir())) {
      follower.follow();
      HamState last = write(2, 20_000);
      follower.follow();
      follower.finish();
      assertThat(follower.state()).isEqualTo(last);
      assertThat(follower.follow()).isZero();
    }
  }

  private HamState write(long epoch, int entries) throws IOException {
    try (LogStore store = LogStore.open(config)) {
      HamState state = store.recovered().snapshot();
      for (Entry entry : store.recovered().entries()) {
        state = HamMachine.apply(state, entry).state();
      }
      long last = state.last().index() + entries;
      try (LogJournal journal = store.begin(1, epoch, state)) {
        while (state.last().index() < last) {
          boolean quorate = !state.sam().quorate();
          Entry entry =
              new Entry(
                  new EntryId(1, epoch, state.last().index() + 1),
                  Moment.ZERO,
                  new HamEvent.QuorumChanged(quorate));
          Step step = HamMachine.apply(state, entry);
          assertThat(step.changed()).isTrue();
          state = step.state();
          journal.flush();
          await().pollInterval(Duration.ofMillis(1)).until(journal::hasRoom);
          journal.append(entry, state);
        }
        journal.flush();
        await().until(() -> journal.durableIndex() == last);
      }
      return state;
    }
  }
}
