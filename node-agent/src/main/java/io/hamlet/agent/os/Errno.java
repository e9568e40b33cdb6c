package io.hamlet.agent.os;

/** The error numbers that Hamlet tells apart; the same on all Linux machines it runs on. */
public final class Errno {
  public static final int EPERM = 1;
  public static final int ENOENT = 2;
  public static final int ESRCH = 3;
  public static final int EINTR = 4;
  public static final int EBADF = 9;
  public static final int ECHILD = 10;
  public static final int EAGAIN = 11;
  public static final int ENOMEM = 12;
  public static final int EACCES = 13;
  public static final int EBUSY = 16;
  public static final int EEXIST = 17;
  public static final int ENOTDIR = 20;
  public static final int EINVAL = 22;
  public static final int ENFILE = 23;
  public static final int EMFILE = 24;
  public static final int ENOTTY = 25;
  public static final int ENOSPC = 28;
  public static final int EPIPE = 32;
  public static final int ENOSYS = 38;
  public static final int ELOOP = 40;
  public static final int ENODATA = 61;
  public static final int ENOBUFS = 105;

  private Errno() {}

  /** True when there is too little of something, so that the same may succeed later. */
  public static boolean isScarcity(long errno) {
    return switch ((int) Math.abs(errno)) {
      case EAGAIN, ENOMEM, ENFILE, EMFILE -> true;
      default -> false;
    };
  }

  /** For people, such as {@code EPERM (not permitted)}; takes the number or its negative. */
  public static String text(long errno) {
    return switch ((int) Math.abs(errno)) {
      case EPERM -> "EPERM (not permitted)";
      case ENOENT -> "ENOENT (no such file)";
      case ESRCH -> "ESRCH (no such process)";
      case EINTR -> "EINTR (interrupted)";
      case EBADF -> "EBADF (bad descriptor)";
      case ECHILD -> "ECHILD (no such child)";
      case EAGAIN -> "EAGAIN (not now, or out of processes)";
      case ENOMEM -> "ENOMEM (out of memory)";
      case EACCES -> "EACCES (permission denied)";
      case EBUSY -> "EBUSY (busy)";
      case EEXIST -> "EEXIST (exists)";
      case ENOTDIR -> "ENOTDIR (no directory)";
      case EINVAL -> "EINVAL (invalid argument)";
      case ENFILE -> "ENFILE (the host is out of descriptors)";
      case EMFILE -> "EMFILE (out of descriptors)";
      case ENOTTY -> "ENOTTY (not understood by the device)";
      case ENOSPC -> "ENOSPC (no space)";
      case EPIPE -> "EPIPE (nobody reads)";
      case ENOSYS -> "ENOSYS (not in this kernel)";
      case ELOOP -> "ELOOP (too many links)";
      case ENODATA -> "ENODATA (no data)";
      case ENOBUFS -> "ENOBUFS (messages were lost)";
      default -> "errno " + Math.abs(errno);
    };
  }
}
