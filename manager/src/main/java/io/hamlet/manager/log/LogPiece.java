package io.hamlet.manager.log;

/**
 * An entry as it lies in a log.
 *
 * @param reign that wrote it
 * @param payload as {@code EntryCodec} wrote it; not to be changed
 */
public record LogPiece(ReignId reign, Mark mark, byte[] payload) {}
