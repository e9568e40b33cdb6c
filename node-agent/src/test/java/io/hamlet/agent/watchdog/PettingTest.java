package io.hamlet.agent.watchdog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hamlet.core.model.Limits;
import io.hamlet.core.model.Moment;
import io.hamlet.core.model.RequestId;
import io.hamlet.core.recovery.Command;
import io.hamlet.core.recovery.HamState;
import io.hamlet.core.recovery.Reply;
import io.hamlet.manager.port.Ack;
import io.hamlet.manager.port.History;
import io.hamlet.manager.port.Requests;
import io.hamlet.manager.port.Ticker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What keeps a host from being reset, and what no longer does. */
@Timeout(60)
class PettingTest {
  private static final Duration PERIOD = Duration.ofMillis(40);

  @TempDir Path directory;
  private final Core core = new Core();
  private Path device;

  /** Found in review: an interrupt closed the device unasked, and the host was reset. */
  @Test
  void whoStopsJustWhenItIsPettedStillDisarms() throws Exception {
    device = Files.createFile(directory.resolve("watchdog"));
    AtomicReference<Petting> petting = new AtomicReference<>();
    Thread stopper = new Thread(() -> petting.get().close());
    CompletableFuture<Void> begun = new CompletableFuture<>();
    Petting.Around around =
        new Petting.Around(
            device, Duration.ofMillis(200), () -> stopsNow(begun, stopper), verdict -> {});
    petting.set(Petting.begin(around, core, new Clock()));
    begun.complete(null);
    await().until(() -> stopper.getState() == Thread.State.TERMINATED);
    assertThat(Files.readString(device)).endsWith("V");
  }

  /** Comes back, and is petted next, when the stop already waits for that. */
  private static boolean stopsNow(CompletableFuture<Void> begun, Thread stopper) {
    begun.join();
    if (stopper.getState() == Thread.State.NEW) {
      stopper.start();
    }
    while (stopper.isAlive() && stopper.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
    return true;
  }

  /** What a core may do with the question, other than answer it. */
  private enum Fault {
    KEEPS_SILENT,
    FAILS
  }

  @ParameterizedTest
  @EnumSource(Fault.class)
  void whileTheCoreDoesNotAnswerNobodyIsPetted(Fault fault) throws Exception {
    try (Petting petting = begin(() -> true, Duration.ofMinutes(1))) {
      awaitPets();
      core.fault = fault;
      await().until(() -> petting.trouble().equals("the core does not answer"));
      assertNotPetted();
      core.fault = null;
      awaitPets();
      await().until(() -> petting.trouble().isEmpty());
    }
  }

  /** Who asks hangs with whom it asks, and that is as good. */
  @Test
  void whileTheQuestionIsNotEvenTakenNobodyIsPetted() throws Exception {
    core.taken = new CountDownLatch(1);
    try (Petting petting = begin(() -> true, Duration.ofMinutes(1))) {
      await().until(() -> core.asked.get() == 1);
      long armed = pets();
      long since = System.nanoTime();
      await().until(() -> System.nanoTime() - since > 4 * PERIOD.toNanos());
      assertThat(pets()).isEqualTo(armed);
      assertThat(petting.trouble()).as("nobody can tell").isEmpty();
      core.taken.countDown();
      awaitPets();
    }
  }

  @Test
  void whileNoGuardianStandsByForTooLongNobodyIsPetted() throws Exception {
    AtomicBoolean guarded = new AtomicBoolean(true);
    try (Petting petting = begin(guarded::get, Duration.ZERO)) {
      awaitPets();
      guarded.set(false);
      await().until(() -> petting.trouble().equals("no Guardian stands by"));
      assertNotPetted();
      guarded.set(true);
      awaitPets();
    }
  }

  @Test
  void theNextGuardianHasItsTime() throws Exception {
    try (Petting petting = begin(() -> false, Duration.ofMinutes(1))) {
      awaitPets();
      assertThat(petting.trouble()).isEmpty();
    }
  }

  private Petting begin(BooleanSupplier guarded, Duration unguarded) throws IOException {
    device = Files.createFile(directory.resolve("watchdog"));
    Petting.Around around = new Petting.Around(device, PERIOD, guarded, verdict -> {});
    return Petting.begin(around, core, new Clock(), unguarded);
  }

  private long pets() {
    return device.toFile().length();
  }

  private void awaitPets() {
    long before = pets();
    await().until(() -> pets() > before + 2);
  }

  /** So often it would have been petted. */
  private void assertNotPetted() {
    long before = pets();
    int asked = core.asked.get();
    await().until(() -> core.asked.get() > asked + 3);
    assertThat(pets()).isEqualTo(before);
  }

  /** Answers at once, unless the test says otherwise; no program is supervised. */
  private static final class Core implements Requests {
    final AtomicInteger asked = new AtomicInteger();
    volatile Fault fault;
    volatile CountDownLatch taken = new CountDownLatch(0);

    @Override
    public CompletableFuture<Answered> submit(
        RequestId id, Command command, Ack wanted, Duration timeout) {
      asked.incrementAndGet();
      hold();
      return switch (fault) {
        case KEEPS_SILENT -> new CompletableFuture<>();
        case FAILS -> CompletableFuture.failedFuture(new IllegalStateException("no more"));
        case null -> CompletableFuture.completedFuture(new Answered(Reply.OK, Ack.LOCAL, true));
      };
    }

    private void hold() {
      try {
        taken.await();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }

    @Override
    public HamState state() {
      return HamState.empty("n", Limits.DEFAULT);
    }

    @Override
    public long durableIndex() {
      return 0;
    }

    @Override
    public History history() {
      throw new AssertionError("nobody reads");
    }
  }

  private static final class Clock implements Ticker {
    @Override
    public Moment now() {
      return Moment.ZERO;
    }

    @Override
    public void await(long untilBootNanos) {
      throw new AssertionError("nobody waits");
    }

    @Override
    public void ring() {
      throw new AssertionError("nobody rings");
    }
  }
}
