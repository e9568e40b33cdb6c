package io.hamlet.it.crash;

import java.util.concurrent.TimeUnit;

/** Ends a thread of a manager that runs; loaded into it by its pid. */
public final class ThreadEnd {
  private static final long LONGEST = TimeUnit.SECONDS.toMillis(30);

  /** Again after this: an interrupt that meets other work than waiting may be forgotten there. */
  private static final long PAUSE = 50;

  private ThreadEnd() {}

  /**
   * @param name a regular expression that the whole name of the thread matches; whoever loads this
   *     is told when there is none, or when it does not end
   */
  public static void agentmain(String name) throws InterruptedException {
    Thread found =
        Thread.getAllStackTraces().keySet().stream()
            .filter(t -> t.getName().matches(name))
            .findAny()
            .orElseThrow(() -> new IllegalStateException("no thread is " + name));
    for (long waited = 0; found.isAlive(); waited += PAUSE) {
      if (waited >= LONGEST) {
        throw new IllegalStateException(found + " does not end");
      }
      found.interrupt();
      found.join(PAUSE);
    }
  }
}
