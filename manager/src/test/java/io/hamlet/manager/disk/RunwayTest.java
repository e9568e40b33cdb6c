package io.hamlet.manager.disk;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What stands in a file, and that its length changes seldom. */
class RunwayTest {
  private static final int PIECE = 1000;

  @TempDir Path directory;

  @Test
  void zerosAreAheadAndItIsAsLongAsWhatWasWrittenWhenClosed() throws IOException {
    Path file = directory.resolve("file");
    Runway runway = open(file);
    byte[] written = new byte[3 * Runway.BYTES / PIECE * PIECE];
    int lengths = 0;
    long length = 0;
    for (int at = 0; at < written.length; at += PIECE) {
      Arrays.fill(written, at, at + PIECE, (byte) (1 + at / PIECE % 100));
      runway.write(ByteBuffer.wrap(written, at, PIECE), at);
      runway.force(false);
      lengths += Files.size(file) == length ? 0 : 1;
      length = Files.size(file);
    }
    assertThat(lengths).isEqualTo(3);
    byte[] found = Files.readAllBytes(file);
    assertThat(Arrays.copyOf(found, written.length)).isEqualTo(written);
    assertThat(Arrays.copyOfRange(found, written.length, found.length)).containsOnly(0);

    runway.close(written.length);
    assertThat(Files.readAllBytes(file)).isEqualTo(written);
  }

  @Test
  void oneThatIsOpenedAgainGoesOnWithTheZerosThatAreThere() throws IOException {
    Path file = directory.resolve("file");
    Files.write(file, new byte[8 * PIECE]);
    Runway runway = open(file);
    runway.write(ByteBuffer.wrap(new byte[PIECE]), PIECE);
    assertThat(Files.size(file)).isEqualTo(8 * PIECE);
    runway.close(2 * PIECE);
    assertThat(Files.size(file)).isEqualTo(2 * PIECE);
  }

  private static Runway open(Path file) throws IOException {
    return new Runway(FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE));
  }
}
