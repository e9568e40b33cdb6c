package io.hamlet.agent.os.ffm;

import static io.hamlet.agent.os.ffm.Abi.call;
import static io.hamlet.agent.os.ffm.Abi.scratch;
import static io.hamlet.agent.os.ffm.LocalSockets.MSG_TRUNC;
import static io.hamlet.agent.os.ffm.LocalSockets.SOCK_DGRAM;
import static io.hamlet.agent.os.ffm.LocalSockets.SOL_SOCKET;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.hamlet.agent.os.Errno;
import io.hamlet.agent.os.Kernel;
import io.hamlet.agent.os.SpawnRequest;
import io.hamlet.agent.os.ffm.Abi.Scratch;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/** {@link Kernel} by the foreign function interface. */
public final class FfmKernel implements Kernel {
  private static final int CLOCK_BOOTTIME = 7;
  private static final int AT_FDCWD = -100;
  private static final int P_ALL = 0;
  private static final int P_PID = 1;
  private static final int P_PIDFD = 3;
  private static final int WNOHANG = 1;
  private static final int WEXITED = 4;
  private static final int WNOWAIT = 0x0100_0000;
  private static final int EPOLL_ADD = 1;
  private static final int EPOLL_DEL = 2;
  private static final int EPOLL_MOD = 3;
  private static final int MAX_EVENTS = 256;
  private static final int F_SETFL = 4;
  private static final int F_DUPFD_CLOEXEC = 1030;
  private static final int FIONREAD = 0x541B;
  private static final int AF_NETLINK = 16;
  private static final int ADDRESS_BYTES = 12;
  private static final int SO_RCVBUFFORCE = 33;
  private static final int PR_SET_CHILD_SUBREAPER = 36;
  private static final long PIDFD_GET_INFO = 0xC040_FF0BL;
  private static final long PIDFD_INFO_EXIT = 1 << 3;

  /** The kernel packs struct epoll_event on x86-64 only. */
  private static final int EVENT_BYTES = Abi.X86 ? 12 : 16;

  private static final int EVENT_DATA = Abi.X86 ? 4 : 8;

  private volatile boolean lacksPwait2;

  /** The functions for spawning are looked up when the first process is made. */
  private static final class Spawning {
    static final PosixSpawn CALL = new PosixSpawn();
  }

  @Override
  public long bootNanos() {
    return Abi.clock(CLOCK_BOOTTIME);
  }

  @Override
  public long wallNanos() {
    // As all else in this process is told it: one time of day, also where a library shifts it.
    Instant now = Instant.now();
    return now.getEpochSecond() * 1_000_000_000L + now.getNano();
  }

  @Override
  public long spawn(SpawnRequest request) {
    return Spawning.CALL.spawn(request);
  }

  @Override
  public long becomeSubreaper() {
    return call(scratch(), Syscall.PRCTL, PR_SET_CHILD_SUBREAPER, 1, 0, 0);
  }

  @Override
  public long pidfdOpen(long pid) {
    return call(scratch(), Syscall.PIDFD_OPEN, pid, 0);
  }

  @Override
  public long pidfdSignal(int pidfd, int signal) {
    return call(scratch(), Syscall.PIDFD_SEND_SIGNAL, pidfd, signal, 0, 0);
  }

  @Override
  public long pidfdQueue(int pidfd, int signal, int code, long value) {
    Scratch s = scratch();
    MemorySegment info = s.bytes.asSlice(0, 128).fill((byte) 0);
    info.set(JAVA_INT, 0, signal);
    info.set(JAVA_INT, 8, code);
    info.set(JAVA_INT, 16, (int) ProcessHandle.current().pid());
    info.set(JAVA_LONG, 24, value);
    return call(s, Syscall.PIDFD_SEND_SIGNAL, pidfd, signal, s.address, 0);
  }

  @Override
  public long releaseMemory(int pidfd) {
    return call(scratch(), Syscall.PROCESS_MRELEASE, pidfd, 0);
  }

  @Override
  public long holdWord(long address) {
    return RobustWord.hold(address);
  }

  @Override
  public long awaitWord(long address) {
    return RobustWord.await(address);
  }

