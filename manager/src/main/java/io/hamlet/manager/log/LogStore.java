package io.hamlet.manager.log;

import io.hamlet.core.model.Limits;
import io.hamlet.core.recovery.Entry;
import io.hamlet.core.recovery.HamState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * Where a node's tree is kept: opened once by each acting HAM, read, and then written. Confined to
 * one thread.
 */
public final class LogStore implements AutoCloseable {
  private final Config config;
  private final List<StateLock> locks;
  private final LogDirectory live;
  private final LogDirectory disk;
  private final boolean liveGoesOn;

  /** Where the log on disk ends; null: not looked at yet, or nothing there. */
  private final Place durable;

  /** Another process read the live log while it was written, and the disk is looked at later. */
  private final boolean followed;

  private final Place end;
  private final Place liveDamage;
  private Recovered recovered;

  /**
   * Where and how.
   *
   * @param node whose tree
   * @param boot names this boot (architecture.md 2)
   * @param liveDir in tmpfs
   * @param stateDir on disk; the log is in {@code log/} below it
   * @param limits of a tree that begins here
   * @param segmentBytes of a segment of the live log
   * @param snapshotBytes of log after which a snapshot is taken, if the last was not bigger
   * @param roomSegments not yet on disk, from which on requests are refused
   * @param reserveSegments beyond those, for recovery
   */
  public record Config(
      String node,
      String boot,
      Path liveDir,
      Path stateDir,
      Limits limits,
      int segmentBytes,
      int snapshotBytes,
      int roomSegments,
      int reserveSegments) {
    private static final int MIB = 1024 * 1024;

    public Config {
      if (segmentBytes < 4 * SegmentHeader.BYTES || segmentBytes % 8 != 0) {
        throw new IllegalArgumentException(
            "a segment has at least 4 KiB and a multiple of 8, not " + segmentBytes);
      }
    }

    public static Config of(String node, String boot, Path liveDir, Path stateDir, Limits limits) {
      return new Config(node, boot, liveDir, stateDir, limits, 4 * MIB, 4 * MIB, 8, 8);
    }
  }

  /**
   * What was found.
   *
   * @param snapshot the state to begin with; empty if there was nothing
   * @param entries that lead on from it
   * @param sameBoot the last reign was in this boot, so its processes may live
   * @param incarnation of the last reign, 0 for none
   * @param epoch of the last reign, 0 for none
   * @param findings what was damaged or set aside, for people
   */
  public record Recovered(
      HamState snapshot,
      List<Entry> entries,
      boolean sameBoot,
      long incarnation,
      long epoch,
      List<String> findings) {}

  private LogStore(Config config, List<StateLock> locks, LogDirectory live, LogDirectory disk)
      throws IOException {
    this.config = config;
    this.locks = locks;
    this.live = live;
    this.disk = disk;
    List<String> findings = new ArrayList<>();
    List<SnapshotFile.Snapshot> snapshots = Recovery.snapshots(List.of(disk), findings);
    List<SnapshotFile.Snapshot> all = Recovery.snapshots(List.of(live), findings);
    all.addAll(snapshots);
    all.sort((a, b) -> Long.compare(b.place().mark().index(), a.place().mark().index()));
    this.followed = false;
    Recovery.Found onDisk = Recovery.find(disk, snapshots, true);
    this.durable = onDisk == null ? null : onDisk.end();
    Recovery.Found inMemory = Recovery.find(live, all, false);
    this.liveGoesOn = counts(inMemory, findings);
    Recovery.Found chosen = liveGoesOn ? inMemory : onDisk;
    if (chosen == null) {
      refuseIfThereIsState(findings);
    } else {
      chosen.entries().check();
      findings.addAll(chosen.findings());
    }
    this.end = chosen == null ? new Place(0, 0, Mark.ZERO) : chosen.end();
    this.liveDamage = liveGoesOn ? inMemory.damage() : null;
    this.recovered = recovered(chosen, findings);
  }

  /** Behind a reader that has read the live log to its end. */
  private LogStore(
      Config config,
      List<StateLock> locks,
      LogDirectory live,
      LogDirectory disk,
      LiveLogReader read,
      HamState state) {
    this.config = config;
    this.locks = locks;
    this.live = live;
    this.disk = disk;
    this.followed = true;
    this.durable = null;
    this.liveGoesOn = true;
    this.end = read.place();
    this.liveDamage = null;
    this.recovered =
        new Recovered(state, List.of(), true, read.incarnation(), read.epoch(), List.of());
  }

