package io.hamlet.core.sam;

import io.hamlet.core.model.Exit;

/**
 * How an instance ended.
 *
 * @param instance which
 */
public record SamEnd(long instance, Cause cause, Exit exit) {
  /** Why. */
  public enum Cause {
    /** By itself, whatever its status. */
    EXITED,
    /** No message came in time. */
    SILENT,
    /** The quorum was lost. */
    QUORUM,
    /** It called mark_failed. */
    MARKED,
    /** An operator detached or ended it, or the node was stopped. */
    OPERATOR,
    /** The whole boot it lived in is over. */
    REBOOT,
    /** It could not be started, or its restart budget is spent. */
    NOT_STARTED,
    /** It did not die of SIGKILL in time. */
    UNKILLABLE;

    /** Short and stable, as events and keys have it. */
    public String word() {
      return switch (this) {
        case EXITED -> "exited";
        case SILENT -> "silent";
        case QUORUM -> "quorum";
        case MARKED -> "marked";
        case OPERATOR -> "operator";
        case REBOOT -> "reboot";
        case NOT_STARTED -> "not-started";
        case UNKILLABLE -> "unkillable";
      };
    }
  }

  /** What a supervisor that ends with its program exits with (sam.md 2.5, 4.3). */
  public int status(boolean strict) {
    return switch (exit.kind()) {
      case EXITED -> exit.value();
      case SIGNALED -> strict ? 0 : 128 + exit.value();
      case UNKNOWN, REBOOT -> strict ? 0 : 255;
    };
  }
}