  @Override
  public long kill(long pid, int signal) {
    return call(scratch(), Syscall.KILL, pid, signal);
  }

  @Override
  public long reapChild(int pidfd) {
    return call(scratch(), Syscall.WAITID, P_PIDFD, pidfd, 0, WEXITED | WNOHANG, 0, 0);
  }

  @Override
  public long childStatus(int pidfd) {
    Scratch s = scratch();
    s.bytes.set(JAVA_INT, 16, 0);
    long result =
        call(s, Syscall.WAITID, P_PIDFD, pidfd, s.address, WEXITED | WNOHANG | WNOWAIT, 0, 0);
    if (result < 0) {
      return result;
    }
    if (s.bytes.get(JAVA_INT, 16) == 0) {
      return -Errno.EAGAIN;
    }
    int code = s.bytes.get(JAVA_INT, 8);
    int status = s.bytes.get(JAVA_INT, 24);
    return switch (code) {
      case 1 -> (status & 0xFF) << 8;
      case 3 -> status | 0x80;
      default -> status;
    };
  }

  @Override
  public long deadChild() {
    Scratch s = scratch();
    s.bytes.set(JAVA_INT, 16, 0);
    long result = call(s, Syscall.WAITID, P_ALL, 0, s.address, WEXITED | WNOHANG | WNOWAIT, 0, 0);
    return result < 0 ? 0 : s.bytes.get(JAVA_INT, 16);
  }

  @Override
  public long reap(long pid) {
    return call(scratch(), Syscall.WAITID, P_PID, pid, 0, WEXITED | WNOHANG, 0, 0);
  }

  @Override
  public long exitStatus(int pidfd) {
    Scratch s = scratch();
    s.bytes.asSlice(0, 64).fill((byte) 0);
    s.bytes.set(JAVA_LONG, 0, PIDFD_INFO_EXIT);
    long result = call(s, Syscall.IOCTL, pidfd, PIDFD_GET_INFO, s.address, 0);
    if (result < 0) {
      // ESRCH: reaped, and this kernel (6.13, 6.14) does not keep the status.
      return result == -Errno.ESRCH ? -Errno.EINVAL : result;
    }
    boolean known = (s.bytes.get(JAVA_LONG, 0) & PIDFD_INFO_EXIT) != 0;
    return known ? s.bytes.get(JAVA_INT, 60) & 0xFFFFL : -Errno.EAGAIN;
  }

  @Override
  public long setLimit(long pid, int resource, long value) {
    Scratch s = scratch();
    s.bytes.set(JAVA_LONG, 0, value);
    s.bytes.set(JAVA_LONG, 8, value);
    return call(s, Syscall.PRLIMIT64, pid, resource, s.address, 0);
  }

  @Override
  public long setNice(long pid, int nice) {
    return call(scratch(), Syscall.SETPRIORITY, 0, pid, nice, 0);
  }

  @Override
  public long epollCreate() {
    return call(scratch(), Syscall.EPOLL_CREATE1, O_CLOEXEC);
  }

  @Override
  public long epollAdd(int epoll, int fd, int events) {
    return control(epoll, EPOLL_ADD, fd, events);
  }

  @Override
  public long epollModify(int epoll, int fd, int events) {
    return control(epoll, EPOLL_MOD, fd, events);
  }

  @Override
  public long epollRemove(int epoll, int fd) {
    return control(epoll, EPOLL_DEL, fd, 0);
  }

  private static long control(int epoll, int operation, int fd, int events) {
    Scratch s = scratch();
    s.bytes.set(JAVA_INT, 0, events);
    s.bytes.set(JAVA_INT_UNALIGNED, EVENT_DATA, fd);
    s.bytes.set(JAVA_INT_UNALIGNED, EVENT_DATA + 4, 0);
    return call(s, Syscall.EPOLL_CTL, epoll, operation, fd, s.address);
  }

