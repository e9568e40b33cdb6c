package io.hamlet.manager.consensus;

import io.hamlet.manager.disk.Contents;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the whole log before Ratis does, which would go on with less than was acknowledged, or
 * hang. A last entry that was being written when everything stopped is cut; any other damage
 * refuses the storage (DECISIONS.md, "A torn last entry").
 */
final class LogCheck {
  private static final Logger LOG = LoggerFactory.getLogger(LogCheck.class);
  private static final Pattern CLOSED = Pattern.compile("log_(\\d{1,18})-(\\d{1,18})");
  private static final Pattern OPEN = Pattern.compile("log_inprogress_(\\d{1,18})");
  private static final Pattern SNAPSHOT = Pattern.compile("snapshot\\.\\d{1,18}_(\\d{1,18})");

  /**
   * @param last -1: still open
   */
  private record Segment(Path path, long first, long last) {
    boolean isOpen() {
      return last < 0;
    }
  }

  private final Path directory;
  private final String remedy;

  private LogCheck(Path directory, String remedy) {
    this.directory = directory;
    this.remedy = remedy;
  }

  /**
   * Makes the log whole where that is safe.
   *
   * @param directory of the group; need not exist
   * @throws IOException with the file and the remedy when the log is damaged
   */
  static void mend(Path directory, String remedy) throws IOException {
    if (Files.isDirectory(directory.resolve("current"))) {
      new LogCheck(directory, remedy).mend();
    }
  }

  private void mend() throws IOException {
    long snapshot = newestSnapshot();
    List<Segment> segments = withoutPurged(segments(), snapshot);
    if (!segments.isEmpty() && segments.getFirst().first > snapshot + 1) {
      throw damaged(
          segments.getFirst().path, "begins behind what the snapshots hold (" + snapshot + ")");
    }
    for (Segment segment : segments) {
      check(segment);
    }
  }

  /** Ratis drops what a snapshot holds from the newest to the oldest; a crash leaves a gap. */
  private List<Segment> withoutPurged(List<Segment> all, long snapshot) throws IOException {
    int from = 0;
    for (int i = 1; i < all.size(); i++) {
      Segment before = all.get(i - 1);
      if (before.isOpen() || all.get(i).first != before.last + 1) {
        if (before.isOpen() || before.last > snapshot || all.get(i).first <= before.last) {
          throw damaged(all.get(i).path, "does not follow " + before.path.getFileName());
        }
        from = i;
      }
    }
    for (Segment purged : all.subList(0, from)) {
      Files.delete(purged.path);
    }
    return all.subList(from, all.size());
  }

  private void check(Segment segment) throws IOException {
    byte[] bytes = Files.readAllBytes(segment.path);
    SegmentWalk walk = new SegmentWalk(bytes, segment.first);
    long last = walk.toEnd();
    if (segment.isOpen()) {
      if (!walk.isClean()) {
        cut(segment, walk);
      }
    } else if (!walk.isClean() || last != segment.last) {
      throw damaged(segment.path, "is damaged behind entry " + last);
    }
  }

  private void cut(Segment segment, SegmentWalk walk) throws IOException {
    if (!walk.isTorn()) {
      throw damaged(segment.path, "is damaged behind entry " + walk.last());
    }
    LOG.warn(
        "{}: the last entry was being written when this voter stopped; cut at byte {}",
        segment.path,
        walk.end());
    try (FileChannel file = FileChannel.open(segment.path, StandardOpenOption.WRITE)) {
      file.truncate(walk.end());
      file.force(true);
    }
  }

  private List<Segment> segments() throws IOException {
    List<Segment> found = new ArrayList<>();
    for (Path path : Contents.of(directory.resolve("current"))) {
      String name = path.getFileName().toString();
      Matcher closed = CLOSED.matcher(name);
      Matcher open = OPEN.matcher(name);
      if (closed.matches()) {
        found.add(
            new Segment(path, Long.parseLong(closed.group(1)), Long.parseLong(closed.group(2))));
      } else if (open.matches()) {
        found.add(new Segment(path, Long.parseLong(open.group(1)), -1));
      }
    }
    found.sort(Comparator.comparingLong(Segment::first));
    return found;
  }

  /** -1: none. Throws IOException when it is damaged. */
  private long newestSnapshot() throws IOException {
    long newest = -1;
    Path newestFile = null;
    Path below = directory.resolve("sm");
    if (Files.isDirectory(below)) {
      for (Path path : Contents.of(below)) {
        Matcher name = SNAPSHOT.matcher(path.getFileName().toString());
        if (name.matches() && Long.parseLong(name.group(1)) > newest) {
          newest = Long.parseLong(name.group(1));
          newestFile = path;
        }
      }
    }
    if (newestFile != null && !Snapshots.isWhole(newestFile)) {
      throw damaged(newestFile, "is damaged");
    }
    return newest;
  }

  private IOException damaged(Path file, String what) {
    return new IOException(file + " " + what + "; " + remedy);
  }
}
