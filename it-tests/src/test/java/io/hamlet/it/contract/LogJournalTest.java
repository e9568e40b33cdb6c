package io.hamlet.it.contract;

import io.hamlet.core.model.Limits;
import io.hamlet.core.recovery.Entry;
import io.hamlet.manager.log.LogJournal;
import io.hamlet.manager.log.LogStore;
import io.hamlet.manager.port.Journal;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

class LogJournalTest extends JournalContract {
  @TempDir Path directory;
  private LogStore store;
  private LogJournal journal;

  @BeforeEach
  void begin() throws IOException {
    store = LogStore.open(config());
    journal = store.begin(1, 1, EMPTY);
  }

  @AfterEach
  void end() {
    journal.close();
    store.close();
  }

  @Override
  protected Journal journal() {
    return journal;
  }

  @Override
  protected List<Entry> survivors() throws IOException {
    end();
    try (LogStore successor = LogStore.open(config())) {
      return successor.recovered().entries();
    }
  }

  private LogStore.Config config() {
    return LogStore.Config.of(
        "n1", "boot-1", directory.resolve("live"), directory.resolve("state"), Limits.DEFAULT);
  }
}
