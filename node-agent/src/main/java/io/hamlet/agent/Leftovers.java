package io.hamlet.agent;

import io.hamlet.agent.config.Places;
import io.hamlet.manager.disk.Contents;
import io.hamlet.manager.disk.Trees;
import io.hamlet.manager.log.StateLock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/**
 * The memory of nodes that were killed and can never come back, because their state directory was
 * removed: some 14 MB each until the next boot. A starting node clears those beside its own.
 *
 * <p>Three things prove that nobody needs it: it says whose it is, nobody holds its lock, and the
 * file system that the state directory was on is there without it. A disk that is only not mounted
 * proves nothing. Thread-safe.
 */
final class Leftovers {
  private static final String RECORD = "state";

  private Leftovers() {}

  /** Leaves word in a node's memory where its state is. */
  static void record(Places places) throws IOException {
    String line = device(places.state()) + " " + places.state() + "\n";
    Files.writeString(places.memory().resolve(RECORD), line);
  }

  /** Clears what other nodes of this user left, behind: nothing waits for it. */
  static void clearBehind(Places places) {
    Thread.ofPlatform().daemon().name("leftovers").start(() -> clear(places.memory()));
  }

  static void clear(Path own) {
    try {
      for (Path memory : Contents.of(own.getParent())) {
        if (!memory.equals(own) && isAbandoned(memory)) {
          clearIfNobodyHolds(memory);
        }
      }
    } catch (IOException | StateLock.Taken e) {
      // It is a kindness, and the next node that starts does it again.
      return;
    }
  }

  private static void clearIfNobodyHolds(Path memory) throws IOException {
    try (StateLock _ = StateLock.take(memory.resolve("log"))) {
      // Looked at again: who begins there makes its state directory before it takes the lock.
      if (isAbandoned(memory)) {
        Trees.remove(memory);
      }
    } catch (StateLock.Taken e) {
      // It lives without its state, and that is for its launcher to tell.
      return;
    }
  }

  private static boolean isAbandoned(Path memory) {
    if (!Files.isDirectory(memory.resolve("log"), LinkOption.NOFOLLOW_LINKS)) {
      return false;
    }
    try {
      String[] record = Files.readString(memory.resolve(RECORD)).strip().split(" ", 2);
      Path state = Path.of(record[1]);
      return Files.notExists(state) && device(nearest(state)) == Long.parseLong(record[0]);
    } catch (IOException | RuntimeException e) {
      // Not ours to judge.
      return false;
    }
  }

  private static Path nearest(Path path) {
    Path there = path;
    while (Files.notExists(there)) {
      there = there.getParent();
    }
    return there;
  }

  private static long device(Path path) throws IOException {
    return (Long) Files.getAttribute(path, "unix:dev");
  }
}
