package io.hamlet.agent.leash;

import io.hamlet.agent.os.Kernel;
import java.nio.file.Path;

/**
 * The Guardian's hold on the leash of its node: while it lasts, the death of the HAM alone lets
 * nothing fire. For one thread.
 */
public final class Hand {
  private final Kernel kernel;
  private final Path record;
  private Rein rein;

  /**
   * @param record see {@link LeashRecord}
   */
  public Hand(Kernel kernel, Path record) {
    this.kernel = kernel;
    this.record = record;
  }

  /** Takes hold of the leash that is on record now, and lets go of the one before. */
  public void take() {
    LeashRecord now = LeashRecord.read(record);
    Rein next = now == null ? null : Rein.to(kernel, now.process());
    if (rein != null) {
      rein.close();
    }
    rein = next;
  }
}
