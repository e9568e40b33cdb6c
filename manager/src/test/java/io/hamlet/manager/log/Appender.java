package io.hamlet.manager.log;

import io.hamlet.core.recovery.Entry;
import io.hamlet.core.recovery.HamState;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A process that appends as fast as it can until it is killed. What it has acknowledged it stores
 * in two words of a mapped file: first LOCAL, then DURABLE.
 */
final class Appender {
  private Appender() {}

  public static void main(String[] args) throws IOException {
    Path directory = Path.of(args[0]);
    long epoch = Long.parseLong(args[1]);
    var acknowledged =
        FileChannel.open(
                directory.resolve("acknowledged"),
                StandardOpenOption.CREATE,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE)
            .map(FileChannel.MapMode.READ_WRITE, 0, 16, Arena.global());
    LogStore store = LogStore.open(config(directory, args[2]));
    HamState state = Histories.replay(store.recovered());
    LogJournal journal = store.begin(1, epoch, state);
    journal.onDurable(index -> acknowledged.set(Words.LONG, 8, index));
    for (long index = state.last().index() + 1; ; index++) {
      Entry entry = Histories.entry(1, epoch, index);
      state = Histories.apply(state, entry);
      while (!journal.hasRoom()) {
        Thread.onSpinWait();
      }
      journal.append(entry, state);
      journal.flush();
      acknowledged.set(Words.LONG, 0, index);
    }
  }

  static LogStore.Config config(Path directory, String boot) {
    LogStore.Config c = Histories.small(directory, boot);
    return new LogStore.Config(
        c.node(), boot, c.liveDir(), c.stateDir(), c.limits(), 256 * 1024, 1024 * 1024, 4, 4);
  }
}
