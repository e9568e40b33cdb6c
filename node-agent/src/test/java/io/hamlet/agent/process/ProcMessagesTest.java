package io.hamlet.agent.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.agent.os.Errno;
import io.hamlet.agent.os.Kernel;
import io.hamlet.agent.os.Reactor;
import io.hamlet.agent.os.ffm.FfmKernel;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the connector makes of messages that no test can make the kernel send. */
class ProcMessagesTest {
  private static final int FOREIGN = 4711;
  private static final int PIDFD = 900;
  private static final long PID = 5000;

  /** A message and who sent it; or an error number. */
  private record Said(byte[] bytes, long sender, int error) {}

  private final FfmKernel real = new FfmKernel();
  private final Kernel kernel =
      (Kernel)
          Proxy.newProxyInstance(
              Kernel.class.getClassLoader(), new Class<?>[] {Kernel.class}, this::call);
  private final Reactor reactor = new Reactor(kernel);
  private final ProcConnector connector = new ProcConnector(kernel, reactor);
  private final Deque<Said> said = new ArrayDeque<>();
  private final Set<Integer> dead = new HashSet<>();
  private final List<Integer> operations = new ArrayList<>();
  private boolean confirms = true;
  private int socket = -1;
  private int learned;

  @AfterEach
  void close() {
    connector.close();
    reactor.close();
  }

  /** The connector's socket is an event counter, the rest of the kernel is real. */
  private Object call(Object proxy, Method method, Object[] arguments) throws Throwable {
    switch (method.getName()) {
      case "netlink" -> {
        socket = (int) real.eventFd();
        return (long) socket;
      }
      case "write" -> {
        if ((int) arguments[0] == socket) {
          return request((byte[]) arguments[1]);
        }
      }
      case "receive" -> {
        return receive((byte[]) arguments[1], (long[]) arguments[2]);
      }
      case "isReadable" -> {
        return dead.contains((int) arguments[0]);
      }
      default -> {
        // As it is.
      }
    }
    try {
      return method.invoke(real, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  private int request(byte[] bytes) {
    ByteBuffer request = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
    operations.add(request.getInt(36));
    if (confirms && request.getInt(36) == ProcMessage.LISTEN) {
      say(message(ProcMessage.NONE, request.getInt(28) + 1, 0));
    }
    return bytes.length;
  }

  private int receive(byte[] into, long[] sender) {
    Said next = said.poll();
    if (next == null || next.error() != 0) {
      return next == null ? -Errno.EAGAIN : -next.error();
    }
    System.arraycopy(next.bytes(), 0, into, 0, Math.min(into.length, next.bytes().length));
    sender[0] = next.sender();
    return next.bytes().length;
  }

  private void say(byte[] message) {
    said.add(new Said(message, 0, 0));
  }

  private static byte[] message(int what, int acknowledged, int... data) {
    ByteBuffer bytes = ByteBuffer.allocate(76).order(ByteOrder.nativeOrder());
    bytes
        .putInt(0, 76)
        .putInt(16, 1)
        .putInt(20, 1)
        .putInt(28, acknowledged)
        .putShort(32, (short) 40);
    bytes.putInt(36, what);
    for (int i = 0; i < data.length; i++) {
      bytes.putInt(52 + 4 * i, data[i]);
    }
    return bytes.array();
  }

  private static byte[] exit(long thread, int status) {
    return message(ProcMessage.EXIT, 0, (int) thread, (int) PID, status);
  }

  private void expect() {
    connector.expect(PID, PIDFD, () -> learned++);
  }

  private void hear() {
    real.write(socket, new byte[] {1, 0, 0, 0, 0, 0, 0, 0}, 0, 8);
    reactor.await(0);
    assertThat(said).isEmpty();
  }

  private long status() {
    return connector.of(PID, PIDFD);
  }

  @Test
  void wordAfterTheDeathCounts() {
    expect();
    dead.add(PIDFD);
    assertThat(status()).isEqualTo(-Errno.EAGAIN);
    say(exit(PID, 9));
    hear();
    assertThat(status()).isEqualTo(9);
    assertThat(learned).isEqualTo(1);
    connector.forget(PID, PIDFD);
    assertThat(operations).containsExactly(ProcMessage.LISTEN, ProcMessage.IGNORE);
  }

  @Test
  void foreignAndMisshapenMessagesAreIgnored() {
    expect();
    dead.add(PIDFD);
    byte[] good = exit(PID, 9);
    said.add(new Said(good, FOREIGN, 0));
    said.add(new Said(good, -1, 0));
    for (int size : new int[] {0, 1, 16, 36, 52, 75, 77, 300, 5000}) {
      say(Arrays.copyOf(good, size));
    }
    for (int at : new int[] {0, 16, 20, 32}) {
      byte[] bad = good.clone();
      bad[at]++;
      say(bad);
    }
    say(message(ProcMessage.EXIT, 0, (int) PID + 1, (int) PID + 1, 9));
    say(message(12345, 0, (int) PID, (int) PID, 9));
    hear();
    assertThat(status()).isEqualTo(-Errno.EAGAIN);
    say(good);
    hear();
    assertThat(status()).isEqualTo(9);
  }

  @Test
  void firstThreadMayLeaveBeforeTheOthers() {
    expect();
    say(exit(PID, 0));
    say(exit(PID + 1, 0));
    hear();
    assertThat(status()).isEqualTo(-Errno.EAGAIN);
    dead.add(PIDFD);
    say(exit(PID + 2, 3 << 8));
    hear();
    assertThat(status()).isEqualTo(3 << 8);
  }

  @Test
  void exitDuringTheEndOfAnotherThreadIsNotForgotten() {
    expect();
    say(exit(PID, 3 << 8));
    hear();
    dead.add(PIDFD);
    say(exit(PID + 2, 0));
    hear();
    assertThat(status()).isEqualTo(3 << 8);
  }

  @Test
  void overflowEndsTheHopeForTheDeadOnly() {
    expect();
    connector.expect(PID + 1, PIDFD + 1, () -> learned += 10);
    dead.add(PIDFD);
    said.add(new Said(null, 0, Errno.ENOBUFS));
    say(exit(PID, 9));
    hear();
    assertThat(learned).isEqualTo(1);
    assertThat(status()).isEqualTo(-Errno.ENODATA);
    assertThat(connector.of(PID + 1, PIDFD + 1)).isEqualTo(-Errno.EAGAIN);
  }

  @Test
  void pidOfANewProcessIsNotTheOldOne() {
    expect();
    byte[] fork = message(ProcMessage.FORK, 0, 1, 1, (int) PID, (int) PID);
    say(fork);
    hear();
    assertThat(status()).as("while it lives that is old news").isEqualTo(-Errno.EAGAIN);
    dead.add(PIDFD);
    say(fork);
    hear();
    assertThat(status()).isEqualTo(-Errno.ENODATA);
    assertThat(learned).isEqualTo(1);
    assertThat(operations).containsExactly(ProcMessage.LISTEN, ProcMessage.IGNORE);
  }

  @Test
  void withoutConfirmationNothingIsBelieved() {
    confirms = false;
    expect();
    assertThat(status()).isEqualTo(-Errno.ENODATA);
    confirms = true;
    expect();
    assertThat(status()).isEqualTo(-Errno.EAGAIN);
  }

  @Test
  void oneThatIsDeadAlreadyIsUnknownAndNotListenedFor() {
    dead.add(PIDFD);
    expect();
    assertThat(status()).isEqualTo(-Errno.ENODATA);
    assertThat(operations).containsExactly(ProcMessage.LISTEN, ProcMessage.IGNORE);
  }
}
