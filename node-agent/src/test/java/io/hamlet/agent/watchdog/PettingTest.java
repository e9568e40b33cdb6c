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
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class PettingTest {
  @TempDir Path directory;

  /** Found in review: an interrupt closed the device unasked, and the host was reset. */
  @Test
  void whoStopsJustWhenItIsPettedStillDisarms() throws Exception {
    Path device = Files.createFile(directory.resolve("watchdog"));
    AtomicReference<Petting> petting = new AtomicReference<>();
    Thread stopper = new Thread(() -> petting.get().close());
    CompletableFuture<Void> begun = new CompletableFuture<>();
    Petting.Around around =
        new Petting.Around(
            device, Duration.ofMillis(200), () -> stopsNow(begun, stopper), verdict -> {});
    petting.set(Petting.begin(around, new Core(), new Clock()));
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

  /** Answers at once; no program is supervised. */
  private static final class Core implements Requests {
    @Override
    public CompletableFuture<Answered> submit(
        RequestId id, Command command, Ack wanted, Duration timeout) {
      return CompletableFuture.completedFuture(new Answered(Reply.OK, Ack.LOCAL, true));
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
