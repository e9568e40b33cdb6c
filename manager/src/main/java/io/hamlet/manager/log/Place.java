package io.hamlet.manager.log;

/**
 * Where a mark stands in the segments, live or durable alike.
 *
 * @param sequence of the segment
 * @param offset in its file, just behind the entry of the mark
 */
record Place(long sequence, long offset, Mark mark) {}
