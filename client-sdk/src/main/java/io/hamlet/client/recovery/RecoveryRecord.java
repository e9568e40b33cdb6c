package io.hamlet.client.recovery;

import java.time.Duration;

/** What is known about recovering a line, shared by duplicates. Guarded by the lock of the line. */
final class RecoveryRecord<C> {
  private Recovery<C> recovery;
  private int references = 1;
  private boolean suspended;
  private long totalLimit = -1;
  private long failureLimit = -1;
  private long recoveries;
  private long failureAttempts;
  private long attempts;
  private long inVain;
  private long unknown;
  private long spentNanos;

  RecoveryRecord(Recovery<C> recovery) {
    this.recovery = recovery;
  }

  /** The function, if one may be called now; else null. */
  Recovery<C> mayRecover() {
    boolean spent =
        totalLimit >= 0 && recoveries >= totalLimit
            || failureLimit >= 0 && failureAttempts >= failureLimit;
    return suspended || spent ? null : recovery;
  }

  void replace(Recovery<C> other) {
    recovery = other;
  }

  void join() {
    references++;
  }

  void leave() {
    references--;
  }

  int references() {
    return references;
  }

  /** An attempt begins; answers which one it is for this failure, from 1. */
  int begin() {
    attempts++;
    return (int) Math.min(Integer.MAX_VALUE, ++failureAttempts);
  }

  void end(boolean healed, long nanos) {
    spentNanos += nanos;
    if (healed) {
      recoveries++;
    } else {
      inVain++;
    }
  }

  /** A call got through. */
  void settled() {
    failureAttempts = 0;
  }

  void outcomeUnknown() {
    unknown++;
    settled();
  }

  void control(Control command, long argument) {
    switch (command) {
      case TOTAL_LIMIT -> totalLimit = argument;
      case FAILURE_LIMIT -> failureLimit = argument;
      case SUSPEND -> suspended = true;
      case ENABLE -> suspended = false;
      case RESET_FAILURE_COUNT -> failureAttempts = 0;
      case RESET_TOTAL_COUNT -> recoveries = 0;
    }
  }

  Counters counters() {
    return new Counters(
        recoveries, failureAttempts, attempts, inVain, unknown, Duration.ofNanos(spentNanos));
  }
}
