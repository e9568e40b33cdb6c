package io.hamlet.it.sim;

import io.hamlet.manager.disk.Trees;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A directory for one world, in memory where there is such a place; gone when it is closed. */
public final class SimFiles implements AutoCloseable {
  private static final Path MEMORY = Path.of("/dev/shm");

  private final Path directory;

  public SimFiles() {
    try {
      directory =
          Files.isWritable(MEMORY)
              ? Files.createTempDirectory(MEMORY, "hamlet-sim")
              : Files.createTempDirectory("hamlet-sim");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public Path directory() {
    return directory;
  }

  @Override
  public void close() {
    try {
      Trees.remove(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
