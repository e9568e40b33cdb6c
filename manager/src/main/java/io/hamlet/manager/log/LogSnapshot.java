package io.hamlet.manager.log;

/**
 * A state as it lies in a log.
 *
 * @param reign in which it was taken
 * @param mark of the entry that led to it
 * @param state as {@code StateCodec} wrote it; not to be changed
 */
public record LogSnapshot(ReignId reign, Mark mark, byte[] state) {}
