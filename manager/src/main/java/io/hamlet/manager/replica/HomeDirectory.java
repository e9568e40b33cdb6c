package io.hamlet.manager.replica;

import io.hamlet.manager.disk.Contents;
import io.hamlet.manager.disk.Durable;
import io.hamlet.manager.disk.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * How a node's own log on disk is replaced by one that was pulled, whole or not at all: a directory
 * takes its final name only when it is complete, and a change that was cut short is finished at the
 * next start.
 */
public final class HomeDirectory {
  private static final String LOG = "log";
  private static final String COMING = "log-coming";
  private static final String RESTORED = "log-restored";
  private static final String ASIDE = "log-aside-";
  private static final String REPLICAS = "replicas";
  private static final int KEPT = 2;

  private HomeDirectory() {}

  static Path log(Path state) {
    return state.resolve(LOG);
  }

  /** Where copies of other nodes' trees are. */
  public static Path replicas(Path state) {
    return state.resolve(REPLICAS);
  }

  /** Where a log is pulled to. */
  static Path coming(Path state) {
    return state.resolve(COMING);
  }

  /** What was pulled is complete and on disk. */
  static void complete(Path state) throws IOException {
    Files.move(coming(state), state.resolve(RESTORED), StandardCopyOption.ATOMIC_MOVE);
    Durable.names(state);
  }

  /** Puts what is complete in its place, and removes what is not. Nobody has the log open. */
  public static void settle(Path state) throws IOException {
    Trees.remove(coming(state));
    Path restored = state.resolve(RESTORED);
    if (!Files.isDirectory(restored)) {
      return;
    }
    if (Files.isDirectory(log(state))) {
      Files.move(log(state), free(state), StandardCopyOption.ATOMIC_MOVE);
    }
    Files.move(restored, log(state), StandardCopyOption.ATOMIC_MOVE);
    Durable.names(state);
  }

  /** A free name, when old ones have made room. */
  private static Path free(Path state) throws IOException {
    List<Path> asides = new ArrayList<>(Contents.of(state, ASIDE + "*"));
    asides.sort(Comparator.comparingInt(HomeDirectory::number));
    for (Path old : asides.subList(0, Math.max(0, asides.size() - KEPT + 1))) {
      Trees.remove(old);
    }
    return state.resolve(ASIDE + (asides.isEmpty() ? 1 : number(asides.getLast()) + 1));
  }

  private static int number(Path aside) {
    String digits = aside.getFileName().toString().substring(ASIDE.length());
    return digits.matches("[0-9]{1,9}") ? Integer.parseInt(digits) : 0;
  }
}
