package io.hamlet.manager.lease;

import java.util.function.Consumer;

/** Counts what is not understood, and says so now and then. For one thread. */
final class Strangers {
  private static final long PAUSE = 60_000_000_000L;

  private final Consumer<String> notices;
  private long dropped;
  private long told;
  private long quietUntil = Long.MIN_VALUE;

  Strangers(Consumer<String> notices) {
    this.notices = notices;
  }

  /** All that were dropped so far. */
  long dropped() {
    return dropped;
  }

  void drop(String why, Object source, long now) {
    dropped++;
    if (now >= quietUntil) {
      quietUntil = now + PAUSE;
      notices.accept(
          "ignored "
              + (dropped - told)
              + " datagrams on the cluster's port; the last came from "
              + source
              + ": "
              + why);
      told = dropped;
    }
  }
}
