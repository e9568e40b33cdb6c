package io.hamlet.agent.process;

import io.hamlet.manager.disk.Contents;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The output of entities that were removed: one may want to read it afterwards, and who is detached
 * runs on and writes; so the files written last are kept, and older ones go.
 */
final class OldLogs {
  /** Files of so many that are gone, each with its earlier parts. */
  static final int KEPT = 100;

  private static final Pattern LOG = Pattern.compile("(.+\\.log)(\\.[1-9])?");

  private OldLogs() {}

  /**
   * Removes what is too much. For workers.
   *
   * @param inUse the files of those that are there, as of now: asked once more before any goes
   */
  static void sweep(Path directory, Supplier<Set<Path>> inUse) {
    try {
      Map<Path, FileTime> gone = written(directory);
      gone.keySet().removeAll(inUse.get());
      List<Path> newestFirst = new ArrayList<>(gone.keySet());
      newestFirst.sort(Comparator.comparing(gone::get).reversed());
      List<Path> old = newestFirst.subList(Math.min(KEPT, newestFirst.size()), newestFirst.size());
      old.removeAll(old.isEmpty() ? Set.of() : inUse.get());
      for (Path log : old) {
        remove(log);
      }
    } catch (IOException e) {
      // They take room, and that is all they do; the next sweep tries again.
      return;
    }
  }

  /** When each file, or an earlier part of it, was written last. */
  private static Map<Path, FileTime> written(Path directory) throws IOException {
    Map<Path, FileTime> found = new HashMap<>();
    for (Path file : Contents.of(directory, "*.log*")) {
      Matcher name = LOG.matcher(file.getFileName().toString());
      if (name.matches() && Files.isRegularFile(file)) {
        found.merge(
            directory.resolve(name.group(1)),
            Files.getLastModifiedTime(file),
            (one, other) -> one.compareTo(other) < 0 ? other : one);
      }
    }
    return found;
  }

  private static void remove(Path log) throws IOException {
    Files.deleteIfExists(log);
    for (int i = 1; i <= LogFiles.KEPT; i++) {
      Files.deleteIfExists(LogFiles.numbered(log, i));
    }
  }
}
