package io.hamlet.agent.guardian;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.agent.os.Errno;
import io.hamlet.agent.os.Kernel;
import io.hamlet.agent.os.ffm.FfmKernel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How a Guardian hears of an end before the kernel is done with it. */
class LifeLineTest {
  private final Kernel kernel = new FfmKernel();

  @TempDir Path directory;

  @Test
  void whoWaitsHearsOfTheEndOfTheHolder() throws Exception {
    try (PairPage page = PairPage.open(kernel, directory.resolve("pair"))) {
      CountDownLatch taken = new CountDownLatch(1);
      CountDownLatch end = new CountDownLatch(1);
      Thread holder =
          Thread.ofPlatform()
              .start(
                  () -> {
                    LifeLine.take(kernel, page);
                    taken.countDown();
                    awaitIt(end);
                  });
      awaitIt(taken);
      CompletableFuture<Long> heard =
          CompletableFuture.supplyAsync(() -> kernel.awaitWord(page.life()));
      assertThat(heard.isDone()).isFalse();
      end.countDown();
      holder.join();
      assertThat(heard.get(30, SECONDS)).isZero();
    }
  }

  @Test
  void aSuccessorHoldsTheSameWordAnew() throws Exception {
    try (PairPage page = PairPage.open(kernel, directory.resolve("pair"))) {
      for (int i = 0; i < 2; i++) {
        Thread holder = Thread.ofPlatform().start(() -> LifeLine.take(kernel, page));
        holder.join();
        assertThat(kernel.awaitWord(page.life())).isZero();
      }
    }
  }

  @Test
  void aWordThatNobodyHoldsIsNotWaitedFor() throws IOException {
    try (PairPage page = PairPage.open(kernel, directory.resolve("pair"))) {
      assertThat(kernel.awaitWord(page.life())).isEqualTo(-Errno.EINVAL);
    }
  }

  @Test
  void onlyWhoWasKilledLosesItsMemory() throws Exception {
    Process process = new ProcessBuilder("/bin/sleep", "60").start();
    try {
      int pidfd = (int) kernel.pidfdOpen(process.pid());
      assertThat(kernel.releaseMemory(pidfd)).isEqualTo(-Errno.EINVAL);
      assertThat(process.isAlive()).isTrue();
      process.destroyForcibly();
      assertThat(kernel.releaseMemory(pidfd)).isIn(0L, (long) -Errno.ESRCH, (long) -Errno.EAGAIN);
      kernel.close(pidfd);
    } finally {
      process.destroyForcibly();
    }
    assertThat(process.waitFor(30, SECONDS)).isTrue();
  }

  private static void awaitIt(CountDownLatch latch) {
    try {
      assertThat(latch.await(30, SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
