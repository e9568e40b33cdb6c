package io.hamlet.agent.os;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hamlet.agent.os.ffm.FfmKernel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** One set for all events, and no wake-up lost. */
class ReactorTest {
  private final FfmKernel kernel = new FfmKernel();
  private final Reactor reactor = new Reactor(kernel);

  @AfterEach
  void close() {
    reactor.close();
  }

  @Test
  void readyDescriptorIsServedOnTheAwaitingThread() {
    long pipe = kernel.pipe();
    int read = (int) (pipe >> 32);
    int write = (int) pipe;
    List<Thread> served = new ArrayList<>();
    reactor.add(
        read,
        Kernel.EPOLL_IN,
        events -> {
          kernel.read(read, new byte[8]);
          served.add(Thread.currentThread());
        });
    reactor.await(0);
    assertThat(served).isEmpty();
    kernel.write(write, new byte[] {1}, 0, 1);
    reactor.await(Long.MAX_VALUE);
    assertThat(served).containsExactly(Thread.currentThread());
    reactor.removeAndClose(read);
    kernel.close(write);
  }

  @Test
  void deadlineIsNotReturnedFromEarlyWithoutCause() {
    long until = kernel.bootNanos() + 3_000_000;
    reactor.await(until);
    assertThat(kernel.bootNanos()).isGreaterThanOrEqualTo(until);
  }

  @Test
  void timersRunInOrderAndCancelledOnesDoNot() {
    List<String> ran = new ArrayList<>();
    // Far apart: a busy machine may leave a while between these lines.
    reactor.after(500_000_000, () -> ran.add("second"));
    reactor.after(1_000_000, () -> ran.add("first"));
    reactor.after(1_500_000, () -> ran.add("cancelled")).cancel();
    while (ran.size() < 2) {
      reactor.await(Long.MAX_VALUE);
    }
    assertThat(ran).containsExactly("first", "second");
  }

  @Test
  @Timeout(60)
  void noRingIsLost() throws InterruptedException {
    AtomicInteger asked = new AtomicInteger();
    CountDownLatch done = new CountDownLatch(1);
    int rounds = 20_000;
    Thread other =
        Thread.ofPlatform()
            .start(
                () -> {
                  for (int i = 0; i < rounds; i++) {
                    int before = asked.get();
                    reactor.ring();
                    // The next only after the last was heard, so that one lost would be for ever.
                    while (asked.get() == before) {
                      Thread.onSpinWait();
                    }
                  }
                  done.countDown();
                  reactor.ring();
                });
    while (done.getCount() > 0) {
      reactor.await(Long.MAX_VALUE);
      asked.incrementAndGet();
    }
    assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();
    other.join();
  }

  @Test
  void clocksGoOn() {
    long before = reactor.now().bootNanos();
    assertThat(before).isPositive();
    assertThat(reactor.now().bootNanos()).isGreaterThanOrEqualTo(before);
    assertThat(reactor.now().wallNanos()).isGreaterThan(1_700_000_000_000_000_000L);
  }

  @Test
  void kernelTellsErrorsAsNegativeNumbers() {
    assertThat(kernel.pidfdOpen(4_194_305)).isIn((long) -Errno.EINVAL, (long) -Errno.ESRCH);
    assertThat(kernel.open("/no/such/file", Kernel.O_RDONLY)).isEqualTo(-Errno.ENOENT);
    assertThatThrownBy(() -> KernelException.check(-Errno.EPERM, "this"))
        .hasMessage("this: EPERM (not permitted)");
  }
}
