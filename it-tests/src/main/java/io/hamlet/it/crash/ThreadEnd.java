package io.hamlet.it.crash;

import java.util.concurrent.TimeUnit;

/** Ends a thread of a manager that runs; loaded into it by its pid. */
public final class ThreadEnd {
  private static final long LONGEST = TimeUnit.SECONDS.toMillis(30);

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
    found.interrupt();
    found.join(LONGEST);
    if (found.isAlive()) {
      throw new IllegalStateException(found + " does not end");
    }
  }
}
