package io.hamlet.agent.os;

import io.hamlet.core.model.Moment;

/**
 * The system calls. As in the kernel itself, an error is a negative error number ({@link Errno}),
 * so that the path from a death to the next start makes no garbage. EINTR is never seen.
 * Thread-safe.
 */
public interface Kernel {
  int EPOLL_IN = 0x001;
  int EPOLL_PRI = 0x002;
  int EPOLL_OUT = 0x004;
  int EPOLL_ERR = 0x008;
  int EPOLL_HUP = 0x010;

  int O_RDONLY = 0;
  int O_WRONLY = 1;
  int O_RDWR = 2;
  int O_NONBLOCK = 0x800;
  int O_CLOEXEC = 0x80000;

  /** Only whether it is there: neither the file nor a device behind it is opened. */
  int O_PATH = 0x20_0000;

  int IN_MODIFY = 0x002;
  int IN_ATTRIB = 0x004;
  int IN_CLOSE_WRITE = 0x008;
  int IN_MOVED_TO = 0x080;
  int IN_CREATE = 0x100;
  int IN_DELETE_SELF = 0x400;
  int IN_MOVE_SELF = 0x800;
  int IN_ONLYDIR = 0x0100_0000;

  int SIGKILL = 9;
  int SIGCONT = 18;
  int SIGTERM = 15;

  /** CLOCK_BOOTTIME in nanoseconds: goes on while the machine is suspended. */
  long bootNanos();

  /** CLOCK_REALTIME in nanoseconds since 1970. */
  long wallNanos();

  /** Both clocks. */
  default Moment now() {
    return new Moment(bootNanos(), wallNanos());
  }

  /** Makes a process; blocks about half a millisecond. Returns its pid. */
  long spawn(SpawnRequest request);

  /** Makes this process the parent of orphans below it (prctl PR_SET_CHILD_SUBREAPER). */
  long becomeSubreaper();

  /** A descriptor that becomes readable when the process dies; close-on-exec. */
  long pidfdOpen(long pid);

  /** Sends a plain signal; 0 only tries whether it would be allowed. */
  long pidfdSignal(int pidfd, int signal);

  /**
   * Sends a signal with code and value, as sigqueue(3) does.
   *
   * @param code negative, else the kernel refuses it; -1 is SI_QUEUE
   */
  long pidfdQueue(int pidfd, int signal, int code, long value);

  /**
   * Has the memory of a killed process given back here, beside the process itself, which is sooner
   * dead for it (process_mrelease, Linux 5.15). Blocks for some milliseconds.
   *
   * @return -EINVAL for one that is not dying, -ESRCH when nothing is left
   */
  long releaseMemory(int pidfd);

  /**
   * A word of shared memory becomes this thread's, once for each thread: when the thread ends, as
   * when its process is killed, the kernel marks the word and wakes who waits for it
   * (set_robust_list). That is before the memory of the process is given back.
   *
   * @param address of four bytes, aligned, mapped as long as the thread lives
   */
  long holdWord(long address);

  /**
   * Waits until the thread that holds a word has ended.
   *
   * @param address of a word as for {@link #holdWord}
   * @return 0 when it has ended, -EINVAL when nobody holds the word
   */
  long awaitWord(long address);

  /** kill(2): a negative pid is a process group. */
  long kill(long pid, int signal);

  /**
   * The status of a child that is dead, which it stays until it is reaped. Never blocks.
   *
   * @return what wait(2) calls the status; -EAGAIN while it lives, -ECHILD if it is no child
   */
  long childStatus(int pidfd);

  /** Buries a dead child; takes a tenth of a millisecond, so not before its successor is made. */
  long reapChild(int pidfd);

  /** The pid of some dead child that nobody has waited for, which stays so; 0: none. */
  long deadChild();

  /** Waits for the dead child of that pid and forgets its status. Never blocks. */
  long reap(long pid);

