package io.hamlet.core.sam;

/** What is to follow a failure (sam.md 2.1, 2.9, 4.7). Only the second starts the program again. */
public enum Recovery {
  QUIT("quit"),
  RESTART("restart"),
  /** As QUIT; where a watchdog is configured it is to reset the host. */
  WATCHDOG("watchdog"),
  /** As QUIT; where a watchdog is configured the host is rebooted at once. */
  REBOOT("reboot"),
  /** As QUIT; where a watchdog is configured the host is powered off at once. */
  SHUTDOWN("shutdown");

  private final String published;

  Recovery(String published) {
    this.published = published;
  }

  /** The value of the key {@code recovery}. */
  public String published() {
    return published;
  }
}
