package io.hamlet.agent;

import io.hamlet.agent.os.Kernel;
import io.hamlet.agent.os.Reactor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What others find this manager by, and what it cannot make again while it runs: its socket, which
 * its Guardian holds too, and the files of the heartbeats, which programs have mapped. That one was
 * removed is logged at once and told for as long as it is so. Core thread, but for {@link
 * #troubles} and {@link #close}.
 */
final class Belongings implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Belongings.class);
  private static final int GONE = Kernel.IN_ATTRIB | Kernel.IN_DELETE_SELF | Kernel.IN_MOVE_SELF;

  private final Kernel kernel;
  private final Reactor reactor;
  private final Map<Path, String> all;
  private final Set<Path> logged = new TreeSet<>();
  private final int inotify;
  private volatile boolean closed;

  /**
   * @param inotify this object's from now on; negative: there is none
   * @param all each with what its absence means, for people
   */
  Belongings(Kernel kernel, Reactor reactor, int inotify, Map<Path, String> all) {
    this.kernel = kernel;
    this.reactor = reactor;
    this.all = new TreeMap<>(all);
    this.inotify = inotify;
    if (inotify >= 0) {
      this.all.keySet().forEach(path -> kernel.inotifyAdd(inotify, path.toString(), GONE));
      reactor.add(inotify, Kernel.EPOLL_IN, events -> look());
    }
  }

  /** What is missing now. Any thread. */
  List<String> troubles() {
    List<String> found = new ArrayList<>();
    all.forEach(
        (path, meaning) -> {
          if (Files.notExists(path)) {
            found.add(text(path, meaning));
          }
        });
    return found;
  }

  private void look() {
    kernel.read(inotify, new byte[4096]);
    all.forEach(
        (path, meaning) -> {
          if (!closed && Files.notExists(path) && logged.add(path)) {
            LOG.warn("{}", text(path, meaning));
          }
        });
  }

  private static String text(Path path, String meaning) {
    return path + " was removed while the node ran: " + meaning;
  }

  /** What is removed from now on is removed by us. Any thread. */
  @Override
  public void close() {
    closed = true;
    if (inotify >= 0) {
      reactor.execute(() -> reactor.removeAndClose(inotify));
    }
  }
}
