package io.hamlet.client;

/** Flags of {@link Sam#initialize} (sam.md 2.1). */
public enum SamFlag {
  /** Start waits for a quorum, and its loss is a failure. */
  QUORUM,
  /** Keys are published, and the program may mark itself failed. */
  PUBLISH,
  /** Behave as libsam does (sam.md 4.3). */
  COMPAT_LIBSAM
}