  /**
   * The wait(2) status of any process that was reaped while this pidfd was open (Linux 6.15).
   *
   * @return -EAGAIN while it is not reaped; -ENOTTY or -EINVAL in an older kernel
   */
  long exitStatus(int pidfd);

  /** Sets a resource limit, soft and hard; -1 is unlimited. The resource by its number. */
  long setLimit(long pid, int resource, long value);

  /** Sets the nice value of a process. */
  long setNice(long pid, int nice);

  long epollCreate();

  /** Adds a descriptor, level-triggered; its events come back with it. */
  long epollAdd(int epoll, int fd, int events);

  long epollModify(int epoll, int fd, int events);

  long epollRemove(int epoll, int fd);

  /**
   * Sleeps until something is ready.
   *
   * @param ready gets (events << 32 | fd) of each
   * @param nanos longest sleep, 0: none, negative: no limit
   * @return how many are ready
   */
  int epollWait(int epoll, long[] ready, long nanos);

  /** An eventfd, non-blocking and close-on-exec. */
  long eventFd();

  /**
   * A netlink socket that hears these groups, non-blocking and close-on-exec. What is written to it
   * goes to the kernel.
   *
   * @param groups a bit each
   * @param bytes how much may wait to be received; only root gets more than the usual
   */
  long netlink(int protocol, int groups, int bytes);

  /**
   * Takes a message from a netlink socket.
   *
   * @param sender gets the port of the sender, 0 for the kernel, -1 if it has no such thing
   * @return its true length, which may be more than fitted; -ENOBUFS once after messages were lost
   */
  int receive(int netlink, byte[] into, long[] sender);

  /**
   * Sends a datagram to a socket of this machine (AF_UNIX). Waits while that is full.
   *
   * @param name its path, or what follows the 0 of an abstract one
   * @param isAbstract it is no file
   * @param nanos longest wait; -EAGAIN when it is over
   * @return how many bytes were sent
   */
  long sendLocal(String name, boolean isAbstract, byte[] message, long nanos);

  /**
   * A datagram socket of this machine at a path where there is nothing yet, non-blocking and
   * close-on-exec. Who may send is up to the rights of the file.
   *
   * @param path at most 107 bytes
   */
  long listenLocal(String path);

  /**
   * Takes a datagram from such a socket. Descriptors that came with it are closed.
   *
   * @param into the most that is taken, and no more than 4096 bytes
   * @param sender gets the pid of who sent it, as the kernel vouches; 0 when that is outside of our
   *     PID namespace
   * @return its true length, which may be more than fitted; -EAGAIN when there is none
   */
  int receiveLocal(int socket, byte[] into, long[] sender);

  /** Whether there is something to read just now; a pidfd is readable when its process is dead. */
  boolean isReadable(int fd);

  /** A pipe, both ends close-on-exec: (read end) << 32 | (write end). */
  long pipe();

  /** Makes a descriptor non-blocking. */
  long setNonBlocking(int fd);

  /** How many bytes wait in a pipe to be read; asked at either end. */
  long unread(int pipe);

  long inotifyCreate();

  /** Returns the number of the watch. */
  long inotifyAdd(int inotify, String path, int events);

  long inotifyRemove(int inotify, int watch);

  /** Opens an existing file. */
  long open(String path, int flags);

  /**
   * Makes room for that many descriptors, or for as many as the limit allows. Each growth of the
   * table waits for a grace period of the kernel, some 10 ms, and so does whoever opens something
   * meanwhile: better once, and early.
   *
   * @return for how many there is room now; -EMFILE: for no more than before
   */
  long makeRoom(int descriptors);

  /** Reads at most 4096 bytes into the array. */
  int read(int fd, byte[] into);

  /** Writes at most 65536 bytes; returns how many it took. */
  int write(int fd, byte[] from, int offset, int length);

  long close(int fd);

  /** Back to the beginning of a file. */
  long seekStart(int fd);

  /** What a symbolic link says: null with the reason in the array if it says nothing. */
  String readLink(String path, long[] errno);
}
