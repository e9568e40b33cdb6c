package io.hamlet.agent.process;

import io.hamlet.agent.os.Kernel;
import io.hamlet.agent.os.KernelException;
import io.hamlet.agent.os.Reactor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Calls back whenever something happens where a path is, or where it will be: inotify on its
 * nearest directory that exists. All looking is done on one thread of its own, because a path may
 * lie on a file system that hangs; only the descriptor is in the reactor. Thread-safe.
 */
final class PathWatch implements AutoCloseable {
  /** A path that is watched. */
  final class Watching {
    private final String path;
    private final Runnable look;
    private int number = -1;
    private boolean over;

    private Watching(String path, Runnable look) {
      this.path = path;
      this.look = look;
    }

    /** Ends it; a call that is under way may still come. Any thread. */
    void cancel() {
      workers.execute(
          () -> {
            over = true;
            all.remove(this);
            leave(this);
          });
    }
  }

  private static final int EVENTS =
      Kernel.IN_CREATE
          | Kernel.IN_MOVED_TO
          | Kernel.IN_CLOSE_WRITE
          | Kernel.IN_DELETE_SELF
          | Kernel.IN_MOVE_SELF
          | Kernel.IN_ONLYDIR;

  /** Network file systems, /proc and dangling links tell inotify nothing, so look now and then. */
  private static final long SECOND_LOOK_NANOS = 1_000_000_000L;

  private final Kernel kernel;
  private final Reactor reactor;
  private final Workers workers;
  private final Map<Integer, Set<Watching>> byNumber = new HashMap<>();
  private final Set<Watching> all = new HashSet<>();
  private final byte[] bytes = new byte[4096];
  private boolean secondLook;
  private int inotify = -1;

  PathWatch(Kernel kernel, Reactor reactor, String name) {
    this.kernel = kernel;
    this.reactor = reactor;
    this.workers = new Workers(name, 1);
  }

  /**
   * Calls back now and after each change, on a thread of this class. Core thread.
   *
   * @param path absolute
   */
  Watching on(String path, Runnable look) {
    if (inotify < 0) {
      inotify = (int) KernelException.check(kernel.inotifyCreate(), "inotify_init1");
      reactor.add(inotify, Kernel.EPOLL_IN, events -> changed());
    }
    Watching watching = new Watching(path, look);
    workers.execute(
        () -> {
          all.add(watching);
          arm(watching);
          look.run();
        });
    if (!secondLook) {
      secondLook = true;
      reactor.after(SECOND_LOOK_NANOS, this::lookAgain);
    }
    return watching;
  }

  private void lookAgain() {
    workers.execute(
        () -> {
          List.copyOf(all).forEach(watching -> watching.look.run());
          boolean more = !all.isEmpty();
          reactor.execute(() -> armSecondLook(more));
        });
  }

  private void armSecondLook(boolean more) {
    secondLook = more;
    if (more) {
      reactor.after(SECOND_LOOK_NANOS, this::lookAgain);
    }
  }

  private void changed() {
    int n = kernel.read(inotify, bytes);
    ByteBuffer events = ByteBuffer.wrap(bytes, 0, Math.max(0, n)).order(ByteOrder.nativeOrder());
    Set<Integer> numbers = new HashSet<>();
    while (events.remaining() >= 16) {
      numbers.add(events.getInt());
      int name = events.getInt(events.position() + 8);
      events.position(events.position() + 12 + name);
    }
    workers.execute(() -> lookAt(numbers));
  }

  private void lookAt(Set<Integer> numbers) {
    // -1 stands for events that were dropped: any of them may have been for anybody.
    List<Watching> touched = new ArrayList<>();
    for (int number : numbers) {
      touched.addAll(number < 0 ? all : byNumber.getOrDefault(number, Set.of()));
    }
    for (Watching watching : touched) {
      if (!watching.over) {
        arm(watching);
        watching.look.run();
      }
    }
  }

  /** Watches the nearest directory; when that has changed meanwhile, a nearer one. */
  private void arm(Watching watching) {
    while (true) {
      int before = watching.number;
      int found = nearest(watching.path);
      if (found < 0 || found == before) {
        return;
      }
      leave(watching);
      watching.number = found;
      byNumber.computeIfAbsent(found, key -> new HashSet<>()).add(watching);
    }
  }

  private int nearest(String path) {
    String directory = path;
    while (directory.length() > 1) {
      int slash = directory.lastIndexOf('/');
      directory = slash <= 0 ? "/" : directory.substring(0, slash);
      long number = kernel.inotifyAdd(inotify, directory, EVENTS);
      if (number >= 0) {
        return (int) number;
      }
    }
    return -1;
  }

  private void leave(Watching watching) {
    Set<Watching> others = byNumber.get(watching.number);
    if (others != null) {
      others.remove(watching);
      if (others.isEmpty()) {
        byNumber.remove(watching.number);
        kernel.inotifyRemove(inotify, watching.number);
      }
    }
    watching.number = -1;
  }

  @Override
  public void close() {
    workers.close();
    if (inotify >= 0) {
      reactor.removeAndClose(inotify);
      inotify = -1;
    }
  }
}
