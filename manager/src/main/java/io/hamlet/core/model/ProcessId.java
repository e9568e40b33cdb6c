package io.hamlet.core.model;

/**
 * A process of this boot. A pid is not an identity, because it is given out again; with the start
 * time it is one.
 *
 * @param startTime field 22 of /proc/PID/stat: clock ticks since boot
 */
public record ProcessId(long pid, long startTime) {
  /** No process. */
  public static final ProcessId NONE = new ProcessId(0, 0);
}
