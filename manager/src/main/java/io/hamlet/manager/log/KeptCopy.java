package io.hamlet.manager.log;

import io.hamlet.manager.disk.Durable;
import io.hamlet.manager.disk.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * The longest copy of a tree that its node did not go on from, as when it came back with an empty
 * disk while nobody answered it: maybe the only one there is.
 *
 * @param place null: none is kept
 */
record KeptCopy(Path place) {
  boolean isThere() {
    return place != null && Files.isDirectory(place);
  }

  /**
   * Moves a copy here, whole, unless a longer one is here.
   *
   * @param end of that copy
   * @return whether it was moved
   */
  boolean take(LogDirectory copy, Mark end) throws IOException {
    if (place == null || copy.snapshots().isEmpty() || isBeyond(end)) {
      return false;
    }
    new LogDirectory(place.getParent()).make();
    Trees.remove(place);
    Files.move(copy.path(), place, StandardCopyOption.ATOMIC_MOVE);
    Durable.names(place.getParent());
    Durable.names(copy.path().toAbsolutePath().getParent());
    return true;
  }

  private boolean isBeyond(Mark end) throws IOException {
    try {
      return isThere() && LogSource.lying(place).newest() > end.index();
    } catch (StateUnreadable e) {
      // Another version can read it.
      return true;
    }
  }
}
