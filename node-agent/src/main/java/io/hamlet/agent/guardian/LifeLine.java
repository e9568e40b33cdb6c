package io.hamlet.agent.guardian;

import io.hamlet.agent.os.Kernel;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A word in the page of the pair that the HAM holds for life. When the HAM is killed its Guardian
 * hears that at once, not after the kernel has given back the memory of a JVM, and helps with that.
 * A hint, never a proof: whether the HAM is dead its pidfd says, as before.
 */
public final class LifeLine {
  private static final Logger LOG = LoggerFactory.getLogger(LifeLine.class);

  private LifeLine() {}

  /** Of the HAM, for as long as its process lives. Any thread. */
  public static void hold(Kernel kernel, PairPage page) {
    begin(
        "life-line",
        () -> {
          take(kernel, page);
          while (true) {
            LockSupport.park();
          }
        });
  }

  /** Of this thread, for as long as it lives. */
  static void take(Kernel kernel, PairPage page) {
    long result = kernel.holdWord(page.life());
    if (result < 0) {
      LOG.debug("the Guardian will hear of the end of this HAM a little later: {}", result);
    }
  }

  /**
   * Of the Guardian: once the thread that holds the word has ended, has the memory of the HAM given
   * back here as well; the kernel does so only if the HAM was killed. Returns at once. Any thread.
   */
  public static void watch(Kernel kernel, PairPage page, Guard.Ham ham) {
    begin(
        "life-watch",
        () -> {
          if (kernel.awaitWord(page.life()) == 0) {
            kernel.releaseMemory(ham.pidfd());
          }
        });
  }

  private static void begin(String name, Runnable work) {
    Thread.ofPlatform().name(name).daemon().start(work);
  }
}
