package io.hamlet.manager.disk;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * What lies in a directory; in one that others may fill without limit look at one by one.
 * Stateless.
 */
public final class Contents {
  private Contents() {}

  /**
   * All of it, sorted; what comes and goes meanwhile may be there or not.
   *
   * @throws IOException also when the directory cannot be read to its end
   */
  public static List<Path> of(Path directory) throws IOException {
    return of(directory, "*");
  }

  /**
   * The same of those whose names match.
   *
   * @param glob as of {@link java.nio.file.FileSystem#getPathMatcher}; {@code *} matches a leading
   *     dot as well
   */
  public static List<Path> of(Path directory, String glob) throws IOException {
    try (DirectoryStream<Path> found = Files.newDirectoryStream(directory, glob)) {
      return all(found);
    }
  }

  static List<Path> all(DirectoryStream<Path> found) throws IOException {
    List<Path> all = new ArrayList<>();
    try {
      found.forEach(all::add);
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    Collections.sort(all);
    return all;
  }
}
