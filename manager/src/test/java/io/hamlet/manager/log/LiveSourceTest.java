package io.hamlet.manager.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.core.recovery.HamState;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a replica that is behind is fed from the live log. */
class LiveSourceTest {
  @TempDir Path directory;

  @Test
  void whoIsBehindReadsOnInTheNextReign() throws IOException {
    LogStore.Config config = Histories.plain(directory, Histories.BOOT);
    HamState first = LogStoreTest.reign(config, 1, Histories.empty(), 30);
    LogSource source = LogSource.live(config.liveDir());
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
    LogSource source = LogSource.live(config.liveDir());
    List<Mark> old = marks(source, source.snapshot().mark());
    LogStoreTest.reign(config, 2, first, 5);
    assertThat(marks(source, old.getLast())).hasSize(5);
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
