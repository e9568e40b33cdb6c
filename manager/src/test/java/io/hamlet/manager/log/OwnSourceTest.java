package io.hamlet.manager.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.core.recovery.HamState;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a replica that is behind is fed from the log of its writer. */
class OwnSourceTest {
  @TempDir Path directory;

  @Test
  void whoIsBehindReadsOnInTheNextReign() throws IOException {
    LogStore.Config config = Histories.plain(directory, Histories.BOOT);
    HamState first = LogStoreTest.reign(config, 1, Histories.empty(), 30);
    LogSource source = source(config);
    Mark behind = marks(source, source.snapshot().mark()).get(9);
    LogStoreTest.reign(config, 2, first, 20);

    List<Mark> all = marks(source, behind);
    assertThat(all).hasSize(40);
    assertThat(all.getFirst().index()).isEqualTo(11);
    assertThat(all.getLast().index()).isEqualTo(50);
    for (Mark each : all) {
      assertThat(marks(source, each)).hasSize((int) (50 - each.index()));
    }
  }

  @Test
  void whoHasNothingElseThanTheFirstReignGetsTheSecond() throws IOException {
    LogStore.Config config = Histories.plain(directory, Histories.BOOT);
    HamState first = LogStoreTest.reign(config, 1, Histories.empty(), 30);
    LogSource source = source(config);
    List<Mark> old = marks(source, source.snapshot().mark());
    LogStoreTest.reign(config, 2, first, 5);
    assertThat(marks(source, old.getLast())).hasSize(5);
  }

  @Test
  void whoIsBehindAnOrderlyStopIsToldEntryByEntry() throws IOException {
    LogStore.Config config = Histories.plain(directory, Histories.BOOT);
    HamState first = LogStoreTest.reign(config, 1, Histories.empty(), 30);
    LogSource source = source(config);
    List<Mark> old = marks(source, source.snapshot().mark());
    new LogDirectory(config.liveDir()).wipe();
    LogStoreTest.reign(config, 2, first, 20);

    for (Mark each : old) {
      assertThat(marks(source, each)).hasSize((int) (50 - each.index()));
    }
    assertThat(source.beginnings()).contains(old.getLast());
  }

  @Test
  void whoHasGoneAnotherWayBehindAnOrderlyStopIsToldWhere() throws IOException {
    LogStore.Config config = Histories.plain(directory, Histories.BOOT);
    HamState first = LogStoreTest.reign(config, 1, Histories.empty(), 30);
    LogSource source = source(config);
    Mark begin = source.snapshot().mark();
    Mark join = marks(source, begin).getLast();
    new LogDirectory(config.liveDir()).wipe();
    LogStoreTest.reign(config, 2, first, 20);

    assertThat(source.after(new Mark(20, 4711))).isNull();
    assertThat(source.after(new Mark(30, 4711))).isNull();
    assertThat(source.beginnings()).containsSequence(begin, join);
  }

  private static LogSource source(LogStore.Config config) {
    return LogSource.own(config.liveDir(), config.stateDir().resolve("log"));
  }

  private static List<Mark> marks(LogSource source, Mark after) throws IOException {
    List<Mark> marks = new ArrayList<>();
    LogCursor cursor = source.after(after);
    assertThat(cursor).as("behind %s", after).isNotNull();
    try (cursor) {
      for (LogPiece p = cursor.next(); p != null; p = cursor.next()) {
        marks.add(p.mark());
      }
    }
    return marks;
  }
}
