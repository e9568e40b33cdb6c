package io.hamlet.agent.supervise;

import java.io.PrintStream;

/**
 * Tells people what happens, on standard error, and no program makes it tell more than they can
 * read. For one thread.
 */
final class Narrator {
  /** Lines at once. */
  static final int BURST = 50;

  /** One more line after each. */
  static final long PACE_NANOS = 500_000_000L;

  private final String head;
  private final PrintStream out;
  private long full;
  private long skipped;

  Narrator(String name, PrintStream out) {
    this.head = "ham: " + name + ": ";
    this.out = out;
  }

  /**
   * A line, unless there were too many.
   *
   * @param now nanoseconds
   */
  void tell(String line, long now) {
    // When so much has been told that the next line would be too much.
    full = Math.max(full, now - BURST * PACE_NANOS);
    if (full + PACE_NANOS > now) {
      skipped++;
      return;
    }
    full += PACE_NANOS;
    if (skipped > 0) {
      print(skipped + " lines were not told: it says too much");
      skipped = 0;
    }
    print(line);
  }

  private void print(String line) {
    out.print(head + line + "\n");
    out.flush();
  }
}
