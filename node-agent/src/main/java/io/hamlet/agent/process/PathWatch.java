package io.hamlet.agent.process;

import io.hamlet.agent.os.Kernel;
import io.hamlet.agent.os.KernelException;
import io.hamlet.agent.os.Reactor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Calls back whenever something happens where a path is, or where it will be: inotify on its
 * nearest directory that exists. All looking is done on one thread of its own, because a path may
 * lie on a file system that hangs; only the descriptor is in the reactor. What is to be done waits
 * for that thread in sets, which cannot grow beyond what is watched. Thread-safe.
 */
final class PathWatch implements AutoCloseable {
  /** A path that is watched. */
  final class Watching {
    private final String path;
    private final Runnable look;
    private int number = -1;
    private volatile boolean over;

    private Watching(String path, Runnable look) {
      this.path = path;
      this.look = look;
    }

    /** Ends it; a call that is under way may still come. Any thread. */
    void cancel() {
      synchronized (lock) {
        over = true;
        living.remove(this);
        if (!begun.remove(this)) {
          ended.add(this);
          later();
        }
      }
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
  private final Set<Watching> armed = new HashSet<>();
  private final byte[] bytes = new byte[4096];

  /** Of all below. */
  private final Object lock = new Object();

  private final Set<Watching> living = new HashSet<>();
  private Set<Watching> begun = new LinkedHashSet<>();
  private Set<Watching> ended = new HashSet<>();
  private Set<Integer> touched = new HashSet<>();
  private boolean lookAgain;
  private boolean waiting;

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
    synchronized (lock) {
      living.add(watching);
      begun.add(watching);
      later();
    }
    armSecondLook();
    return watching;
  }

  /** Under the lock. */
  private void later() {
    if (!waiting) {
      waiting = true;
      workers.execute(this::work);
    }
  }

  /** All that is to be done, on the thread of this class. */
  private void work() {
    Set<Watching> newOnes;
    Set<Watching> oldOnes;
    Set<Integer> numbers;
    boolean all;
    synchronized (lock) {
      newOnes = begun;
      oldOnes = ended;
      numbers = touched;
      all = lookAgain;
      begun = new LinkedHashSet<>();
      ended = new HashSet<>();
      touched = new HashSet<>();
      lookAgain = false;
      waiting = false;
    }
    for (Watching watching : oldOnes) {
      armed.remove(watching);
      leave(watching);
    }
    armed.addAll(newOnes);
    lookAt(List.copyOf(newOnes));
    lookAt(watchedBy(numbers));
    if (all) {
      // Nothing in particular happened, so they stay where they are armed.
      List.copyOf(armed).forEach(this::look);
      reactor.execute(this::secondLookDone);
    }
  }

  private void secondLookDone() {
    secondLook = false;
    armSecondLook();
  }

  /** Core thread. */
  private void armSecondLook() {
    synchronized (lock) {
      if (secondLook || living.isEmpty()) {
        return;
      }
    }
    secondLook = true;
    reactor.after(
        SECOND_LOOK_NANOS,
        () -> {
          synchronized (lock) {
            lookAgain = true;
            later();
          }
        });
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
    synchronized (lock) {
      touched.addAll(numbers);
      later();
    }
  }

  private List<Watching> watchedBy(Set<Integer> numbers) {
    // -1 stands for events that were dropped: any of them may have been for anybody.
    List<Watching> found = new ArrayList<>();
    for (int number : numbers) {
      found.addAll(number < 0 ? armed : byNumber.getOrDefault(number, Set.of()));
    }
    return found;
  }

  private void lookAt(List<Watching> watchings) {
    for (Watching watching : watchings) {
      if (!watching.over) {
        arm(watching);
        look(watching);
      }
    }
  }

  private void look(Watching watching) {
    if (!watching.over) {
      watching.look.run();
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
