package io.hamlet.manager.log;

import io.hamlet.core.model.EntryId;
import io.hamlet.core.recovery.Entry;
import io.hamlet.manager.wire.EntryCodec;
import java.io.IOException;
import java.nio.file.Path;

/**
 * The writer of the live log: one reign, from its first segment on. Confined to the core thread,
 * but for {@link #hasRoom} and {@link #copied}.
 */
final class LiveLog {
  private final SegmentSupply supply;
  private final int roomSegments;
  private final int mostSegments;
  private SegmentHeader header;
  private Segment current;
  private long written;
  private volatile int opened = 1;
  private volatile int copied;
  private volatile boolean nearlyFull;

  /**
   * @param first not opened yet
   * @param header of the first segment
   * @param roomSegments not yet on disk, from which on requests are refused
   * @param mostSegments not yet on disk, from which on nothing more is taken
   */
  LiveLog(
      SegmentSupply supply,
      Segment first,
      SegmentHeader header,
      int roomSegments,
      int mostSegments) {
    this.supply = supply;
    this.current = first;
    this.header = header;
    this.roomSegments = roomSegments;
    this.mostSegments = mostSegments;
    first.open(header);
  }

  /** Appends; throws {@link LogFull}, and {@link IllegalArgumentException} for a wrong id. */
  Place append(Entry entry) {
    EntryId expected =
        new EntryId(header.incarnation(), header.epoch(), current.tip().mark().index() + 1);
    if (!entry.id().equals(expected)) {
      throw new IllegalArgumentException(
          entry.id() + " was appended where " + expected + " is due");
    }
    byte[] payload = EntryCodec.encode(entry);
    if (!current.fits(payload.length)) {
      goOn(payload.length);
    }
    Segment.Tip tip = current.append(payload);
    written += Slot.size(payload.length);
    nearlyFull = tip.end() > current.size() / 4 * 3;
    return new Place(current.sequence(), tip.end(), tip.mark());
  }

  Path directory() {
    return current.file().getParent();
  }

  /** Where the next entry will stand. */
  Place place() {
    return new Place(current.sequence(), current.tip().end(), current.tip().mark());
  }

  /** Of the segment that is written now. */
  SegmentHeader header() {
    return header;
  }

  /** Bytes of all entries of this reign. */
  long written() {
    return written;
  }

  /**
   * Any thread. A segment that comes to its end with no other at hand is told in time, so that
   * requests are refused before an entry of the recovery finds no place.
   */
  boolean hasRoom() {
    return supply.trouble() == null
        && opened - copied <= roomSegments
        && (!nearlyFull || supply.isReady());
  }

  /** Another segment is wholly on disk. Thread of the durable copy. */
  void copied(int segments) {
    copied = segments;
  }

  /**
   * Goes on in a new segment, whose directory is made again. What was written so far is in memory
   * that nobody else can find any more. When that cannot be, all stays as it is.
   *
   * @return null, or why it cannot be
   */
  String renew() {
    try {
      supply.renew();
      goOn(0);
      return null;
    } catch (IOException | LogFull e) {
      return e.getMessage();
    }
  }

  private void goOn(int payload) {
    if (opened - copied >= mostSegments) {
      throw new LogFull(
          "the live log in "
              + current.file().getParent()
              + " is full: "
              + mostSegments
              + " segments wait for the disk that holds the durable log; make it work again",
          null);
    }
    Segment next = supply.take(payload);
    header = header.following(next.sequence(), current.tip().mark());
    next.open(header);
    current.seal(next);
    current = next;
    opened = opened + 1;
  }
}
