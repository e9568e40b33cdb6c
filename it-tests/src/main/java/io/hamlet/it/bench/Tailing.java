package io.hamlet.it.bench;

import io.hamlet.agent.guardian.LogFollower;
import io.hamlet.core.model.EntryId;
import io.hamlet.core.model.Limits;
import io.hamlet.core.model.Moment;
import io.hamlet.core.recovery.Entry;
import io.hamlet.core.recovery.HamEvent;
import io.hamlet.core.recovery.HamState;
import io.hamlet.manager.log.LogJournal;
import io.hamlet.manager.log.LogStore;
import io.hamlet.manager.runtime.Replay;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * What a Guardian that reads the live log costs whoever appends to it: batches of appends with and
 * without a reader, in turn. The reader is in a process of its own, as a Guardian is, and looks
 * without a pause, which a Guardian never does. Prints batches, and the median nanoseconds of one
 * append without and with it.
 */
final class Tailing {
  private static final int BATCH = 500;
  private static final int WARM_UP = 50;

  private final LogJournal journal;
  private final Path live;
  private HamState state;

  private Tailing(LogJournal journal, Path live, HamState state) {
    this.journal = journal;
    this.live = live;
    this.state = state;
  }

  /** Reads until it is killed. */
  static final class Reader {
    public static void main(String[] args) throws IOException {
      try (LogFollower follower = LogFollower.open(Path.of(args[0]))) {
        for (boolean told = false; ; told = true) {
          follower.follow();
          if (!told) {
            System.out.println("reads");
          }
        }
      }
    }
  }

  /**
   * @param args a directory on disk, one in memory, how many batches of each kind
   */
  public static void main(String[] args) throws Exception {
    Path live = Files.createDirectories(Path.of(args[1]));
    int count = Integer.parseInt(args[2]);
    LogStore.Config config =
        LogStore.Config.of("bench", "boot", live, Path.of(args[0]), Limits.DEFAULT);
    HamState empty = HamState.empty("bench", Limits.DEFAULT);
    try (LogStore store = LogStore.open(config);
        LogJournal journal = store.begin(1, 1, empty)) {
      Tailing tailing = new Tailing(journal, live, empty);
      tailing.batches(WARM_UP);
      long[] alone = new long[count];
      long[] tailed = new long[count];
      // In turn, so that whatever else the machine does falls on both.
      for (int done = 0; done < count; done += WARM_UP) {
        int some = Math.min(WARM_UP, count - done);
        System.arraycopy(tailing.batches(some), 0, alone, done, some);
        System.arraycopy(tailing.tailed(some), 0, tailed, done, some);
      }
      System.out.printf("%d %d %d%n", count, median(alone), median(tailed));
    }
  }

  private long[] tailed(int count) throws Exception {
    Process reader =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElseThrow(),
                "-cp",
                System.getProperty("java.class.path"),
                Reader.class.getName(),
                live.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try {
      if (!"reads".equals(reader.inputReader().readLine())) {
        throw new IOException("the reader cannot read");
      }
      return batches(count);
    } finally {
      reader.destroyForcibly().waitFor();
    }
  }

  /** Nanoseconds of one append, by batch; between them the disk may catch up. */
  private long[] batches(int count) throws InterruptedException {
    long[] nanos = new long[count];
    for (int i = 0; i < count; i++) {
      Entry[] entries = new Entry[BATCH];
      HamState[] states = new HamState[BATCH];
      for (int n = 0; n < BATCH; n++) {
        entries[n] = entry(state.last().index() + 1);
        state = Replay.of(state, List.of(entries[n]), Replay.history(state));
        states[n] = state;
      }
      long begin = System.nanoTime();
      for (int n = 0; n < BATCH; n++) {
        journal.append(entries[n], states[n]);
      }
      nanos[i] = (System.nanoTime() - begin) / BATCH;
      journal.flush();
      while (journal.durableIndex() < state.last().index()) {
        Thread.sleep(1);
      }
    }
    return nanos;
  }

  /** Each changes the state, as all that is logged does. */
  private static Entry entry(long index) {
    return new Entry(
        new EntryId(1, 1, index),
        new Moment(index * 1000, index),
        new HamEvent.GuardianChanged(index, false));
  }

  private static long median(long[] nanos) {
    Arrays.sort(nanos);
    return nanos[nanos.length / 2];
  }
}
