package io.hamlet.agent.os.ffm;

import static io.hamlet.agent.os.ffm.Abi.call;
import static io.hamlet.agent.os.ffm.Abi.scratch;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.hamlet.agent.os.Errno;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;

/** A robust futex (Linux, robust-futex-ABI) that is held for life: a word with its holder's tid. */
final class RobustWord {
  private static final int WAITERS = 0x8000_0000;
  private static final int OWNER_DIED = 0x4000_0000;
  private static final int TID = 0x3FFF_FFFF;
  private static final int FUTEX_WAIT = 0;
  private static final int HEAD_BYTES = 24;
  private static final VarHandle WORD = JAVA_INT.varHandle();

  private RobustWord() {}

  /** The list of this thread: its head, then the one entry, whose next is the head again. */
  static long hold(long address) {
    // Never freed: the kernel reads it when the thread ends.
    MemorySegment list = Arena.global().allocate(HEAD_BYTES + Long.BYTES, Long.BYTES);
    long entry = list.address() + HEAD_BYTES;
    list.set(JAVA_LONG, 0, entry);
    list.set(JAVA_LONG, 8, address - entry);
    list.set(JAVA_LONG, HEAD_BYTES, list.address());
    long result = call(scratch(), Syscall.SET_ROBUST_LIST, list.address(), HEAD_BYTES);
    if (result < 0) {
      return result;
    }
    int tid = (int) call(scratch(), Syscall.GETTID, 0);
    // Said at once that somebody waits, so that the kernel wakes whoever does.
    WORD.setRelease(word(address), 0L, tid | WAITERS);
    return 0;
  }

  static long await(long address) {
    MemorySegment word = word(address);
    while (true) {
      int now = (int) WORD.getAcquire(word, 0L);
      if ((now & OWNER_DIED) != 0) {
        return 0;
      }
      if ((now & TID) == 0) {
        return -Errno.EINVAL;
      }
      long result =
          call(scratch(), Syscall.FUTEX, address, FUTEX_WAIT, now & 0xFFFF_FFFFL, 0, 0, 0);
      if (result < 0 && result != -Errno.EAGAIN && result != -Errno.EINTR) {
        return result;
      }
    }
  }

  private static MemorySegment word(long address) {
    return MemorySegment.ofAddress(address).reinterpret(Integer.BYTES);
  }
}
