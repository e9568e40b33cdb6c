package io.hamlet.client.recovery.io;

import io.hamlet.client.recovery.HaConnection;
import io.hamlet.client.recovery.Losses;
import io.hamlet.client.recovery.Opener;
import io.hamlet.client.recovery.Operation;
import io.hamlet.client.recovery.OutcomeUnknown;
import io.hamlet.client.recovery.Recovery;
import io.hamlet.client.recovery.Repeat;
import io.hamlet.client.recovery.Terms;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.util.Objects;

/**
 * A socket that outlives its server, for one who reads a stream: the recovery function connects
 * again and asks for the rest. A blocking channel. Thread-safe.
 *
 * <p>A read is done again after a recovery. A write is not unless that was said: it ends as an
 * IOException whose cause is {@link OutcomeUnknown}. For requests with answers use {@link #call},
 * so that the whole exchange is repeated and not half of it.
 */
public final class HaSocketChannel implements ByteChannel {
  /** What the end of the stream means. */
  public enum End {
    /** The server has said all: a read gives -1. */
    IS_END,
    /** More was to come: the connection is lost. */
    IS_LOSS
  }

  private final HaConnection<SocketChannel> connection;
  private final End end;
  private final Repeat writes;

  private HaSocketChannel(HaConnection<SocketChannel> connection, End end, Repeat writes) {
    this.connection = connection;
    this.end = end;
    this.writes = writes;
  }

  /** Connects (ha_ConnectAttach) under {@link #usual} terms. */
  public static HaSocketChannel open(
      SocketAddress server, Recovery<SocketChannel> recovery, End end) throws IOException {
    return open(() -> SocketChannel.open(server), recovery, end, usual());
  }

  /** The same with whatever else it takes to begin. */
  public static HaSocketChannel open(
      Opener<SocketChannel> opener, Recovery<SocketChannel> recovery, End end) throws IOException {
    return open(opener, recovery, end, usual());
  }

  /** The same under other terms. */
  public static HaSocketChannel open(
      Opener<SocketChannel> opener, Recovery<SocketChannel> recovery, End end, Terms terms)
      throws IOException {
    Objects.requireNonNull(end, "end");
    return new HaSocketChannel(Opening.of(opener, recovery, terms), end, Repeat.ONCE);
  }

  /** The errors of sockets are losses. */
  public static Terms usual() {
    return Terms.USUAL.losses(Losses.SOCKET);
  }

  /** The same connection, with writes that may be done again; close either. */
  public HaSocketChannel repeatingWrites() {
    return new HaSocketChannel(connection, end, Repeat.IDEMPOTENT);
  }

  /** A second holder (ha_dup). */
  public HaSocketChannel dup() {
    return new HaSocketChannel(connection.dup(), end, writes);
  }

  /** For control, counters, replacing the function. */
  public HaConnection<SocketChannel> connection() {
    return connection;
  }

  /** A whole exchange with the server; concurrent ones are the caller's to keep apart. */
  public <R> R call(Repeat repeat, Operation<SocketChannel, R, IOException> exchange)
      throws IOException {
    checkOpen();
    return Opening.call(connection, repeat, exchange);
  }

  @Override
  public int read(ByteBuffer into) throws IOException {
    checkOpen();
    int from = into.position();
    return Opening.call(
        connection,
        Repeat.IDEMPOTENT,
        socket -> {
          int got = socket.read(into.position(from));
          if (got < 0 && end == End.IS_LOSS) {
            throw new EOFException("the server has ended the connection");
          }
          return got;
        });
  }

  @Override
  public int write(ByteBuffer bytes) throws IOException {
    checkOpen();
    int from = bytes.position();
    return Opening.call(connection, writes, socket -> socket.write(bytes.position(from)));
  }

  /** A stream over {@link #read}; closing it closes the channel. */
  public InputStream inputStream() {
    return Channels.newInputStream(this);
  }

  /** A stream over {@link #write}; closing it closes the channel. */
  public OutputStream outputStream() {
    return Channels.newOutputStream(this);
  }

  @Override
  public boolean isOpen() {
    return !connection.isClosed();
  }

  @Override
  public void close() throws IOException {
    connection.close();
  }

  private void checkOpen() throws ClosedChannelException {
    if (connection.isClosed()) {
      throw new ClosedChannelException();
    }
  }
}
