package io.hamlet.manager.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** Files that are written whole, and are so after a power cut. Stateless. */
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
    make(draft, content, true);
    Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
    names(file.toAbsolutePath().getParent());
  }

  /**
   * Makes a file, or writes one anew. What is left of it when this throws is of no use.
   *
   * @param force its content survives a power cut; its name needs {@link #names}
   */
  public static void make(Path file, byte[] content, boolean force) throws IOException {
    try (FileChannel out =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      write(out, ByteBuffer.wrap(content), 0);
      if (force) {
        out.force(true);
      }
    }
  }

  /** Writes all of it, from that byte of the file on; not forced. */
  public static void write(FileChannel out, ByteBuffer bytes, long at) throws IOException {
    long position = at;
    while (bytes.hasRemaining()) {
      position += out.write(bytes, position);
    }
  }

  /** Makes the names in a directory, as they are now, survive a power cut. */
  public static void names(Path directory) throws IOException {
    try (FileChannel open = FileChannel.open(directory, StandardOpenOption.READ)) {
      open.force(true);
    }
  }
}
