package io.hamlet.it.live;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;

/** Waits for a fact, with a limit and a sentence that says what was awaited. */
public final class Until {
  /** Generous: machines are small and noisy. */
  public static final Duration LIMIT = Duration.ofSeconds(60);

  private static final int MOST = 1_000;

  private Until() {}

  /** Throws AssertionError with the sentence, and the last exception, when the limit is over. */
  public static void isTrue(String awaited, Callable<Boolean> fact) {
    isTrue(awaited, LIMIT, fact);
  }

  public static void isTrue(String awaited, Duration limit, Callable<Boolean> fact) {
    long end = System.nanoTime() + limit.toNanos();
    Throwable last = null;
    while (System.nanoTime() < end) {
      try {
        if (fact.call()) {
          return;
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new AssertionError("interrupted while waiting: " + awaited, e);
      } catch (Exception | AssertionError e) {
        last = e;
      }
      LockSupport.parkNanos(2_000_000);
    }
    throw new AssertionError("waited " + limit + " in vain: " + awaited + because(last), last);
  }

  /** Reports often keep the first sentence only. */
  private static String because(Throwable last) {
    String why = last == null ? "" : "; " + last;
    return why.substring(0, Math.min(why.length(), MOST));
  }

  /** Waits until the supplier gives something other than null. */
  public static <T> T given(String awaited, Callable<T> supplier) {
    Object[] found = new Object[1];
    isTrue(
        awaited,
        () -> {
          found[0] = supplier.call();
          return found[0] != null;
        });
    @SuppressWarnings("unchecked")
    T value = (T) found[0];
    return value;
  }
}
