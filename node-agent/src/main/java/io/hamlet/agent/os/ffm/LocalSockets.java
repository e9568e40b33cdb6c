package io.hamlet.agent.os.ffm;

import static io.hamlet.agent.os.ffm.Abi.call;
import static io.hamlet.agent.os.ffm.Abi.scratch;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.hamlet.agent.os.Errno;
import io.hamlet.agent.os.Kernel;
import io.hamlet.agent.os.ffm.Abi.Scratch;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;

/** Datagram sockets of this machine (AF_UNIX), which the JDK does not have. */
final class LocalSockets {
  static final int SOCK_DGRAM = 2;
  static final int SOL_SOCKET = 1;
  static final int MSG_TRUNC = 0x20;

  private static final int AF_UNIX = 1;
  private static final int LONGEST_NAME = 107;
  private static final int SO_PASSCRED = 16;
  private static final int SO_SNDTIMEO = 21;
  private static final int MSG_NOSIGNAL = 0x4000;
  private static final int MSG_CMSG_CLOEXEC = 0x4000_0000;

  private static final int SCM_CREDENTIALS = 2;
  private static final int HEAD_BYTES = 16;

  /** Room for the sender's credentials and nothing else: the kernel then closes what it sends. */
  private static final int CONTROL_BYTES = 32;

  private static final int MOST = Scratch.BYTES / 2;

  private LocalSockets() {}

  static long send(String name, boolean isAbstract, byte[] message, long nanos) {
    byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
    if (name.indexOf(0) >= 0 || bytes.length > LONGEST_NAME || message.length > MOST) {
      return -Errno.EINVAL;
    }
    Scratch s = scratch();
    long socket = call(s, Syscall.SOCKET, AF_UNIX, SOCK_DGRAM | Kernel.O_CLOEXEC, 0, 0);
    if (socket < 0) {
      return socket;
    }
    s.bytes.set(JAVA_LONG, 0, nanos / 1_000_000_000L);
    s.bytes.set(JAVA_LONG, 8, nanos % 1_000_000_000L / 1_000);
    call(s, Syscall.SETSOCKOPT, socket, SOL_SOCKET, SO_SNDTIMEO, s.address, 16, 0);
    long length = address(s, bytes, isAbstract);
    MemorySegment.copy(message, 0, s.bytes, JAVA_BYTE, MOST, message.length);
    long text = s.address + MOST;
    long sent =
        call(s, Syscall.SENDTO, socket, text, message.length, MSG_NOSIGNAL, s.address, length);
    call(s, Syscall.CLOSE, socket);
    return sent;
  }

  static long listen(String path) {
    byte[] bytes = path.getBytes(StandardCharsets.UTF_8);
    if (path.indexOf(0) >= 0 || bytes.length == 0 || bytes.length > LONGEST_NAME) {
      return -Errno.EINVAL;
    }
    Scratch s = scratch();
    int type = SOCK_DGRAM | Kernel.O_NONBLOCK | Kernel.O_CLOEXEC;
    long socket = call(s, Syscall.SOCKET, AF_UNIX, type, 0, 0);
    if (socket < 0) {
      return socket;
    }
    s.bytes.set(JAVA_INT, 0, 1);
    // Before the bind: what came earlier would have no sender.
    long result = call(s, Syscall.SETSOCKOPT, socket, SOL_SOCKET, SO_PASSCRED, s.address, 4, 0);
    if (result >= 0) {
      long length = address(s, bytes, false);
      result = call(s, Syscall.BIND, socket, s.address, length, 0);
    }
    if (result < 0) {
      call(s, Syscall.CLOSE, socket);
      return result;
    }
    return socket;
  }

  static int receive(int socket, byte[] into, long[] sender) {
    Scratch s = scratch();
    int most = Math.min(into.length, MOST);
    long head = MOST;
    long vector = head + 64;
    long control = vector + 16;
    s.bytes.asSlice(head, 64 + 16 + CONTROL_BYTES).fill((byte) 0);
    s.bytes.set(JAVA_LONG, vector, s.address);
    s.bytes.set(JAVA_LONG, vector + 8, most);
    s.bytes.set(JAVA_LONG, head + 16, s.address + vector);
    s.bytes.set(JAVA_LONG, head + 24, 1);
    s.bytes.set(JAVA_LONG, head + 32, s.address + control);
    s.bytes.set(JAVA_LONG, head + 40, CONTROL_BYTES);
    int flags = MSG_TRUNC | MSG_CMSG_CLOEXEC;
    int n = (int) call(s, Syscall.RECVMSG, socket, s.address + head, flags, 0);
    if (n < 0) {
      return n;
    }
    boolean known =
        s.bytes.get(JAVA_LONG, head + 40) >= HEAD_BYTES + 12
            && s.bytes.get(JAVA_INT, control + 8) == SOL_SOCKET
            && s.bytes.get(JAVA_INT, control + 12) == SCM_CREDENTIALS;
    sender[0] = known ? s.bytes.get(JAVA_INT, control + HEAD_BYTES) : 0;
    MemorySegment.copy(s.bytes, JAVA_BYTE, 0, into, 0, Math.min(n, most));
    return n;
  }

  /**
   * Writes the address at the beginning of the scratch. Either way one byte is 0: the first of an
   * abstract name, the one that ends a path.
   */
  private static long address(Scratch s, byte[] name, boolean isAbstract) {
    s.bytes.asSlice(0, LONGEST_NAME + 3).fill((byte) 0).set(JAVA_BYTE, 0, (byte) AF_UNIX);
    MemorySegment.copy(name, 0, s.bytes, JAVA_BYTE, isAbstract ? 3 : 2, name.length);
    return 2 + name.length + 1;
  }
}
