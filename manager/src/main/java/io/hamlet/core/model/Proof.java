package io.hamlet.core.model;

/** What is known of a lost node's work, in rising order (architecture.md 3). */
public enum Proof {
  /** Nothing: it may be alive behind a split. */
  NONE,
  /** Its lease is over: it has stopped what it must, unless it could not. */
  LEASE,
  /** Its leash has ended what must stop, and said so. */
  OBITUARY,
  /** It was fenced, or an operator vouches that it is down. */
  FENCED;

  /** As the command line calls it. */
  public String word() {
    return switch (this) {
      case NONE -> "none";
      case LEASE -> "lease";
      case OBITUARY -> "obituary";
      case FENCED -> "fenced";
    };
  }
}
