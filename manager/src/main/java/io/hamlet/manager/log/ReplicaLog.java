package io.hamlet.manager.log;

import io.hamlet.core.recovery.Entry;
import io.hamlet.core.recovery.HamState;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * The log of another node's tree on this node's disk, in the files of a durable log, so that its
 * node can take it back as its own. Confined to one thread at a time.
 *
 * <p>What {@link #open} has found and {@link #append} has returned from survives a power cut. After
 * a failure the same is appended again, and written again where it was.
 */
public final class ReplicaLog implements AutoCloseable {
  /** What was cut off is kept in so many files. */
  static final int MOST_ASIDE = 8;

  private final LogDirectory disk;
  private final String node;
  private final DurableRepair repair;
  private final KeptCopy kept;
  private ReplicaSegment segment;
  private Place end;
  private SegmentHeader header;
  private long written;

  /**
   * What a replica holds.
   *
   * @param start the oldest state from which all is there; null: nothing is there
   * @param reign that wrote last
   * @param end the newest entry
   * @param findings what was damaged or set aside, for people
   */
  public record Found(
      HamState start, List<Entry> entries, ReignId reign, Mark end, List<String> findings) {}

  /**
   * What was left when a tail was cut off.
   *
   * @param tail what was cut off, oldest first
   */
  public record Cut(Found found, List<LogPiece> tail) {}

  /**
   * How a replica has begun anew.
   *
   * @param findings what was kept, for people
   */
  public record Begun(Mark end, List<String> findings) {}

  /**
   * @param directory of this replica alone
   * @param node whose tree; the name is at most 440 bytes
   */
  public ReplicaLog(Path directory, String node) {
    this(directory, node, null);
  }

  /**
   * @param kept directory for the longest copy that its node did not go on from; null: none is kept
   */
  public ReplicaLog(Path directory, String node, Path kept) {
    this.disk = new LogDirectory(directory);
    this.node = node;
    this.repair = new DurableRepair(disk, disk);
    this.kept = new KeptCopy(kept);
  }

  /**
   * Reads what is there; a damaged tail is set aside, and so is everything when nothing of it can
   * be used.
   *
   * @throws StateUnreadable when another version wrote it; nothing was changed
   */
  public Found open() throws IOException {
    disk.make();
    disk.removeUnfinished();
    closeSegment();
    List<String> findings = new ArrayList<>();
    if (kept.isThere()) {
      findings.add(
          "a copy of '%s' that went further than what that node had then is kept in %s"
              .formatted(node, kept.place()));
    }
    Recovery.Found found = find(findings);
    if (found != null) {
      found.entries().check();
    }
    if (found == null || !found.newest().node().equals(node)) {
      boolean anything = ChainWalk.hasEntries(disk) || !disk.snapshots().isEmpty();
      setAside();
      end = new Place(0, 0, Mark.ZERO);
      header = null;
      if (anything) {
        findings.add("the replica in " + disk.path() + " cannot be used and was set aside");
      }
      return new Found(null, List.of(), ReignId.NONE, Mark.ZERO, findings);
    }
    findings.addAll(found.findings());
    repair.cut(found.end());
    force(found.end());
    boundAsides();
    end = found.end();
    header = found.newest();
    return new Found(
        found.snapshot().state(), found.entries(), ReignId.of(header), end.mark(), findings);
  }

  /** Who was killed may have written it and not forced it, and what is found here is reported. */
  private void force(Place place) throws IOException {
    Path last = disk.segment(place.sequence());
    if (Files.exists(last)) {
      try (FileChannel written = FileChannel.open(last, StandardOpenOption.WRITE)) {
        written.force(true);
      }
    }
    disk.force();
  }

  /** From the oldest snapshot that leads to the newest entry, for the sake of the history. */
  private Recovery.Found find(List<String> findings) throws IOException {
    List<SnapshotFile.Snapshot> snapshots = Recovery.snapshots(List.of(disk), findings);
    Recovery.Found newest = Recovery.find(disk, snapshots, true);
    if (newest == null || newest.snapshot() == null) {
      return null;
    }
    written = newest.entries().bytes();
    for (SnapshotFile.Snapshot older : snapshots.reversed()) {
      Recovery.Found found = Recovery.find(disk, List.of(older), false);
      boolean whole = found != null && found.snapshot() != null;
      if (whole && found.end().mark().equals(newest.end().mark())) {
        return found;
      }
    }
    return newest;
  }

  /** The newest entry that is on disk. */
  public Mark end() {
    return end.mark();
  }

  /** Bytes of entries since the last snapshot. */
  public long sinceSnapshot() {
    return written;
  }

  /**
   * Appends what is behind the newest entry; what is not is left out.
   *
   * @throws IllegalArgumentException when it does not follow the newest entry
   */
  public void append(List<LogPiece> pieces) throws IOException {
    int from = 0;
    while (from < pieces.size()) {
      if (pieces.get(from).mark().index() <= end.mark().index()) {
        from++;
        continue;
      }
      ReignId reign = pieces.get(from).reign();
      int to = from + 1;
      while (to < pieces.size() && pieces.get(to).reign().equals(reign)) {
        to++;
      }
      appendOf(reign, pieces.subList(from, to));
      from = to;
    }
  }

  private void appendOf(ReignId reign, List<LogPiece> pieces) throws IOException {
    try {
      if (segment == null || segment.isFull() || !ReignId.of(header).equals(reign)) {
        goOn(reign, end.mark());
      }
      Place next = segment.append(pieces);
      written += next.offset() - end.offset();
      end = next;
    } catch (IOException e) {
      closeSegment();
      throw e;
    }
  }

  /** Goes on in a new segment; if that fails the next try overwrites it. */
  private void goOn(ReignId reign, Mark before) throws IOException {
    closeSegment();
    long sequence = sequenceBehind(end.sequence());
    header =
        new SegmentHeader(node, reign.boot(), reign.incarnation(), reign.epoch(), sequence, before);
    segment = ReplicaSegment.create(disk, header);
    end = new Place(sequence, SegmentHeader.BYTES, before);
  }

  private long sequenceBehind(long sequence) throws IOException {
    List<Long> all = disk.segments();
    return 1 + Math.max(sequence, all.isEmpty() ? 0 : all.getLast());
  }

  /**
   * Begins anew with a snapshot. What was there is removed; or set aside when it is not known to be
   * the beginning of the same history, and kept whole when it goes further.
   */
  public Begun begin(LogSnapshot snapshot, boolean sameHistory) throws IOException {
    List<String> findings = new ArrayList<>();
    if (!sameHistory || snapshot.mark().index() <= end.mark().index()) {
      keep(snapshot, findings);
      setAside();
    }
    List<Path> oldSnapshots = disk.snapshots();
    List<Long> oldSegments = disk.segments();
    Place oldEnd = end;
    SegmentHeader oldHeader = header;
    try {
      goOn(snapshot.reign(), snapshot.mark());
      SnapshotFile.write(disk, end, SnapshotFile.encode(header, end, snapshot.state()), true);
    } catch (IOException e) {
      closeSegment();
      end = oldEnd;
      header = oldHeader;
      throw e;
    }
    written = 0;
    for (Path old : oldSnapshots) {
      Files.deleteIfExists(old);
    }
    for (long old : oldSegments) {
      Files.deleteIfExists(disk.segment(old));
    }
    return new Begun(end.mark(), findings);
  }

  /** What goes further than that which comes may be all that is left of what it was. */
  private void keep(LogSnapshot next, List<String> findings) throws IOException {
    if (header == null || !isBeyond(next)) {
      return;
    }
    closeSegment();
    if (kept.take(disk, end.mark())) {
      findings.add(
          ("the copy of '%s' up to entry %d goes further than what that node has now; it is kept"
                  + " in %s")
              .formatted(node, end.mark().index(), kept.place()));
    }
    disk.make();
  }

  private boolean isBeyond(LogSnapshot next) {
    return header.incarnation() > next.reign().incarnation()
        || header.epoch() > next.reign().epoch()
        || end.mark().index() > next.mark().index();
  }

  /**
   * Takes a snapshot at the newest entry, and removes what two newer ones have made needless.
   *
   * @return its size in bytes
   */
  public long snapshot(HamState state) throws IOException {
    if (state.last().index() != end.mark().index()) {
      throw new IllegalArgumentException("the state is not that of the newest entry");
    }
    byte[] bytes = SnapshotFile.encode(header, end, state);
    SnapshotFile.write(disk, end, bytes, true);
    written = 0;
    Snapshotter.prune(disk, Long.MAX_VALUE);
    return bytes.length;
  }

  /**
   * Cuts behind the newest of some marks that this log has; the tail is kept in a file beside. Null
   * when it has none of them, and nothing is changed then.
   */
  public Cut cut(List<Mark> marks) throws IOException {
    LogSource here = LogSource.lying(disk.path());
    for (Mark mark : marks.reversed()) {
      LogCursor cursor = here.after(mark);
      if (cursor == null) {
        continue;
      }
      List<LogPiece> tail = new ArrayList<>();
      for (LogPiece piece = cursor.next(); piece != null; piece = cursor.next()) {
        tail.add(piece);
      }
      if (!tail.isEmpty()) {
        cutBehind(mark);
      }
      return new Cut(open(), tail);
    }
    return null;
  }

  private void cutBehind(Mark mark) throws IOException {
    closeSegment();
    Place place = placeOf(mark);
    for (Path file : disk.snapshots()) {
      if (indexOf(file) > mark.index()) {
        Files.deleteIfExists(file);
      }
    }
    disk.force();
    repair.cut(place);
  }

  private Place placeOf(Mark mark) throws IOException {
    for (Path file : disk.snapshots()) {
      try {
        Place place = SnapshotFile.place(file);
        ChainWalk walk = ChainWalk.from(disk, place);
        if (place.mark().equals(mark)) {
          return place;
        }
        for (ChainWalk.Piece piece : walk.pieces()) {
          if (piece.place().mark().equals(mark)) {
            return piece.place();
          }
        }
      } catch (SegmentHeader.Damaged e) {
        continue;
      }
    }
    throw new IOException(disk.path() + " has lost " + mark + " while it was read");
  }

  private static long indexOf(Path snapshot) throws IOException {
    try {
      return SnapshotFile.place(snapshot).mark().index();
    } catch (SegmentHeader.Damaged e) {
      return Long.MAX_VALUE;
    }
  }

  /** Takes everything out of the log; segments are kept beside, as long as there are not many. */
  private void setAside() throws IOException {
    closeSegment();
    written = 0;
    for (Path file : disk.snapshots()) {
      Files.deleteIfExists(file);
    }
    for (long sequence : disk.segments()) {
      Files.move(disk.segment(sequence), disk.aside(sequence, 0));
    }
    disk.force();
    boundAsides();
  }

  private void boundAsides() throws IOException {
    List<Path> kept = disk.asides();
    for (Path old : kept.subList(0, Math.max(0, kept.size() - MOST_ASIDE))) {
      Files.deleteIfExists(old);
    }
  }

  private void closeSegment() throws IOException {
    ReplicaSegment open = segment;
    segment = null;
    if (open != null) {
      open.close();
    }
  }

  @Override
  public void close() throws IOException {
    closeSegment();
  }
}
