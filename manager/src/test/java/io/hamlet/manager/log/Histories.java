package io.hamlet.manager.log;

import static org.awaitility.Awaitility.await;

import io.hamlet.core.model.EntryId;
import io.hamlet.core.model.Limits;
import io.hamlet.core.model.Moment;
import io.hamlet.core.model.Name;
import io.hamlet.core.recovery.Entry;
import io.hamlet.core.recovery.HamEvent;
import io.hamlet.core.recovery.HamState;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A machine that a log can be tested with: the state after entry i says so in {@code last} and
 * {@code verbosity}, so a wrong replay is seen.
 */
final class Histories {
  static final String NODE = "n1";
  static final String BOOT = "boot-1";

  private Histories() {}

  static HamState empty() {
    return HamState.empty(NODE, Limits.DEFAULT);
  }

  /** An entry whose event depends on its index. */
  static Entry entry(long incarnation, long epoch, long index) {
    return new Entry(
        new EntryId(incarnation, epoch, index),
        new Moment(index * 1000, index),
        new HamEvent.BeatsMissed(new Name("e" + index % 7), index, epoch, index % 2 == 0, 3));
  }

  static HamState apply(HamState s, Entry entry) {
    if (entry.id().index() != s.last().index() + 1) {
      throw new AssertionError(entry.id() + " after " + s.last());
    }
    return new HamState(
        s.node(),
        s.boot(),
        entry.id(),
        s.told(),
        s.nextUid(),
        s.entities(),
        s.global(),
        s.lanes(),
        s.open(),
        s.deadlines(),
        s.clients(),
        s.channels(),
        s.errands(),
        s.sam(),
        s.pair(),
        Long.hashCode(entry.id().index() * 31),
        s.beatsSuspended(),
        s.stopping(),
        s.right(),
        s.granted(),
        s.limits());
  }

  static HamState replay(LogStore.Recovered recovered) {
    HamState state = recovered.snapshot();
    for (Entry entry : recovered.entries()) {
      state = apply(state, entry);
    }
    return state;
  }

  /** Appends entries up to an index and returns the state they lead to. */
  static HamState append(LogJournal journal, HamState from, long epoch, long upTo) {
    HamState state = from;
    for (long i = from.last().index() + 1; i <= upTo; i++) {
      Entry entry = entry(1, epoch, i);
      state = apply(state, entry);
      awaitRoom(journal);
      journal.append(entry, state);
    }
    journal.flush();
    return state;
  }

  /** What the loop does before it takes a request. */
  static void awaitRoom(LogJournal journal) {
    journal.flush();
    if (!journal.hasRoom()) {
      await().pollInterval(Duration.ofMillis(1)).until(journal::hasRoom);
    }
  }

  /** Small segments and frequent snapshots, so that few entries meet all of it. */
  static LogStore.Config small(Path directory, String boot) {
    return new LogStore.Config(
        NODE,
        boot,
        directory.resolve("live"),
        directory.resolve("state"),
        Limits.DEFAULT,
        16 * 1024,
        64 * 1024,
        8,
        8);
  }

  /** As {@link #small}, without snapshots but the first. */
  static LogStore.Config plain(Path directory, String boot) {
    return new LogStore.Config(
        NODE,
        boot,
        directory.resolve("live"),
        directory.resolve("state"),
        Limits.DEFAULT,
        16 * 1024,
        Integer.MAX_VALUE,
        8,
        8);
  }

  /** The indexes of some entries. */
  static List<Long> indexes(List<Entry> entries) {
    List<Long> indexes = new ArrayList<>();
    entries.forEach(entry -> indexes.add(entry.id().index()));
    return indexes;
  }
}
