package io.hamlet.agent.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;

/** A file that nobody but its owner may read. What is in it is never logged. */
public record SecretFile(Path path) {
  private static final Set<PosixFilePermission> TOO_MUCH =
      Set.of(
          PosixFilePermission.GROUP_WRITE,
          PosixFilePermission.OTHERS_READ,
          PosixFilePermission.OTHERS_WRITE);

  /**
   * Looks at the file without keeping what is in it. Throws IllegalArgumentException with what is
   * wrong with it and what to do.
   *
   * @param least bytes it must have
   * @param most bytes it may have
   */
  static SecretFile check(Path path, int least, int most) {
    try {
      if (!Files.isRegularFile(path) || !Files.isReadable(path)) {
        throw new IllegalArgumentException(path + " is not a file that can be read");
      }
      if (Files.getPosixFilePermissions(path).stream().anyMatch(TOO_MUCH::contains)) {
        throw new IllegalArgumentException(
            path + " may be read or written by others; take that away: chmod 600 " + path);
      }
      long size = Files.size(path);
      if (size < least || size > most) {
        throw new IllegalArgumentException(
            "%s has %d bytes; it needs %d to %d, for example from: head -c 64 /dev/urandom"
                .formatted(path, size, least, most));
      }
      return new SecretFile(path);
    } catch (IOException e) {
      throw new IllegalArgumentException(path + " cannot be read: " + e.getMessage(), e);
    }
  }

  /** What is in it now. Throws IOException. */
  public byte[] read() throws IOException {
    return Files.readAllBytes(path);
  }
}
