package io.hamlet.agent.supervise.health;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Waits until the modification time of a file has gone on. The kernel tells at once; what it cannot
 * tell, as behind a link or from another host, is seen at the end of the look.
 */
final class FileProbe implements Probe {
  private final Path path;
  private FileTime last;

  FileProbe(Path path) {
    this.path = path;
    this.last = modified();
  }

  /** Short enough to hand a change on before the next one is due. */
  @Override
  public Duration pace(Duration interval) {
    return interval.dividedBy(8);
  }

  @Override
  public Finding look(Duration limit) throws InterruptedException {
    long end = System.nanoTime() + limit.toNanos();
    try (WatchService watch = FileSystems.getDefault().newWatchService()) {
      path.toAbsolutePath()
          .getParent()
          .register(
              watch, StandardWatchEventKinds.ENTRY_CREATE, StandardWatchEventKinds.ENTRY_MODIFY);
      // Only after the kernel listens: a change between two looks must not be overlooked.
      while (!hasGoneOn()) {
        WatchKey key = watch.poll(end - System.nanoTime(), TimeUnit.NANOSECONDS);
        if (key == null) {
          return hasGoneOn() ? Finding.well("") : Finding.sick(path + " does not change");
        }
        key.pollEvents();
        key.reset();
      }
      return Finding.well("");
    } catch (IOException e) {
      TimeUnit.NANOSECONDS.sleep(Math.max(0, end - System.nanoTime()));
      return hasGoneOn() ? Finding.well("") : Finding.sick(path + " cannot be watched");
    }
  }

  private boolean hasGoneOn() {
    FileTime now = modified();
    boolean hasGoneOn = now != null && (last == null || now.compareTo(last) > 0);
    last = now == null ? last : now;
    return hasGoneOn;
  }

  /** Null while there is no such file. */
  private FileTime modified() {
    try {
      return Files.getLastModifiedTime(path);
    } catch (IOException e) {
      return null;
    }
  }
}
