package io.hamlet.client;

/** What must be known of a lost node before a condition becomes true, in rising order. */
public enum Proof {
  /** Nothing: it may be alive behind a split. */
  NONE,
  /** Its lease is over. */
  LEASE,
  /** Its leash has ended what must stop. */
  OBITUARY,
  /** It was fenced, or an operator vouches that it is down. */
  FENCED;

  /** As the command line calls it. */
  public String word() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }
}