  @Override
  public int epollWait(int epoll, long[] ready, long nanos) {
    Scratch s = scratch();
    int most = Math.min(ready.length, MAX_EVENTS);
    long n = lacksPwait2 ? -Errno.ENOSYS : waitNanos(s, epoll, most, nanos);
    if (n == -Errno.ENOSYS) {
      lacksPwait2 = true;
      // Rounded up: a deadline must be past when its sleeper wakes.
      long millis = nanos < 0 ? -1 : Math.min(Integer.MAX_VALUE, (nanos + 999_999) / 1_000_000);
      n = call(s, Syscall.EPOLL_PWAIT, epoll, s.address, most, millis);
    }
    for (int i = 0; i < n; i++) {
      long events = s.bytes.get(JAVA_INT_UNALIGNED, (long) i * EVENT_BYTES);
      long fd = s.bytes.get(JAVA_INT_UNALIGNED, (long) i * EVENT_BYTES + EVENT_DATA);
      ready[i] = events << 32 | fd;
    }
    return n == -Errno.EINTR ? 0 : (int) n;
  }

  private static long waitNanos(Scratch s, int epoll, int most, long nanos) {
    long timeout = 0;
    if (nanos >= 0) {
      long at = Scratch.BYTES - 16;
      s.bytes.set(JAVA_LONG, at, nanos / 1_000_000_000L);
      s.bytes.set(JAVA_LONG, at + 8, nanos % 1_000_000_000L);
      timeout = s.address + at;
    }
    return call(s, Syscall.EPOLL_PWAIT2, epoll, s.address, most, timeout);
  }

  @Override
  public long eventFd() {
    return call(scratch(), Syscall.EVENTFD2, 0, O_NONBLOCK | O_CLOEXEC);
  }

  @Override
  public long netlink(int protocol, int groups, int bytes) {
    Scratch s = scratch();
    int type = SOCK_DGRAM | O_NONBLOCK | O_CLOEXEC;
    long socket = call(s, Syscall.SOCKET, AF_NETLINK, type, protocol, 0);
    if (socket < 0) {
      return socket;
    }
    s.bytes.set(JAVA_INT, 0, bytes);
    call(s, Syscall.SETSOCKOPT, socket, SOL_SOCKET, SO_RCVBUFFORCE, s.address, 4, 0);
    s.bytes.set(JAVA_INT, 0, AF_NETLINK);
    s.bytes.set(JAVA_INT, 4, 0);
    s.bytes.set(JAVA_INT, 8, groups);
    long bound = call(s, Syscall.BIND, socket, s.address, ADDRESS_BYTES, 0);
    if (bound < 0) {
      close((int) socket);
      return bound;
    }
    return socket;
  }

  @Override
  public int receive(int netlink, byte[] into, long[] sender) {
    Scratch s = scratch();
    long most = Math.min(into.length, Scratch.BYTES / 2);
    long from = Scratch.BYTES - 32;
    long length = Scratch.BYTES - 16;
    s.bytes.set(JAVA_INT, length, ADDRESS_BYTES);
    int n =
        (int)
            call(
                s,
                Syscall.RECVFROM,
                netlink,
                s.address,
                most,
                MSG_TRUNC,
                s.address + from,
                s.address + length);
    boolean known = n >= 0 && s.bytes.get(JAVA_INT, length) == ADDRESS_BYTES;
    sender[0] = known ? Integer.toUnsignedLong(s.bytes.get(JAVA_INT, from + 4)) : -1;
    if (n > 0) {
      MemorySegment.copy(s.bytes, JAVA_BYTE, 0, into, 0, (int) Math.min(n, most));
    }
    return n;
  }

  @Override
  public long sendLocal(String name, boolean isAbstract, byte[] message, long nanos) {
    return LocalSockets.send(name, isAbstract, message, nanos);
  }

  @Override
  public long listenLocal(String path) {
    return LocalSockets.listen(path);
  }

  @Override
  public int receiveLocal(int socket, byte[] into, long[] sender) {
    return LocalSockets.receive(socket, into, sender);
  }

  @Override
  public boolean isReadable(int fd) {
    Scratch s = scratch();
    s.bytes.set(JAVA_INT, 0, fd);
    s.bytes.set(JAVA_INT, 4, EPOLL_IN);
    s.bytes.set(JAVA_LONG, 8, 0);
    s.bytes.set(JAVA_LONG, 16, 0);
    long n = call(s, Syscall.PPOLL, s.address, 1, s.address + 8, 0, 0, 0);
    return n == 1 && (s.bytes.get(JAVA_INT, 4) >>> 16 & EPOLL_IN) != 0;
  }

