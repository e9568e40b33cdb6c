package io.hamlet.client.recovery.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hamlet.client.recovery.OutcomeUnknown;
import io.hamlet.client.recovery.Recovery;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files whose channel is lost under their users. */
class HaFileChannelTest {
  @TempDir Path directory;
  private final List<FileChannel> opened = new ArrayList<>();
  private Path file;

  @BeforeEach
  void aFile() throws IOException {
    file = Files.writeString(directory.resolve("file"), "0123456789");
  }

  @Test
  void aReaderGoesOnWhereItWas() throws IOException {
    try (HaFileChannel channel = open(StandardOpenOption.READ)) {
      assertThat(read(channel, 4)).isEqualTo("0123");
      lose();
      assertThat(read(channel, 4)).isEqualTo("4567");
      lose();
      assertThat(channel.position()).isEqualTo(8);
      assertThat(channel.size()).isEqualTo(10);
      assertThat(channel.position(9).read(ByteBuffer.allocate(5))).isEqualTo(1);
      assertThat(channel.read(ByteBuffer.allocate(5))).isEqualTo(-1);
      assertThat(channel.position()).isEqualTo(10);
      assertThat(channel.connection().counters().recoveries()).isEqualTo(2);
    }
  }

  @Test
  void aWriterWritesToTheSamePlace() throws IOException {
    try (HaFileChannel channel = open(StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap("ab".getBytes()));
      lose();
      channel.write(ByteBuffer.wrap("cd".getBytes()));
      lose();
      channel.truncate(6);
    }
    assertThat(file).hasContent("abcd45");
  }

  @Test
  void anAppendIsNotRepeated() throws IOException {
    try (HaFileChannel channel = open(StandardOpenOption.APPEND)) {
      lose();
      assertThatThrownBy(() -> channel.write(ByteBuffer.wrap("x".getBytes())))
          .isInstanceOf(IOException.class)
          .hasCauseInstanceOf(OutcomeUnknown.class);
      channel.write(ByteBuffer.wrap("y".getBytes()));
      lose();
      assertThatThrownBy(() -> channel.force(true)).hasCauseInstanceOf(OutcomeUnknown.class);
    }
    assertThat(file).hasContent("0123456789y");
  }

  @Test
  void aFileThatWasCreatedIsNotEmptiedAgain() throws IOException {
    try (HaFileChannel channel = HaFileChannel.create(file)) {
      channel.write(ByteBuffer.wrap("ab".getBytes()));
      channel
          .connection()
          .call(
              io.hamlet.client.recovery.Repeat.ONCE,
              c -> {
                c.close();
                return null;
              });
      channel.write(ByteBuffer.wrap("cd".getBytes()));
    }
    assertThat(file).hasContent("abcd");
  }

  @Test
  void duplicatesShareThePositionAndTheLastClosesTheFile() throws IOException {
    HaFileChannel one = open(StandardOpenOption.READ);
    HaFileChannel two = one.dup();
    read(one, 3);
    lose();
    assertThat(read(two, 3)).isEqualTo("345");
    one.close();
    assertThatThrownBy(one::position).isInstanceOf(ClosedChannelException.class);
    assertThat(one.isOpen()).isFalse();
    assertThat(read(two, 3)).isEqualTo("678");
    two.close();
    assertThat(opened.getLast().isOpen()).isFalse();
  }

  @Test
  void anInterruptOfOneThreadIsNotTheEndForOthers() throws Exception {
    try (HaFileChannel channel = open(StandardOpenOption.READ)) {
      FutureTask<String> interrupted =
          new FutureTask<>(
              () -> {
                Thread.currentThread().interrupt();
                return read(channel, 2);
              });
      Thread.ofVirtual().start(interrupted).join();
      assertThatThrownBy(interrupted::get).hasCauseInstanceOf(ClosedByInterruptException.class);
      assertThat(opened.getLast().isOpen()).isFalse();
      assertThat(read(channel, 2)).isEqualTo("01");
    }
  }

  @Test
  void aFileThatIsGoneIsItsOriginalError() throws IOException {
    try (HaFileChannel channel = open(StandardOpenOption.READ)) {
      Files.delete(file);
      lose();
      assertThatThrownBy(() -> read(channel, 1)).isInstanceOf(ClosedChannelException.class);
    }
  }

  private HaFileChannel open(StandardOpenOption option) throws IOException {
    FileChannel first = FileChannel.open(file, option);
    opened.add(first);
    Recovery<FileChannel> again =
        it ->
            it.reopen(
                () -> {
                  opened.add(FileChannel.open(file, option));
                  return opened.getLast();
                });
    if (option != StandardOpenOption.APPEND) {
      return HaFileChannel.attach(first, again, HaFileChannel.usual());
    }
    first.close();
    HaFileChannel appending = HaFileChannel.open(file, again, HaFileChannel.usual(), option);
    appending.connection().call(io.hamlet.client.recovery.Repeat.ONCE, opened::add);
    return appending;
  }

  /** What the death of a file server looks like from here. */
  private void lose() throws IOException {
    opened.getLast().close();
  }

  private static String read(HaFileChannel channel, int bytes) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(bytes);
    channel.read(buffer);
    return new String(buffer.array(), 0, buffer.position());
  }
}
