package io.hamlet.agent.beats;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** Makes and opens the files of the table. */
final class BeatFiles {
  private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  private BeatFiles() {}

  /** Everybody may pass through the directory, nobody else may list or change it. */
  static void makeDirectory(Path directory) throws IOException {
    if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
      Files.createDirectory(directory);
    }
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx--x--x"));
  }

  /**
   * Opens a file, made if need be. It is filled with zeros and not left sparse: a full tmpfs is
   * then an IOException here instead of a SIGBUS at a store.
   */
  static FileChannel open(Path file, long bytes) throws IOException {
    FileChannel channel =
        FileChannel.open(
            file,
            Set.of(
                StandardOpenOption.READ,
                StandardOpenOption.WRITE,
                StandardOpenOption.CREATE,
                LinkOption.NOFOLLOW_LINKS),
            OWNER_ONLY);
    try {
      ByteBuffer zeros = ByteBuffer.allocate(4096);
      for (long size = channel.size(); size < bytes; size = channel.size()) {
        zeros.clear().limit((int) Math.min(zeros.capacity(), bytes - size));
        channel.write(zeros, size);
      }
      return channel;
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  /** User id of a file or directory. */
  static long owner(Path path) throws IOException {
    int uid = (Integer) Files.getAttribute(path, "unix:uid", LinkOption.NOFOLLOW_LINKS);
    return Integer.toUnsignedLong(uid);
  }

  /** Gives a file away; only root can. */
  static void give(Path file, long uid) throws IOException {
    if (owner(file) != uid) {
      Files.setAttribute(file, "unix:uid", (int) uid, LinkOption.NOFOLLOW_LINKS);
    }
  }
}
