package io.hamlet.agent.os;

import io.hamlet.core.model.Exit;

/** The number by which wait(2) tells how a process ended. */
public final class WaitStatus {
  private static final int CORE = 0x80;

  private WaitStatus() {}

  /** What the number means. */
  public static Exit exit(long status) {
    int signal = (int) status & 0x7F;
    return signal == 0
        ? Exit.exited((int) (status >> 8) & 0xFF)
        : Exit.signaled(signal, (status & CORE) != 0);
  }
}
