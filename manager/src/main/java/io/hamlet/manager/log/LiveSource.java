package io.hamlet.manager.log;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The live log, which goes on while it is read. */
final class LiveSource implements LogSource {
  private static final int TRIES = 20;

  private final LogDirectory live;

  LiveSource(LogDirectory live) {
    this.live = live;
  }

  @Override
  public LogCursor after(Mark mark) throws IOException {
    for (Path file : live.snapshots()) {
      Place place = place(file);
      LiveLogReader reader =
          place == null || place.mark().index() > mark.index()
              ? null
              : LiveLogReader.at(live, place);
      if (reader != null) {
        return walk(reader, mark);
      }
    }
    return null;
  }

  /** To the mark, along the chain; null when it is not in the chain. */
  private LogCursor walk(LiveLogReader reader, Mark mark) throws IOException {
    LiveCursor cursor = new LiveCursor(live, reader);
    boolean found;
    try {
      found = cursor.walk(mark);
    } catch (LiveLogReader.Gap | StateUnreadable e) {
      found = false;
    }
    if (!found) {
      cursor.close();
    }
    return found ? cursor : null;
  }

  @Override
  public LogSnapshot snapshot() throws IOException {
    for (int i = 0; i < TRIES; i++) {
      for (Path file : live.snapshots()) {
        try {
          return SnapshotFile.raw(file).snapshot();
        } catch (SegmentHeader.Damaged | NoSuchFileException e) {
          // Removed meanwhile, then there is a newer one; or broken, then the one before will do.
          continue;
        }
      }
    }
    return null;
  }

  @Override
  public List<Mark> beginnings() throws IOException {
    List<Mark> marks = new ArrayList<>();
    for (Path file : live.snapshots().reversed()) {
      Place place = place(file);
      if (place != null) {
        marks.add(place.mark());
        break;
      }
    }
    for (long sequence : live.segments()) {
      Optional<SegmentHeader> header = live.header(sequence);
      if (header.isPresent() && !marks.isEmpty()) {
        Mark before = header.get().before();
        // A later segment has replaced whatever was written behind the entry it names.
        marks.removeIf(mark -> mark.index() > before.index());
        marks.add(before);
      }
    }
    return marks.stream().distinct().toList();
  }

  @Override
  public long newest() {
    return 0;
  }

  private static Place place(Path snapshot) throws IOException {
    try {
      return SnapshotFile.place(snapshot);
    } catch (SegmentHeader.Damaged | NoSuchFileException e) {
      return null;
    }
  }
}
