package io.hamlet.agent.os;

/** A system call failed where success was to be expected. */
public final class KernelException extends RuntimeException {
  private final int errno;

  /**
   * @param what was tried, and on what
   * @param errno positive or negative
   */
  public KernelException(String what, long errno) {
    super(what + ": " + Errno.text(errno));
    this.errno = (int) Math.abs(errno);
  }

  /** Positive. */
  public int errno() {
    return errno;
  }

  /** Passes a result of {@link Kernel} on, unless it is an error. */
  public static long check(long result, String what) {
    if (result < 0) {
      throw new KernelException(what, result);
    }
    return result;
  }
}
