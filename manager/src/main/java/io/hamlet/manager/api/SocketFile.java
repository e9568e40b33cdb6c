package io.hamlet.manager.api;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * A socket file of ours. Immutable.
 *
 * @param key tells it from one that a successor has put in its place
 */
record SocketFile(Path path, Object key) {
  /**
   * The one that is here now.
   *
   * @param later where it is going to be
   */
  static SocketFile of(Path now, Path later) throws IOException {
    return new SocketFile(later, key(now));
  }

  /** A socket may be replaced; throws IOException when something else is there. */
  static void checkFree(Path path) throws IOException {
    boolean socket = Files.exists(path, LinkOption.NOFOLLOW_LINKS) && attributes(path).isOther();
    if (!socket && Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      throw new IOException(
          path + " is in the way: it is no socket; remove it or use another path");
    }
  }

  /** Leaves that of a successor; throws IOException when there is none. */
  void remove() throws IOException {
    if (key.equals(key(path))) {
      Files.deleteIfExists(path);
    }
  }

  private static Object key(Path path) throws IOException {
    return attributes(path).fileKey();
  }

  private static BasicFileAttributes attributes(Path path) throws IOException {
    return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
  }
}