  @Override
  public long pipe() {
    Scratch s = scratch();
    long result = call(s, Syscall.PIPE2, s.address, O_CLOEXEC);
    return result < 0 ? result : (long) s.bytes.get(JAVA_INT, 0) << 32 | s.bytes.get(JAVA_INT, 4);
  }

  @Override
  public long setNonBlocking(int fd) {
    return call(scratch(), Syscall.FCNTL, fd, F_SETFL, O_NONBLOCK, 0);
  }

  @Override
  public long unread(int pipe) {
    Scratch s = scratch();
    long result = call(s, Syscall.IOCTL, pipe, FIONREAD, s.address, 0);
    return result < 0 ? result : s.bytes.get(JAVA_INT, 0);
  }

  @Override
  public long inotifyCreate() {
    return call(scratch(), Syscall.INOTIFY_INIT1, O_NONBLOCK | O_CLOEXEC);
  }

  @Override
  public long inotifyAdd(int inotify, String path, int events) {
    Scratch s = scratch();
    long name = path(s, path);
    return name < 0 ? name : call(s, Syscall.INOTIFY_ADD_WATCH, inotify, name, events, 0);
  }

  @Override
  public long inotifyRemove(int inotify, int watch) {
    return call(scratch(), Syscall.INOTIFY_RM_WATCH, inotify, watch);
  }

  @Override
  public long open(String path, int flags) {
    Scratch s = scratch();
    long name = path(s, path);
    return name < 0 ? name : call(s, Syscall.OPENAT, AT_FDCWD, name, flags | O_CLOEXEC, 0);
  }

  @Override
  public long makeRoom(int descriptors) {
    Scratch s = scratch();
    long any = eventFd();
    if (any < 0) {
      return any;
    }
    long highest = -Errno.EINVAL;
    for (int n = descriptors; highest < 0 && n > any; n /= 2) {
      highest = call(s, Syscall.FCNTL, any, F_DUPFD_CLOEXEC, n - 1, 0);
    }
    close((int) any);
    if (highest < 0) {
      return -Errno.EMFILE;
    }
    close((int) highest);
    return highest + 1;
  }

  @Override
  public int read(int fd, byte[] into) {
    Scratch s = scratch();
    int most = Math.min(into.length, Scratch.BYTES);
    int n = (int) call(s, Syscall.READ, fd, s.address, most, 0);
    if (n > 0) {
      MemorySegment.copy(s.bytes, JAVA_BYTE, 0, into, 0, n);
    }
    return n;
  }

  @Override
  public int write(int fd, byte[] from, int offset, int length) {
    Scratch s = scratch();
    int most = Math.min(length, Scratch.BYTES);
    MemorySegment.copy(from, offset, s.bytes, JAVA_BYTE, 0, most);
    return (int) call(s, Syscall.WRITE, fd, s.address, most, 0);
  }

  @Override
  public long close(int fd) {
    return call(scratch(), Syscall.CLOSE, fd);
  }

  @Override
  public long seekStart(int fd) {
    return call(scratch(), Syscall.LSEEK, fd, 0, 0, 0);
  }

  @Override
  public String readLink(String path, long[] errno) {
    Scratch s = scratch();
    long name = path(s, path);
    long half = Scratch.BYTES / 2;
    long n = name < 0 ? name : call(s, Syscall.READLINKAT, AT_FDCWD, name, s.address + half, half);
    if (n < 0) {
      errno[0] = -n;
      return null;
    }
    byte[] bytes = new byte[(int) n];
    MemorySegment.copy(s.bytes, JAVA_BYTE, half, bytes, 0, bytes.length);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /** The path in the first half of the scratch, or an error number. */
  private static long path(Scratch s, String path) {
    byte[] bytes = path.getBytes(StandardCharsets.UTF_8);
    if (path.indexOf(0) >= 0 || bytes.length >= Scratch.BYTES / 2) {
      return -Errno.EINVAL;
    }
    MemorySegment.copy(bytes, 0, s.bytes, JAVA_BYTE, 0, bytes.length);
    s.bytes.set(JAVA_BYTE, bytes.length, (byte) 0);
    return s.address;
  }
}
