package io.hamlet.client;

/** What is to follow a failure (sam.md 2.1, 4.7). */
public enum RecoveryPolicy {
  QUIT,
  RESTART,
  /** As QUIT; a configured watchdog is to reset the host. */
  WATCHDOG,
  /** As QUIT; with a configured watchdog the host is rebooted at once. */
  REBOOT,
  /** As QUIT; with a configured watchdog the host is powered off at once. */
  SHUTDOWN
}
