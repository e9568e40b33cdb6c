package io.hamlet.manager.log;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads a log from a place to its end, as it lies in a directory, along the chain of checksums. A
 * later segment that names an earlier entry as the one before it has replaced what came after that
 * entry. Stops at the first thing that is damaged or does not connect.
 */
final class ChainWalk {
  private final LogDirectory directory;
  private final List<Loaded> segments = new ArrayList<>();
  private final List<Piece> pieces = new ArrayList<>();
  private final List<String> findings = new ArrayList<>();
  private Place end;
  private Place damage;
  private boolean connected;
  private boolean superseded;

  /** A segment in use, with its header and its bytes. */
  record Loaded(SegmentHeader header, MemorySegment bytes) {}

  /**
   * A valid entry.
   *
   * @param place behind it
   * @param bytes of its segment, where that was read to
   */
  record Piece(SegmentHeader header, Place place, ByteBuffer bytes) {
    byte[] payload() {
      byte[] payload = new byte[bytes.remaining()];
      bytes.duplicate().get(payload);
      return payload;
    }
  }

  private ChainWalk(LogDirectory directory) {
    this.directory = directory;
  }

  /**
   * Walks from a place.
   *
   * @param start {@link #connected} tells whether the log has it
   */
  static ChainWalk from(LogDirectory directory, Place start) throws IOException {
    ChainWalk walk = new ChainWalk(directory);
    walk.load(start);
    walk.end = start;
    walk.walk(start);
    return walk;
  }

  /** The start is in this log, or a segment begins right behind it. */
  boolean connected() {
    return connected;
  }

  /** The start is on a branch that a successor cut off. */
  boolean superseded() {
    return superseded;
  }

  /** The valid entries behind the start. */
  List<Piece> pieces() {
    return pieces;
  }

  /** Behind the last valid entry. */
  Place end() {
    return end;
  }

  /** Where the first damaged entry stands, or null. */
  Place damage() {
    return damage;
  }

  /** What is wrong, for people. */
  List<String> findings() {
    return findings;
  }

  /** The header of the segment where the log ends, or null. */
  SegmentHeader newest() {
    for (Loaded segment : segments) {
      if (connected && segment.header().sequence() == end.sequence()) {
        return segment.header();
      }
    }
    return null;
  }

  private void load(Place start) throws IOException {
    for (long sequence : directory.segments()) {
      if (sequence < start.sequence()) {
        continue;
      }
      MemorySegment bytes = directory.load(directory.segment(sequence));
      try {
        Optional<SegmentHeader> header = SegmentHeader.read(bytes);
        header.ifPresent(h -> segments.add(new Loaded(h, bytes)));
      } catch (SegmentHeader.Damaged e) {
        findings.add(directory.segment(sequence) + " is not used: " + e.getMessage());
      }
    }
  }

  private void walk(Place start) {
    for (int i = 0; i < segments.size(); i++) {
      Loaded segment = segments.get(i);
      long sequence = segment.header().sequence();
      long limit = limit(i);
      boolean startsHere = sequence == start.sequence();
      superseded |= startsHere && start.mark().index() > limit;
      if (startsHere && !superseded && holds(segment, start)) {
        connected = true;
        read(segment, start, limit);
      } else if (!startsHere && segment.header().before().equals(end.mark())) {
        connected = true;
        read(segment, new Place(sequence, SegmentHeader.BYTES, end.mark()), limit);
      } else if (sequence > end.sequence()) {
        findings.add(
            directory.segment(sequence)
                + " is not used: it goes on after "
                + segment.header().before()
                + ", and the log ends at "
                + end.mark());
      }
    }
  }

  /**
   * The start stands where the snapshot says, by all that can be seen without what is before it.
   */
  private static boolean holds(Loaded segment, Place start) {
    if (start.offset() == SegmentHeader.BYTES) {
      return segment.header().before().equals(start.mark());
    }
    return start.offset() > SegmentHeader.BYTES && start.offset() <= segment.bytes().byteSize();
  }

  private long limit(int position) {
    long limit = Long.MAX_VALUE;
    for (Loaded later : segments.subList(position + 1, segments.size())) {
      limit = Math.min(limit, later.header().before().index());
    }
    return limit;
  }

  private void read(Loaded segment, Place from, long limit) {
    SegmentHeader header = segment.header();
    long at = from.offset();
    Mark mark = from.mark();
    boolean more = true;
    damage = null;
    while (more && mark.index() < limit) {
      switch (Slot.read(segment.bytes(), at, mark)) {
        case Slot.Entry entry -> {
          mark = entry.mark();
          at = entry.next();
          pieces.add(new Piece(header, new Place(header.sequence(), at, mark), entry.payload()));
        }
        case Slot.Bad bad -> {
          damage = new Place(header.sequence(), at, mark);
          findings.add(
              directory.segment(header.sequence())
                  + " is damaged behind "
                  + mark
                  + ": "
                  + bad.why());
          more = false;
        }
        case Slot.Nothing nothing -> more = false;
        case Slot.Sealed sealed -> more = false;
      }
    }
    end = new Place(header.sequence(), at, mark);
  }

  /** True when a directory has log segments with anything in them. */
  static boolean hasEntries(LogDirectory directory) throws IOException {
    for (long sequence : directory.segments()) {
      if (Files.size(directory.segment(sequence)) > SegmentHeader.BYTES + Slot.HEADER) {
        return true;
      }
    }
    return false;
  }
}