  /**
   * Takes the directories after the death of the writer whose live log was followed to its end, in
   * the same boot. Nothing is read again: that is what makes a takeover quick. Throws like {@link
   * #open}, and {@link StateUnreadable} when the log goes on behind what was read.
   *
   * @param state what the entries read lead to
   * @param held whether the writer, which never runs again, is not gone and keeps its locks
   */
  public static LogStore succeed(
      Config config, LiveLogReader read, HamState state, BooleanSupplier held) throws IOException {
    long epoch = read.epoch() + 1;
    return taking(
        config,
        directory -> StateLock.takeAfter(directory, epoch, held),
        (locks, live, disk) -> {
          // Only now nobody writes: one more reign may have begun and ended since the last look.
          if (read.next() != null || read.goOn()) {
            throw new StateUnreadable(
                "another manager wrote to " + live.path() + " after this one had read it all");
          }
          return new LogStore(config, locks, live, disk, read, state);
        });
  }

  /**
   * Takes the directories for this process and reads what is there; changes nothing in the log.
   * Throws {@link StateLock.Taken}, {@link StateUnreadable}, and IOException when a directory
   * cannot be made or read.
   */
  public static LogStore open(Config config) throws IOException {
    return taking(
        config, StateLock::take, (locks, live, disk) -> new LogStore(config, locks, live, disk));
  }

  @FunctionalInterface
  private interface Locking {
    StateLock take(Path directory) throws IOException;
  }

  @FunctionalInterface
  private interface Reading {
    LogStore read(List<StateLock> locks, LogDirectory live, LogDirectory disk) throws IOException;
  }

  private static LogStore taking(Config config, Locking locking, Reading reading)
      throws IOException {
    LogDirectory live = new LogDirectory(config.liveDir());
    LogDirectory disk = new LogDirectory(config.stateDir().resolve("log"));
    Files.createDirectories(live.path());
    Files.createDirectories(disk.path());
    List<StateLock> locks = new ArrayList<>();
    try {
      locks.add(locking.take(config.stateDir()));
      locks.add(locking.take(config.liveDir()));
      return reading.read(locks, live, disk);
    } catch (IOException | RuntimeException e) {
      locks.forEach(StateLock::close);
      throw e;
    }
  }

  /** What was found. Null from the beginning of a reign on: it may be large. */
  public Recovered recovered() {
    return recovered;
  }

  /** The live log of this boot was found whole, so nobody can know more. */
  public boolean isWhole() {
    return liveGoesOn && liveDamage == null;
  }

  /** The newest entry that was found. */
  public Mark end() {
    return end.mark();
  }

  /** The live log counts only if it is of this boot and reaches as far as the durable one. */
  private boolean counts(Recovery.Found inMemory, List<String> findings) {
    if (inMemory == null) {
      return false;
    }
    checkNode(inMemory.newest(), live);
    if (!inMemory.newest().boot().equals(config.boot())) {
      return false;
    }
    if (durable != null && inMemory.end().mark().index() < durable.mark().index()) {
      findings.add(
          "the live log in "
              + live.path()
              + " ends at "
              + inMemory.end().mark()
              + ", before the durable one, and is not used");
      return false;
    }
    return true;
  }

  private void checkNode(SegmentHeader header, LogDirectory directory) {
    if (!header.node().equals(config.node())) {
      throw new StateUnreadable(
          directory.path()
              + " holds the log of node '"
              + header.node()
              + "', and this is node '"
              + config.node()
              + "'; give each node directories of its own");
    }
  }

  private void refuseIfThereIsState(List<String> findings) throws IOException {
    if (!disk.snapshots().isEmpty() || ChainWalk.hasEntries(disk)) {
      throw new StateUnreadable(
          "the state in "
              + disk.path()
              + " cannot be read, and nothing was changed: "
              + String.join("; ", findings)
              + ". Restore the directory from a backup, or move it away to begin with nothing");
    }
  }

  private Recovered recovered(Recovery.Found chosen, List<String> findings) {
    HamState empty = HamState.empty(config.node(), config.limits());
    if (chosen == null) {
      return new Recovered(empty, List.of(), false, 0, 0, List.copyOf(findings));
    }
    SegmentHeader newest = chosen.newest();
    checkNode(newest, disk);
    return new Recovered(
        Recovery.state(chosen.snapshot(), empty),
        chosen.entries(),
        newest.boot().equals(config.boot()),
        newest.incarnation(),
        newest.epoch(),
        List.copyOf(findings));
  }

  /**
   * Begins a reign: opens a new segment behind the last valid entry and never writes an old one.
   *
   * @param state what the recovered snapshot and entries lead to; the new live log can be read from
   *     it on
   */
  public LogJournal begin(long incarnation, long epoch, HamState state) throws IOException {
    LogJournal journal = ready(incarnation, epoch, state);
    journal.start();
    return journal;
  }

