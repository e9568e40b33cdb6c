package io.hamlet.manager.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** Files that are whole after a power cut. Stateless. */
public final class Durable {
  private static final String DRAFT = ".new";

  private Durable() {}

  /**
   * Makes a file, or puts another in its place: after a power cut it is the old one or the new one.
   * On the disk when this returns. Two callers must not write one file at a time.
   *
   * @throws IOException when it is still the old one
   */
  public static void replace(Path file, byte[] content) throws IOException {
    Path draft = file.resolveSibling(file.getFileName() + DRAFT);
    try (FileChannel out =
        FileChannel.open(
            draft,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      ByteBuffer rest = ByteBuffer.wrap(content);
      while (rest.hasRemaining()) {
        out.write(rest);
      }
      out.force(true);
    }
    Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
    names(file.toAbsolutePath().getParent());
  }

  /** Makes the names in a directory, as they are now, survive a power cut. */
  public static void names(Path directory) throws IOException {
    try (FileChannel open = FileChannel.open(directory, StandardOpenOption.READ)) {
      open.force(true);
    }
  }
}
