package io.hamlet.agent.supervise;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The place of the one {@code ham supervise} for a program of a name: a lock that ends with us, and
 * paths that are the same for whoever comes after us.
 */
public final class Seat implements AutoCloseable {
  private final Path base;
  private final FileChannel channel;

  private Seat(Path base, FileChannel channel) {
    this.base = base;
    this.channel = channel;
  }

  /** Somebody sits there. */
  public static final class Taken extends Exception {
    private Taken(String message) {
      super(message);
    }
  }

  /**
   * Takes it.
   *
   * @param directory for all of them; made if it is missing
   * @param whose tells one from all others of this host
   */
  public static Seat take(Path directory, String whose) throws IOException, Taken {
    if (!Files.isDirectory(directory)) {
      // Not private: the program may run as another user, and must find its socket.
      Files.createDirectories(
          directory,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
    }
    Path base = directory.resolve(mark(whose));
    Path lock = beside(base, ".lock");
    FileChannel channel =
        FileChannel.open(
            lock, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    try {
      FileLock held = channel.tryLock();
      if (held != null) {
        String pid = ProcessHandle.current().pid() + "\n";
        channel.truncate(0);
        channel.write(StandardCharsets.US_ASCII.encode(pid));
        return new Seat(base, channel);
      }
    } catch (OverlappingFileLockException e) {
      // Ourselves, in another thread.
    }
    channel.close();
    throw new Taken(
        "another ham supervise does that already, process " + Files.readString(lock).strip());
  }

  /** Where the program speaks to us. */
  Path socket() {
    return beside(base, ".notify");
  }

  /** What it prints, when somebody else runs it. */
  Path output() {
    return beside(base, ".out");
  }

  private static Path beside(Path base, String ending) {
    return base.resolveSibling(base.getFileName() + ending);
  }

  private static String mark(String whose) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      byte[] hash = digest.digest(whose.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash, 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The next one may come. The file stays: to remove it would give two of them a lock each. */
  @Override
  public void close() throws IOException {
    channel.close();
  }
}
