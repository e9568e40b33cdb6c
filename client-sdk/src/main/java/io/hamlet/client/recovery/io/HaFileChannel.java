package io.hamlet.client.recovery.io;

import io.hamlet.client.recovery.Ha;
import io.hamlet.client.recovery.HaConnection;
import io.hamlet.client.recovery.Losses;
import io.hamlet.client.recovery.Operation;
import io.hamlet.client.recovery.OutcomeUnknown;
import io.hamlet.client.recovery.Recovery;
import io.hamlet.client.recovery.Repeat;
import io.hamlet.client.recovery.Terms;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A file of a network file system that outlives its server. The position is kept here and not in
 * the file, so that reading, and writing the same bytes to the same place, can be done again.
 * Thread-safe; one call at a time, also of duplicates, as they share the position.
 *
 * <p>Appending, and {@link #force} after writes that may be lost, cannot be repeated: they end as
 * an IOException whose cause is {@link OutcomeUnknown}. An interrupt closes the channel below, as
 * in the JDK, but not this one: the next call heals it.
 */
public final class HaFileChannel implements SeekableByteChannel {
  /** The position that duplicates share. */
  private static final class Cursor {
    final ReentrantLock lock = new ReentrantLock();
    long position;
  }

  private final HaConnection<FileChannel> connection;
  private final Cursor cursor;
  private final boolean appends;

  private HaFileChannel(HaConnection<FileChannel> connection, Cursor cursor, boolean appends) {
    this.connection = connection;
    this.cursor = cursor;
    this.appends = appends;
  }

  /** Opens (ha_open); when lost, opened again without creating or emptying it, for up to 10 s. */
  public static HaFileChannel open(Path path, OpenOption... options) throws IOException {
    return open(path, reopening(path, Duration.ofSeconds(10), options), usual(), options);
  }

  /** Opens with a recovery function and terms; {@link #usual} are those of files. */
  public static HaFileChannel open(
      Path path, Recovery<FileChannel> recovery, Terms terms, OpenOption... options)
      throws IOException {
    boolean appends = Set.of(options).contains(StandardOpenOption.APPEND);
    return new HaFileChannel(
        Opening.of(() -> FileChannel.open(path, options), recovery, terms), new Cursor(), appends);
  }

  /** Makes the file, or empties it, for writing (ha_creat). */
  public static HaFileChannel create(Path path) throws IOException {
    return open(
        path,
        StandardOpenOption.CREATE,
        StandardOpenOption.TRUNCATE_EXISTING,
        StandardOpenOption.WRITE);
  }

  /** Covers what is open already (ha_attach), from its present position on. */
  public static HaFileChannel attach(FileChannel open, Recovery<FileChannel> recovery, Terms terms)
      throws IOException {
    Cursor cursor = new Cursor();
    cursor.position = open.position();
    return new HaFileChannel(Ha.attach(open, recovery, terms), cursor, false);
  }

  /** The errors of files are losses. */
  public static Terms usual() {
    return Terms.USUAL.losses(Losses.FILE);
  }

  /** A recovery function that opens the path again, as it is. */
  public static Recovery<FileChannel> reopening(
      Path path, Duration patience, OpenOption... options) {
    Set<OpenOption> again = new HashSet<>(Set.of(options));
    again.remove(StandardOpenOption.CREATE);
    again.remove(StandardOpenOption.CREATE_NEW);
    again.remove(StandardOpenOption.TRUNCATE_EXISTING);
    return Recovery.reopening(() -> FileChannel.open(path, again), patience);
  }

  /** For control, counters, replacing the function. */
  public HaConnection<FileChannel> connection() {
    return connection;
  }

  /** A second holder with the same position (ha_dup). */
  public HaFileChannel dup() {
    return new HaFileChannel(connection.dup(), cursor, appends);
  }

  @Override
  public int read(ByteBuffer into) throws IOException {
    int from = into.position();
    return moving(Repeat.IDEMPOTENT, file -> file.read(into.position(from), cursor.position));
  }

  @Override
  public int write(ByteBuffer bytes) throws IOException {
    int from = bytes.position();
    return moving(
        appends ? Repeat.ONCE : Repeat.IDEMPOTENT,
        file ->
            appends
                ? file.write(bytes.position(from))
                : file.write(bytes.position(from), cursor.position));
  }

  @Override
  public long position() throws IOException {
    return exclusively(() -> cursor.position);
  }

  @Override
  public HaFileChannel position(long to) throws IOException {
    if (to < 0) {
      throw new IllegalArgumentException("a position below zero: " + to);
    }
    return exclusively(
        () -> {
          cursor.position = to;
          return this;
        });
  }

  @Override
  public long size() throws IOException {
    return exclusively(() -> Opening.call(connection, Repeat.IDEMPOTENT, FileChannel::size));
  }

  @Override
  public HaFileChannel truncate(long size) throws IOException {
    return exclusively(
        () -> {
          Opening.call(connection, Repeat.IDEMPOTENT, file -> file.truncate(size));
          cursor.position = Math.min(cursor.position, size);
          return this;
        });
  }

  /** Forces what was written to the disk of the server. */
  public void force(boolean metadata) throws IOException {
    exclusively(
        () ->
            Opening.call(
                connection,
                Repeat.ONCE,
                file -> {
                  file.force(metadata);
                  return null;
                }));
  }

  @Override
  public boolean isOpen() {
    return !connection.isClosed();
  }

  @Override
  public void close() throws IOException {
    connection.close();
  }

  private int moving(Repeat repeat, Operation<FileChannel, Integer, IOException> transfer)
      throws IOException {
    return exclusively(
        () -> {
          int moved = Opening.call(connection, repeat, transfer);
          cursor.position += Math.max(0, moved);
          return moved;
        });
  }

  /** Something done with the position in hand. */
  private interface Work<R> {
    R run() throws IOException;
  }

  private <R> R exclusively(Work<R> work) throws IOException {
    cursor.lock.lock();
    try {
      if (connection.isClosed()) {
        throw new ClosedChannelException();
      }
      return work.run();
    } finally {
      cursor.lock.unlock();
    }
  }
}
