package io.hamlet.agent.cli;

import io.hamlet.agent.os.BootId;
import io.hamlet.agent.os.Errno;
import io.hamlet.agent.os.Kernel;
import io.hamlet.agent.os.KernelException;
import io.hamlet.agent.os.ffm.FfmKernel;
import io.hamlet.client.Status;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

/**
 * The end of a node's managers, as the kernel tells it: held by pidfd from before the stop on, so
 * that no other process is ever taken for one of them. For one thread.
 */
final class Departure implements AutoCloseable {
  private final Kernel kernel = new FfmKernel();
  private final List<Integer> living = new ArrayList<>();
  private final int epoll = (int) KernelException.check(kernel.epollCreate(), "epoll_create1");

  private Departure() {}

  /**
   * Takes hold of the managers that answered just now; null when their pids mean nothing here: they
   * are in another boot, on another machine or in another container.
   */
  static Departure of(Status status) {
    try {
      if (!BootId.current().equals(status.boot())) {
        return null;
      }
    } catch (IOException e) {
      return null;
    }
    Departure departure = new Departure();
    LongStream.of(status.ham().pid(), status.guardian() == null ? 0 : status.guardian().pid())
        .filter(pid -> pid > 0)
        .forEach(departure::hold);
    return departure;
  }

  private void hold(long pid) {
    long pidfd = kernel.pidfdOpen(pid);
    if (pidfd == -Errno.ESRCH) {
      return;
    }
    int held = (int) KernelException.check(pidfd, "pidfd_open of " + pid);
    KernelException.check(kernel.epollAdd(epoll, held, Kernel.EPOLL_IN), "epoll_ctl");
    living.add(held);
  }

  /** Waits until all of them have ended; false: not within that time. */
  boolean await(Duration limit) {
    long until = System.nanoTime() + limit.toNanos();
    long[] ready = new long[4];
    while (!living.isEmpty()) {
      long left = until - System.nanoTime();
      int n = left <= 0 ? 0 : kernel.epollWait(epoll, ready, left);
      if (n <= 0 && left <= 0) {
        return false;
      }
      for (int i = 0; i < n; i++) {
        int ended = (int) ready[i];
        kernel.epollRemove(epoll, ended);
        kernel.close(ended);
        living.remove((Integer) ended);
      }
    }
    return true;
  }

  @Override
  public void close() {
    living.forEach(kernel::close);
    kernel.close(epoll);
  }
}
