package io.hamlet.agent.os;

import java.util.function.LongPredicate;

/** Processes that somebody stopped, and that end when they go on. */
public final class Stopped {
  private Stopped() {}

  /**
   * Has it go on, if it is one of those. Any thread.
   *
   * @param isOne looks at the process of a pid, twice: only once it is held can the pid not become
   *     another's
   */
  public static void wake(Kernel kernel, long pid, LongPredicate isOne) {
    long pidfd = isOne.test(pid) ? kernel.pidfdOpen(pid) : -1;
    if (pidfd < 0) {
      return;
    }
    if (isOne.test(pid)) {
      kernel.pidfdSignal((int) pidfd, Kernel.SIGCONT);
    }
    kernel.close((int) pidfd);
  }
}
