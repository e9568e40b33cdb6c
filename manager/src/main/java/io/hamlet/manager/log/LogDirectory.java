package io.hamlet.manager.log;

import io.hamlet.manager.disk.Contents;
import io.hamlet.manager.disk.Durable;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The files of one log, live or durable, by name. Thread-safe; holds nothing open. */
record LogDirectory(Path path) {
  private static final String SEGMENT = "segment-";
  private static final String SNAPSHOT = "snapshot-";
  private static final String ASIDE = "aside-";
  private static final int DIGITS = 16;
  private static final Set<PosixFilePermission> PRIVATE =
      PosixFilePermissions.fromString("rwx------");

  /**
   * Makes it, for this user alone: a parent in shared memory that somebody took away has to be as
   * private as it was, or the next start would refuse it.
   */
  void make() throws IOException {
    if (!Files.isDirectory(path)) {
      Files.createDirectories(path, PosixFilePermissions.asFileAttribute(PRIVATE));
    }
  }

  Path segment(long sequence) {
    return path.resolve(SEGMENT + hex(sequence));
  }

  /** Named by index and segment, so that names in order are snapshots in order. */
  Path snapshot(Place place) {
    return path.resolve(SNAPSHOT + hex(place.mark().index()) + "-" + hex(place.sequence()));
  }

  /** The segment that a snapshot, by its name, stands in. */
  static long sequenceOf(Path snapshot) {
    String name = snapshot.getFileName().toString();
    return HexFormat.fromHexDigitsToLong(name, name.length() - DIGITS, name.length());
  }

  /** A name for bytes that were taken out of the log but are not to be lost. */
  Path aside(long sequence, long offset) throws IOException {
    for (int i = 0; ; i++) {
      Path free = path.resolve(ASIDE + hex(sequence) + "-" + offset + "-" + i);
      if (!Files.exists(free)) {
        return free;
      }
    }
  }

  /** Sequences of the segments, rising. */
  List<Long> segments() throws IOException {
    List<Long> found = new ArrayList<>();
    for (String name : names(SEGMENT)) {
      if (name.length() == SEGMENT.length() + DIGITS) {
        found.add(HexFormat.fromHexDigitsToLong(name, SEGMENT.length(), name.length()));
      }
    }
    Collections.sort(found);
    return found;
  }

  /** Snapshots, newest first. */
  List<Path> snapshots() throws IOException {
    List<Path> found = new ArrayList<>();
    for (String name : names(SNAPSHOT).reversed()) {
      if (name.length() == SNAPSHOT.length() + 2 * DIGITS + 1) {
        found.add(path.resolve(name));
      }
    }
    return found;
  }

  /** The bytes of a file. */
  MemorySegment load(Path file) throws IOException {
    try (FileChannel in = FileChannel.open(file, StandardOpenOption.READ)) {
      MemorySegment bytes = Arena.ofAuto().allocate(in.size(), 8);
      ByteBuffer rest = bytes.asByteBuffer();
      while (rest.hasRemaining() && in.read(rest) >= 0) {
        // A short read is followed by another.
      }
      return bytes.asSlice(0, rest.position());
    }
  }

  /** The header of a segment; empty when it is gone, not in use yet, or broken. */
  Optional<SegmentHeader> header(long sequence) throws IOException {
    ByteBuffer head = ByteBuffer.allocate(SegmentHeader.BYTES);
    try (FileChannel in = FileChannel.open(segment(sequence), StandardOpenOption.READ)) {
      while (head.hasRemaining() && in.read(head) >= 0) {
        // A short read is followed by another.
      }
      return head.hasRemaining()
          ? Optional.empty()
          : Optional.of(SegmentHeader.parse(head.array()));
    } catch (NoSuchFileException | SegmentHeader.Damaged e) {
      return Optional.empty();
    }
  }

  /** What was set aside, oldest first. */
  List<Path> asides() throws IOException {
    List<Path> found = new ArrayList<>(names(ASIDE).stream().map(path::resolve).toList());
    Map<Path, FileTime> times = new HashMap<>();
    for (Path file : found) {
      times.put(file, Files.getLastModifiedTime(file));
    }
    found.sort(Comparator.comparing(times::get));
    return found;
  }

  /** Makes names that were made or changed survive a power cut. */
  void force() throws IOException {
    Durable.names(path);
  }

  /** Removes all files of a log; others, such as locks and what was set aside, stay. */
  void wipe() throws IOException {
    removeUnfinished();
    for (String prefix : List.of(SEGMENT, SNAPSHOT)) {
      for (String name : names(prefix)) {
        Files.deleteIfExists(path.resolve(name));
      }
    }
  }

  /** Removes segments that were set aside by a writer that is dead, and that it never began. */
  void dropUnused() throws IOException {
    for (long sequence : segments()) {
      MemorySegment bytes = load(segment(sequence));
      try {
        if (SegmentHeader.read(bytes).isEmpty()) {
          Files.deleteIfExists(segment(sequence));
        }
      } catch (SegmentHeader.Damaged e) {
        // It was begun.
        continue;
      }
    }
  }

  /** Removes what a writer did not come to finish. */
  void removeUnfinished() throws IOException {
    for (String name : names(SnapshotFile.UNFINISHED)) {
      Files.deleteIfExists(path.resolve(name));
    }
  }

  /** Sorted. */
  private List<String> names(String prefix) throws IOException {
    try {
      return Contents.of(path, prefix + "*").stream().map(f -> f.getFileName().toString()).toList();
    } catch (NoSuchFileException e) {
      // Taken away under a living manager: then there is nothing in it.
      return List.of();
    }
  }

  private static String hex(long number) {
    return HexFormat.of().toHexDigits(number);
  }
}
