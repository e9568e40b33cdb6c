package io.hamlet.it.contract;

import io.hamlet.agent.beats.MappedBeatTable;
import io.hamlet.manager.port.BeatTable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** The files of our own user, which are mapped. */
class MappedBeatTableTest extends BeatTableContract {
  @TempDir Path directory;
  private MappedBeatTable table;

  @BeforeEach
  void open() throws IOException {
    table = new MappedBeatTable(directory.resolve("beats"), p -> !dead.contains(p));
  }

  @AfterEach
  void close() {
    table.close();
  }

  @Override
  protected BeatTable table() {
    return table;
  }

  @Override
  protected void store(int slot, long word) {
    BeatTable.Location place = table.locate(slot);
    try (FileChannel file = FileChannel.open(Path.of(place.path()), StandardOpenOption.WRITE)) {
      ByteBuffer bytes = ByteBuffer.allocate(8).order(ByteOrder.nativeOrder()).putLong(word);
      file.write(bytes.flip(), place.offset());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  protected long uid() {
    try {
      return (Integer) Files.getAttribute(directory, "unix:uid");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
