package io.hamlet.agent.process;

import io.hamlet.agent.os.Kernel;
import io.hamlet.agent.os.KernelCheck;
import io.hamlet.agent.os.Reactor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** How the exit status of a process that is not our child becomes known. Core thread. */
interface ExitStatuses extends AutoCloseable {
  /**
   * The wait(2) status of a dead process.
   *
   * @return -EAGAIN if it may be known later; another negative number if it will never be
   */
  long of(long pid, int pidfd);

  /**
   * The status of this living process, not our child, will be asked for.
   *
   * @param learned runs when it is dead and what {@link #of} says is not -EAGAIN any more
   */
  default void expect(long pid, int pidfd, Runnable learned) {}

  /** It will not; the pidfd is about to be closed. Expected or not. */
  default void forget(long pid, int pidfd) {}

  /** Whether a status that comes late is announced; else the pidfd hangs up when it is there. */
  default boolean announces() {
    return false;
  }

  @Override
  default void close() {}

  /** The best way that this machine and our rights allow. */
  static ExitStatuses of(Kernel kernel, Reactor reactor) {
    boolean old = !KernelCheck.pidfdTellsExits(System.getProperty("os.version"));
    return old && isRoot() ? new ProcConnector(kernel, reactor) : byPidfd(kernel);
  }

  /** By PIDFD_GET_INFO, Linux 6.15 and later; for older kernels the answer is: unknown. */
  static ExitStatuses byPidfd(Kernel kernel) {
    return (pid, pidfd) -> kernel.exitStatus(pidfd);
  }

  private static boolean isRoot() {
    try {
      return Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
    } catch (IOException e) {
      return false;
    }
  }
}
