package io.hamlet.core.sam;

/** The states of sam.md 4.2. */
public enum SamState {
  /** Known, and not supervised yet. */
  INITIALIZED("initialized", "", 0),
  REGISTERED("registered", "stopped", 1),
  /** Inside a blocked start. */
  WAITING_QUORUM("waiting quorum", "waiting for quorum", 2),
  STARTED("started", "running", 4),
  /** Was warned and can still save itself. */
  WARNED("warned", "running", 4),
  /** Is being killed; its end is not confirmed yet. */
  KILLING("killing", "running", 4),
  /** Has ended, or has not begun; a start is under way. */
  RECOVERING("recovering", "stopped", 1),
  /** The supervision ended because of a failure. */
  FAILED("failed", "failed", 8),
  /** Lives on, unsupervised, and can call nothing any more. */
  FINALIZED("finalized", "stopped", 1),
  /** Ended in good order; only its end is known. */
  ENDED("ended", "", 0);

  private final String word;
  private final String published;
  private final int number;

  SamState(String word, String published, int number) {
    this.word = word;
    this.published = published;
    this.number = number;
  }

  /** As events and clients have it. */
  public String word() {
    return word;
  }

  /** The value of the key {@code state}; empty: there are no keys. */
  public String published() {
    return published;
  }

  /** The same as the entity's own state, each a bit, so that conditions can name sets of them. */
  public int number() {
    return number;
  }

  /** Messages are due, and the end of the process is a failure. */
  public boolean isSupervised() {
    return this == WAITING_QUORUM || this == STARTED || this == WARNED || this == KILLING;
  }

  /** Nothing is under way; the name is free for another. */
  public boolean isOver() {
    return this == FAILED || this == ENDED;
  }
}
