package io.hamlet.client.recovery;

/** A hook for logs and metrics. */
@FunctionalInterface
public interface RecoveryListener {
  /** Hears nothing. */
  RecoveryListener NONE = event -> {};

  /** In the thread of the failed call, without a lock; be short. What it throws is dropped. */
  void happened(RecoveryEvent event);
}
