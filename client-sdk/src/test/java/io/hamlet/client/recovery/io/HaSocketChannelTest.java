package io.hamlet.client.recovery.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hamlet.client.recovery.OutcomeUnknown;
import io.hamlet.client.recovery.Recovering;
import io.hamlet.client.recovery.Recovery;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Sockets whose server goes away in the middle. */
@Timeout(60)
class HaSocketChannelTest {
  private static final byte[] TEXT = "the quick brown fox jumps over the lazy dog".getBytes();

  private final AtomicInteger served = new AtomicInteger();
  private ServerSocketChannel server;

  @BeforeEach
  void aServerThatSaysFiveBytesFromAnOffsetAndEnds() throws IOException {
    server = ServerSocketChannel.open();
    server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    Thread.startVirtualThread(
        () -> {
          while (server.isOpen()) {
            try (SocketChannel client = server.accept()) {
              served.incrementAndGet();
              ByteBuffer offset = ByteBuffer.allocate(1);
              client.read(offset);
              int from = offset.get(0);
              client.write(ByteBuffer.wrap(TEXT, from, Math.min(5, TEXT.length - from)));
            } catch (IOException e) {
              // The next one.
            }
          }
        });
  }

  @AfterEach
  void close() throws IOException {
    server.close();
  }

  @Test
  void aReaderWithASavedOffsetLosesAndDoublesNothing() throws IOException {
    byte[] got = new byte[TEXT.length];
    int[] at = new int[1];
    Recovery<SocketChannel> ask =
        it -> {
          int id = it.reopen(() -> SocketChannel.open(server.getLocalAddress()));
          return askFrom(it, at[0], id);
        };
    try (HaSocketChannel socket =
        HaSocketChannel.open(server.getLocalAddress(), ask, HaSocketChannel.End.IS_LOSS)) {
      socket.write(ByteBuffer.wrap(new byte[] {0}));
      InputStream in = socket.inputStream();
      while (at[0] < got.length) {
        at[0] += in.read(got, at[0], Math.min(3, got.length - at[0]));
      }
      assertThat(got).isEqualTo(TEXT);
      assertThat(socket.connection().counters().recoveries()).isEqualTo(served.get() - 1L);
      assertThat(served.get()).isGreaterThanOrEqualTo(9);
    }
  }

  @Test
  void anEndCanBeAnEnd() throws IOException {
    try (HaSocketChannel socket =
        HaSocketChannel.open(server.getLocalAddress(), null, HaSocketChannel.End.IS_END)) {
      socket.write(ByteBuffer.wrap(new byte[] {40}));
      assertThat(socket.inputStream().readAllBytes()).isEqualTo("dog".getBytes());
    }
  }

  @Test
  void aWriteThatWasLostIsNotSentAgainUnlessThatWasSaid() throws IOException {
    Recovery<SocketChannel> again =
        it -> it.reopen(() -> SocketChannel.open(server.getLocalAddress()));
    HaSocketChannel socket =
        HaSocketChannel.open(server.getLocalAddress(), again, HaSocketChannel.End.IS_LOSS);
    lose(socket);
    assertThatThrownBy(() -> socket.write(ByteBuffer.wrap(new byte[] {40})))
        .hasCauseInstanceOf(OutcomeUnknown.class);
    lose(socket);
    HaSocketChannel repeating = socket.repeatingWrites();
    repeating.write(ByteBuffer.wrap(new byte[] {40}));
    ByteBuffer buffer = ByteBuffer.allocate(3);
    while (buffer.hasRemaining()) {
      socket.read(buffer);
    }
    assertThat(buffer.array()).isEqualTo("dog".getBytes());
    socket.close();
    assertThat(repeating.isOpen()).isFalse();
    assertThatThrownBy(() -> socket.write(buffer))
        .isInstanceOf(java.nio.channels.ClosedChannelException.class);
  }

  private static void lose(HaSocketChannel socket) {
    socket
        .connection()
        .call(
            io.hamlet.client.recovery.Repeat.ONCE,
            c -> {
              closed(c);
              return null;
            });
  }

  private static void closed(SocketChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static int askFrom(Recovering<SocketChannel> it, int offset, int id) throws IOException {
    it.connection().write(ByteBuffer.wrap(new byte[] {(byte) offset}));
    return id;
  }
}
