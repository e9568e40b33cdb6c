package io.hamlet.agent.process;

import io.hamlet.agent.os.Kernel;

/** How the exit status of a process that is not our child becomes known. */
interface ExitStatuses {
  /**
   * The wait(2) status of a dead process.
   *
   * @return -EAGAIN if it may be known later, when the pidfd hangs up; another negative number if
   *     it will never be
   */
  long of(long pid, int pidfd);

  /** By PIDFD_GET_INFO, Linux 6.15 and later; for older kernels the answer is: unknown. */
  static ExitStatuses of(Kernel kernel) {
    return (pid, pidfd) -> kernel.exitStatus(pidfd);
  }
}
