package io.hamlet.agent.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hamlet.agent.os.Reactor;
import io.hamlet.agent.os.ffm.FfmKernel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Paths that are waited for. */
class PathWatchTest {
  private static final int MANY = 200;

  @TempDir Path directory;

  /** Found in review: each change, and each that began or ended, waited behind it. */
  @Test
  void behindAPathThatHangsNothingGathers() throws IOException {
    FfmKernel kernel = new FfmKernel();
    try (Reactor reactor = new Reactor(kernel);
        PathWatch paths = new PathWatch(kernel, reactor, "test-paths")) {
      AtomicInteger looks = new AtomicInteger();
      AtomicInteger vain = new AtomicInteger();
      CountDownLatch hangs = new CountDownLatch(1);
      CountDownLatch goesOn = new CountDownLatch(1);
      Path elsewhere = Files.createDirectory(directory.resolve("elsewhere"));
      Path here = Files.createDirectory(directory.resolve("here"));
      paths.on(here.resolve("x").toString(), looks::incrementAndGet);
      paths.on(
          elsewhere.resolve("x").toString(),
          () -> {
            hangs.countDown();
            awaitOpen(goesOn);
          });
      awaitOpen(hangs);
      int before = looks.get();

      for (int i = 0; i < MANY; i++) {
        Files.writeString(here.resolve("other-" + i), "");
        reactor.await(0);
        paths.on(here.resolve("y").toString(), vain::incrementAndGet).cancel();
      }
      CountDownLatch last = new CountDownLatch(1);
      paths.on(here.resolve("z").toString(), last::countDown);
      goesOn.countDown();

      await()
          .atMost(Duration.ofSeconds(20))
          .until(
              () -> {
                reactor.await(0);
                return last.getCount() == 0 && looks.get() > before;
              });
      assertThat(looks.get() - before).isLessThan(MANY / 4);
      assertThat(vain).hasValue(0);
    }
  }

  private static void awaitOpen(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
