package io.hamlet.manager.disk;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Directories with all that is in them. Stateless. */
public final class Trees {
  private Trees() {}

  /**
   * Removes it and all that is in it, if it is there; of a link only the link.
   *
   * @throws IOException when some of it is left
   */
  public static void remove(Path tree) throws IOException {
    if (Files.notExists(tree, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    for (Path path : all(tree).reversed()) {
      Files.deleteIfExists(path);
    }
  }

  /**
   * It and all that is in it, directories before what is in them; links are not followed.
   *
   * @throws IOException also when it cannot be read to its end
   */
  public static List<Path> all(Path tree) throws IOException {
    try (Stream<Path> found = Files.walk(tree)) {
      return found.sorted().toList();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }
}
