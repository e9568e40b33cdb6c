package io.hamlet.manager.log;

import io.hamlet.core.recovery.Entry;
import io.hamlet.core.recovery.HamState;
import io.hamlet.manager.wire.EntryCodec;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;

/**
 * Follows a live log that another process writes: loads only, no lock, and never anything but whole
 * entries. Confined to one thread at a time.
 */
public final class LiveLogReader implements AutoCloseable {
  private static final int TRIES = 20;

  private final LogDirectory live;
  private HamState start;
  private SegmentHeader header;
  private Arena arena;
  private MemorySegment memory;
  private long at;
  private Mark mark;

  /** What comes next was removed before this reader came to it: open another reader. */
  public static final class Gap extends RuntimeException {
    public Gap(String message) {
      super(message);
    }
  }

  private LiveLogReader(LogDirectory live) {
    this.live = live;
  }

  /**
   * Begins at the newest snapshot that can be read. Throws {@link StateUnreadable} when there is
   * none.
   */
  public static LiveLogReader open(Path liveDir) throws IOException {
    return open(liveDir, false);
  }

  /** Begins at the oldest snapshot, to know what happened since. Throws like {@link #open}. */
  public static LiveLogReader openOldest(Path liveDir) throws IOException {
    return open(liveDir, true);
  }

  private static LiveLogReader open(Path liveDir, boolean oldest) throws IOException {
    LiveLogReader reader = new LiveLogReader(new LogDirectory(liveDir));
    for (int i = 0; i < TRIES; i++) {
      if (reader.begin(oldest)) {
        return reader;
      }
      // Its writer removed what was found; there is something newer now.
    }
    throw new StateUnreadable("there is no live log to follow in " + liveDir);
  }

  /** Stands at a place; null when its segment is gone. The start is not known then. */
  static LiveLogReader at(LogDirectory live, Place place) throws IOException {
    LiveLogReader reader = new LiveLogReader(live);
    return reader.enter(place.sequence(), place) ? reader : null;
  }

  /** The state before the first entry that {@link #next} returns. */
  public HamState start() {
    return start;
  }

  /** Of the reign that writes the segment being read. */
  public long incarnation() {
    return header.incarnation();
  }

  /** Of the reign that writes the segment being read. */
  public long epoch() {
    return header.epoch();
  }

  /** Behind the newest entry that was read. */
  Place place() {
    return new Place(header.sequence(), at, mark);
  }

  Mark mark() {
    return mark;
  }

  /** Index of the newest entry that was read. */
  public long index() {
    return mark.index();
  }

  /**
   * The next entry, or null while there is none. After the death of the writer, and only then, null
   * may mean that a successor writes elsewhere: see {@link #goOn}.
   *
   * @throws Gap when entries are gone that were not read
   */
  public Entry next() throws IOException {
    ByteBuffer payload = nextPayload();
    return payload == null ? null : EntryCodec.decode(payload);
  }

  /** As {@link #next}, as it lies there. */
  LogPiece nextPiece() throws IOException {
    ByteBuffer payload = nextPayload();
    if (payload == null) {
      return null;
    }
    byte[] bytes = new byte[payload.remaining()];
    payload.get(bytes);
    return new LogPiece(ReignId.of(header), mark, bytes);
  }

  private ByteBuffer nextPayload() throws IOException {
    return switch (Slot.read(memory, at, mark)) {
      case Slot.Entry entry -> {
        at = entry.next();
        mark = entry.mark();
        yield entry.payload();
      }
      case Slot.Nothing nothing -> null;
      case Slot.Sealed sealed -> goOn() ? nextPayload() : null;
      case Slot.Bad bad ->
          throw new StateUnreadable(
              live.segment(header.sequence()) + " is damaged behind " + mark + ": " + bad.why());
    };
  }

  /**
   * Goes on to the segment that begins behind the newest entry read, of the same writer or its
   * successor. False when there is none yet.
   */
  public boolean goOn() throws IOException {
    for (long sequence : live.segments()) {
      if (sequence > header.sequence() && enter(sequence, null)) {
        return true;
      }
    }
    return false;
  }

  /** Goes on in that segment; false when it does not begin behind the newest entry read. */
  boolean enter(long sequence) throws IOException {
    return enter(sequence, null);
  }

  private boolean begin(boolean oldest) throws IOException {
    List<Path> files = live.snapshots();
    for (Path file : oldest ? files.reversed() : files) {
      try {
        SnapshotFile.Snapshot snapshot = SnapshotFile.read(file);
        if (enter(snapshot.place().sequence(), snapshot.place())) {
          start = snapshot.state();
          return true;
        }
      } catch (SegmentHeader.Damaged | NoSuchFileException e) {
        continue;
      }
    }
    return false;
  }

  /** Maps a segment and stands at a place in it; null: at its beginning, if it connects. */
  private boolean enter(long sequence, Place place) throws IOException {
    Arena scope = Arena.ofShared();
    MemorySegment mapped;
    Optional<SegmentHeader> found;
    try (FileChannel in = FileChannel.open(live.segment(sequence), StandardOpenOption.READ)) {
      long size;
      do {
        // A file that grows is not in use yet; one that is in use has its full size.
        size = in.size();
        mapped = in.map(FileChannel.MapMode.READ_ONLY, 0, size, scope);
        found = SegmentHeader.read(mapped);
      } while (found.isPresent() && in.size() != size);
    } catch (NoSuchFileException | SegmentHeader.Damaged e) {
      scope.close();
      return false;
    }
    Mark before = found.map(SegmentHeader::before).orElse(null);
    if (place == null && before != null && before.index() > mark.index()) {
      scope.close();
      throw new Gap("the log goes on after " + before + ", and was read up to " + mark);
    }
    if (before == null || (place == null && !before.equals(mark))) {
      scope.close();
      return false;
    }
    close();
    arena = scope;
    memory = mapped;
    header = found.get();
    at = place == null ? SegmentHeader.BYTES : place.offset();
    mark = place == null ? before : place.mark();
    return true;
  }

  /** Ends the reading. */
  @Override
  public void close() {
    if (arena != null) {
      arena.close();
      arena = null;
    }
  }
}
