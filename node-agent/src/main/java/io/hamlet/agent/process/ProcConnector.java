package io.hamlet.agent.process;

import io.hamlet.agent.os.Errno;
import io.hamlet.agent.os.Kernel;
import io.hamlet.agent.os.KernelException;
import io.hamlet.agent.os.Reactor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Exit statuses for root on kernels before 6.15: the kernel tells its proc connector of each thread
 * that ends anywhere on the machine. Hence we listen only while a process is expected to die that
 * is not our child.
 *
 * <p>A message carries a pid, which is no identity. But a pid is not given away before its process
 * is dead and reaped, and the kernel speaks of an end after the pidfd has become readable. So the
 * word counts that comes when the pidfd is readable, until the pid is seen to be forked again, or
 * messages were lost among which that may have been. Core thread.
 */
final class ProcConnector implements ExitStatuses {
  private static final int NETLINK_CONNECTOR = 11;

  /** Some thousand messages, a burst that the core thread may be late for. */
  private static final int WAITING_BYTES = 1 << 20;

  /** Then the others in the reactor have their turn. */
  private static final int AT_ONCE = 1024;

  private static final int NOT_YET = -1;

  /** One whose status is wanted. */
  private static final class Expected {
    final int pidfd;
    final Runnable learned;
    int status = NOT_YET;
    boolean settled;

    Expected(int pidfd, Runnable learned) {
      this.pidfd = pidfd;
      this.learned = learned;
    }
  }

  private final Kernel kernel;
  private final Reactor reactor;
  private final ProcMessage message = new ProcMessage();
  private final long[] sender = new long[1];
  private final Map<Long, Expected> expected = new HashMap<>();
  private int socket = -1;
  private int request;
  private boolean confirmed;

  ProcConnector(Kernel kernel, Reactor reactor) {
    this.kernel = kernel;
    this.reactor = reactor;
  }

  @Override
  public boolean announces() {
    return true;
  }

  @Override
  public long of(long pid, int pidfd) {
    Expected one = expected.get(pid);
    if (one == null || one.pidfd != pidfd) {
      return -Errno.ENODATA;
    }
    return one.settled ? one.status : -Errno.EAGAIN;
  }

  @Override
  public void expect(long pid, int pidfd, Runnable learned) {
    if (socket < 0) {
      subscribe();
    }
    // Of one that is dead by now the kernel may have spoken before we listened.
    if (socket >= 0 && !kernel.isReadable(pidfd)) {
      expected.put(pid, new Expected(pidfd, learned));
    }
    unsubscribeIfIdle();
  }

  @Override
  public void forget(long pid, int pidfd) {
    Expected one = expected.get(pid);
    if (one != null && one.pidfd == pidfd) {
      expected.remove(pid);
      unsubscribeIfIdle();
    }
  }

  @Override
  public void close() {
    expected.clear();
    unsubscribeIfIdle();
  }

  /**
   * The kernel confirms before the call returns. In a container it may not, and then what others
   * have subscribed to would tell us of pids that mean something else there.
   */
  private void subscribe() {
    int opened = (int) kernel.netlink(NETLINK_CONNECTOR, ProcMessage.GROUP, WAITING_BYTES);
    if (opened < 0) {
      return;
    }
    socket = opened;
    confirmed = false;
    request = (int) kernel.bootNanos();
    if (send(ProcMessage.LISTEN)) {
      drain();
    }
    try {
      if (confirmed) {
        reactor.add(socket, Kernel.EPOLL_IN, events -> drain());
        return;
      }
    } catch (KernelException e) {
      // Out of memory, so this death will be of an unknown cause.
    }
    send(ProcMessage.IGNORE);
    kernel.close(socket);
    socket = -1;
  }

  private void unsubscribeIfIdle() {
    if (socket >= 0 && expected.isEmpty()) {
      // Kernels before 6.6 would go on talking if the socket were only closed.
      send(ProcMessage.IGNORE);
      reactor.removeAndClose(socket);
      socket = -1;
    }
  }

  private boolean send(int operation) {
    byte[] bytes = ProcMessage.request(operation, request);
    return kernel.write(socket, bytes, 0, bytes.length) == bytes.length;
  }

  private void drain() {
    for (int i = 0; i < AT_ONCE && socket >= 0; i++) {
      int n = kernel.receive(socket, message.bytes, sender);
      if (n == -Errno.ENOBUFS) {
        lost();
      } else if (n < 0) {
        return;
      } else if (sender[0] == 0 && message.isSound(n)) {
        take();
      }
    }
  }

  private void take() {
    switch (message.what()) {
      case ProcMessage.NONE -> confirmed |= message.confirms(request);
      case ProcMessage.FORK -> forked(message.childPid());
      case ProcMessage.EXIT -> ended(message.pid(), message.process(), message.status());
      default -> {
        // Nothing that we want to know.
      }
    }
  }

  /** The pid has a new owner, so what comes from now on is not about the one we expect. */
  private void forked(long pid) {
    Expected one = expected.get(pid);
    // Of a living one this is old news.
    if (one != null && !one.settled && kernel.isReadable(one.pidfd)) {
      giveUp(pid, one);
    }
  }

  /** A thread ended, and perhaps its process with it. */
  private void ended(long pid, long process, int status) {
    Expected one = expected.get(process);
    if (one == null || one.settled) {
      return;
    }
    boolean dead = kernel.isReadable(one.pidfd);
    if (pid == process) {
      // Not dead: the first thread may leave before the others, or be replaced by an exec.
      one.status = status;
      one.settled = dead;
    } else if (dead && one.status != NOT_YET) {
      one.status = together(one.status, status);
      one.settled = true;
    }
    if (one.settled) {
      one.learned.run();
    }
  }

  /** The status of a process whose first thread ended with one status and a later with another. */
  private static int together(int first, int later) {
    boolean signal = (later & 0x7F) != 0;
    // A signal ends all; a first thread that left quietly has no say in how the process exits.
    return signal || first == 0 ? later | first & 0x80 : first;
  }

  /** Messages overflowed. The words on those that are dead by now may have been among them. */
  private void lost() {
    for (Map.Entry<Long, Expected> entry : List.copyOf(expected.entrySet())) {
      Expected one = entry.getValue();
      if (!one.settled && kernel.isReadable(one.pidfd)) {
        giveUp(entry.getKey(), one);
      }
    }
  }

  private void giveUp(long pid, Expected one) {
    expected.remove(pid, one);
    one.learned.run();
    unsubscribeIfIdle();
  }
}
