package io.hamlet.agent.process;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A message of the proc connector: nlmsghdr of 16 bytes, cn_msg of 20, proc_event (linux/netlink.h,
 * connector.h, cn_proc.h). One thread at a time.
 */
final class ProcMessage {
  /** The connector's index and value for processes, and the group that hears it. */
  static final int GROUP = 1;

  static final int LISTEN = 1;
  static final int IGNORE = 2;

  /** Answers a request. */
  static final int NONE = 0;

  static final int FORK = 1;
  static final int EXIT = 0x8000_0000;

  private static final int NLMSG_DONE = 3;
  private static final int INDEX = 16;
  private static final int VALUE = 20;
  private static final int ACKNOWLEDGED = 28;
  private static final int LENGTH = 32;
  private static final int EVENT = 36;
  private static final int DATA = EVENT + 16;

  /** As far as the last field that is read here. */
  private static final int LEAST = DATA + 16;

  final byte[] bytes = new byte[256];
  private final ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());

  /** What to send for one of the two operations; the answer has the next number. */
  static byte[] request(int operation, int number) {
    ByteBuffer buffer = ByteBuffer.allocate(EVENT + 4).order(ByteOrder.nativeOrder());
    buffer.putInt(0, buffer.capacity()).putShort(4, (short) NLMSG_DONE);
    buffer.putInt(INDEX, GROUP).putInt(VALUE, GROUP).putInt(ACKNOWLEDGED, number);
    buffer.putShort(LENGTH, (short) 4).putInt(EVENT, operation);
    return buffer.array();
  }

  /** Whether the first n bytes are one whole message of processes; n may exceed the bytes. */
  boolean isSound(int n) {
    return n >= LEAST
        && n <= bytes.length
        && buffer.getInt(0) == n
        && buffer.getInt(INDEX) == GROUP
        && buffer.getInt(VALUE) == GROUP
        && Short.toUnsignedInt(buffer.getShort(LENGTH)) == n - EVENT;
  }

  int what() {
    return buffer.getInt(EVENT);
  }

  /** Of NONE: this request was heeded. */
  boolean confirms(int number) {
    return buffer.getInt(ACKNOWLEDGED) == number + 1 && buffer.getInt(DATA) == 0;
  }

  /** Of EXIT: the thread. */
  long pid() {
    return buffer.getInt(DATA);
  }

  /** Of EXIT: the process it belonged to. */
  long process() {
    return buffer.getInt(DATA + 4);
  }

  /** Of EXIT: as wait(2) has it; only as much as may be in there. */
  int status() {
    return buffer.getInt(DATA + 8) & 0xFFFF;
  }

  /** Of FORK: the new process, or thread. */
  long childPid() {
    return buffer.getInt(DATA + 8);
  }
}
