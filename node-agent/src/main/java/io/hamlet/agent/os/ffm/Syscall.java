package io.hamlet.agent.os.ffm;

/** System calls by number; the first is x86-64's, the second aarch64's. */
enum Syscall {
  READ(0, 63),
  WRITE(1, 64),
  CLOSE(3, 57),
  LSEEK(8, 62),
  IOCTL(16, 29),
  SOCKET(41, 198),
  SENDTO(44, 206),
  RECVFROM(45, 207),
  RECVMSG(47, 212),
  BIND(49, 200),
  SETSOCKOPT(54, 208),
  KILL(62, 129),
  FCNTL(72, 25),
  SETPRIORITY(141, 140),
  PRCTL(157, 167),
  GETTID(186, 178),
  FUTEX(202, 98),
  EPOLL_CTL(233, 21),
  WAITID(247, 95),
  INOTIFY_ADD_WATCH(254, 27),
  INOTIFY_RM_WATCH(255, 28),
  OPENAT(257, 56),
  READLINKAT(267, 78),
  PPOLL(271, 73),
  SET_ROBUST_LIST(273, 99),
  EPOLL_PWAIT(281, 22),
  EVENTFD2(290, 19),
  EPOLL_CREATE1(291, 20),
  PIPE2(293, 59),
  INOTIFY_INIT1(294, 26),
  PRLIMIT64(302, 261),
  PIDFD_SEND_SIGNAL(424, 424),
  PIDFD_OPEN(434, 434),
  EPOLL_PWAIT2(441, 441),
  PROCESS_MRELEASE(448, 448);

  final long number;

  Syscall(int x86, int aarch64) {
    number = Abi.X86 ? x86 : aarch64;
  }
}
