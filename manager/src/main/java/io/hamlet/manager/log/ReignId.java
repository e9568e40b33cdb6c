package io.hamlet.manager.log;

/**
 * Who wrote a stretch of a log.
 *
 * @param boot names the boot it was written in; at most 440 bytes
 */
public record ReignId(String boot, long incarnation, long epoch) {
  /** Before the first reign. */
  public static final ReignId NONE = new ReignId("", 0, 0);

  static ReignId of(SegmentHeader header) {
    return new ReignId(header.boot(), header.incarnation(), header.epoch());
  }
}