  /**
   * As {@link #begin}, but nothing is copied to the disk before {@link LogJournal#start}: a
   * successor has more urgent work for the processors.
   */
  public LogJournal ready(long incarnation, long epoch, HamState state) throws IOException {
    if (state.last().index() != end.mark().index()) {
      throw new IllegalArgumentException(
          "the state is that of entry "
              + state.last().index()
              + ", and the log ends at "
              + end.mark());
    }
    if (incarnation < recovered.incarnation()
        || (incarnation == recovered.incarnation() && epoch <= recovered.epoch())) {
      throw new IllegalArgumentException(
          "reign "
              + incarnation
              + "/"
              + epoch
              + " does not come after "
              + recovered.incarnation()
              + "/"
              + recovered.epoch());
    }
    long inMemory = newest(live);
    long sequence = 1 + Math.max(inMemory, newest(disk));
    if (!liveGoesOn) {
      live.wipe();
    }
    SegmentSupply supply = new SegmentSupply(live, sequence, config.segmentBytes());
    Segment first = followed && inMemory == sequence - 1 ? unused(inMemory) : null;
    if (first == null) {
      first = first(supply);
    }
    try {
      LogJournal journal = journal(supply, first, incarnation, epoch, state);
      recovered = null;
      return journal;
    } catch (IOException | RuntimeException e) {
      first.close();
      Files.deleteIfExists(first.file());
      throw e;
    }
  }

  /** What the one before had at hand when it died: to make another takes milliseconds. */
  private Segment unused(long sequence) throws IOException {
    return Segment.unused(live.segment(sequence), sequence, config.segmentBytes());
  }

  /** A full tmpfs has room all the same if the one before had a segment at hand when it died. */
  private Segment first(SegmentSupply supply) throws IOException {
    try {
      return supply.take(0);
    } catch (LogFull e) {
      live.dropUnused();
      return supply.take(0);
    }
  }

  private LogJournal journal(
      SegmentSupply supply, Segment first, long incarnation, long epoch, HamState state)
      throws IOException {
    SegmentHeader header =
        new SegmentHeader(
            config.node(), config.boot(), incarnation, epoch, first.sequence(), end.mark());
    LiveLog log =
        new LiveLog(
            supply,
            first,
            header,
            config.roomSegments(),
            config.roomSegments() + config.reserveSegments());
    Place begin = log.place();
    Snapshot snapshot = new Snapshot(header, begin, state);
    if (!followed) {
      snapshot.write(live, false);
    }
    long known = durable == null ? 0 : durable.mark().index();
    DurableLog copy = new DurableLog(disk, first, known, () -> prepare(snapshot), log::copied);
    Snapshotter snapshots = new Snapshotter(live, disk, copy, snapshot.size());
    return new LogJournal(supply, log, copy, snapshots, config.snapshotBytes());
  }

  /** The state that a reign begins with, encoded when it is first needed. */
  private static final class Snapshot {
    private final SegmentHeader header;
    private final Place place;
    private final HamState state;
    private byte[] bytes;

    Snapshot(SegmentHeader header, Place place, HamState state) {
      this.header = header;
      this.place = place;
      this.state = state;
    }

    void write(LogDirectory directory, boolean force) throws IOException {
      if (bytes == null) {
        bytes = SnapshotFile.encode(header, place, state);
      }
      SnapshotFile.write(directory, place, bytes, force);
    }

    /** 0: not known yet. */
    int size() {
      return bytes == null ? 0 : bytes.length;
    }
  }

  /** What the durable copy needs before the new reign's first entry; runs on its thread. */
  private long prepare(Snapshot snapshot) throws IOException {
    DurableRepair repair = new DurableRepair(disk, live);
    if (liveDamage != null) {
      repair.keepTail(live, liveDamage);
    }
    Place from = durableEnd();
    repair.cut(from);
    if (liveGoesOn) {
      repair.copy(from, end);
    }
    snapshot.write(disk, true);
    if (followed) {
      snapshot.write(live, false);
    }
    Snapshotter.prune(disk, Long.MAX_VALUE);
    Snapshotter.prune(live, snapshot.place.sequence());
    return snapshot.place.mark().index();
  }

  /** Where the log on disk ends, beginning and end being the same when there is none. */
  private Place durableEnd() throws IOException {
    Place end = followed ? Recovery.end(disk) : durable;
    return end == null ? new Place(0, 0, Mark.ZERO) : end;
  }

  private static long newest(LogDirectory directory) throws IOException {
    List<Long> sequences = directory.segments();
    return sequences.isEmpty() ? 0 : sequences.getLast();
  }

  /**
   * Removes the live log, if the disk has all of it; after an orderly end nobody needs its memory.
   * The journal must have been closed before.
   *
   * @param last index of the newest entry
   */
  public void dropLive(LogJournal journal, long last) throws IOException {
    if (journal.durableIndex() == last) {
      live.wipe();
    }
  }

  /**
   * Why a manager that was succeeded is still in the way, for people; null: none is. Any thread.
   */
  public String stuck() {
    return StateLock.isOlderHeld(config.stateDir())
        ? "STUCK: a HAM before this one was killed and cannot die, because it waits in the kernel,"
            + " as for a disk that hangs. This one does the work of its node; what belongs to the"
            + " cluster is not started here until the other is gone"
        : null;
  }

  /** Gives the directories back; a journal must have been closed before. */
  @Override
  public void close() {
    locks.forEach(StateLock::close);
    locks.clear();
  }
}
