package io.hamlet.agent.watchdog;

import io.hamlet.core.model.RequestId;
import io.hamlet.core.recovery.Command;
import io.hamlet.core.sam.WatchdogJudge;
import io.hamlet.core.sam.WatchdogJudge.Verdict;
import io.hamlet.manager.port.Ack;
import io.hamlet.manager.port.Requests;
import io.hamlet.manager.port.Ticker;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Pets the device at half its time, while the core answers, a Guardian stands by if one is wanted,
 * and no program that has failed asks for something harder. All of it is asked anew each time. When
 * this thread hangs nobody pets, which is as it must be.
 */
public final class Petting implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Petting.class);
  private static final Command QUESTION = new Command.Verbose(Command.VerboseVerb.GET, 0);
  private static final RequestId UNNAMED = new RequestId(0, 0, 0);

  private static final Duration UNGUARDED = Duration.ofMinutes(1);

  private final Around around;
  private final Duration unguarded;
  private final Requests requests;
  private final Ticker clock;
  private final Device device;
  private final Thread thread = new Thread(this::run, "watchdog");
  private final CountDownLatch over = new CountDownLatch(1);
  private volatile String trouble = "";
  private long guardedAt;
  private boolean acted;

  /**
   * What it is told.
   *
   * @param period of the device: what is not petted that long fires
   * @param guarded a Guardian stands by, or none is wanted
   * @param power does what is harder than a reset; may not come back
   */
  public record Around(
      Path device, Duration period, BooleanSupplier guarded, Consumer<Verdict> power) {}

  private Petting(
      Around around, Requests requests, Ticker clock, Duration unguarded, Device device) {
    this.around = around;
    this.unguarded = unguarded;
    this.requests = requests;
    this.clock = clock;
    this.device = device;
    this.guardedAt = System.nanoTime();
    thread.setDaemon(true);
  }

  /** Arms the device and pets it from now on. */
  public static Petting begin(Around around, Requests requests, Ticker clock) throws IOException {
    return begin(around, requests, clock, UNGUARDED);
  }

  /**
   * The same.
   *
   * @param unguarded so long the next Guardian may take
   */
  static Petting begin(Around around, Requests requests, Ticker clock, Duration unguarded)
      throws IOException {
    Device device = Device.open(around.device());
    Petting petting = new Petting(around, requests, clock, unguarded, device);
    petting.device.pet();
    petting.thread.start();
    return petting;
  }

  /** Why it is not petted; empty: it is. Any thread. */
  public String trouble() {
    return trouble;
  }

  /** Disarms it: the node is stopped in good order. */
  @Override
  public void close() {
    over.countDown(); // No interrupt: in the middle of a pet it would close the device armed.
    try {
      thread.join();
      device.disarm();
      device.close();
    } catch (IOException e) {
      LOG.error("the watchdog {} cannot be disarmed: {}", around.device(), e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    try {
      long pause = around.period().dividedBy(2).toNanos();
      while (!over.await(pause, TimeUnit.NANOSECONDS)) {
        String why = why();
        if (why.isEmpty()) {
          device.pet();
        } else if (!why.equals(trouble)) {
          LOG.error("the watchdog is not petted: {}", why);
        }
        trouble = why;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      trouble = e.getMessage();
      LOG.error("the watchdog {} cannot be petted: {}", around.device(), e.getMessage());
    }
  }

  /** Why not; empty: all is well. */
  private String why() throws InterruptedException {
    if (!answers()) {
      return "the core does not answer";
    }
    long now = System.nanoTime();
    guardedAt = around.guarded().getAsBoolean() ? now : guardedAt;
    if (now - guardedAt > unguarded.toNanos()) {
      return "no Guardian stands by";
    }
    Verdict verdict =
        WatchdogJudge.judge(
            requests.state().sam(), clock.now(), p -> requests.messages().newest(p.uid()));
    return switch (verdict) {
      case PET, COMPLAIN -> {
        acted = false;
        yield "";
      }
      case RESET ->
          "a program that has failed wants the host reset ('ham sam clear' takes it back)";
      case REBOOT, POWER_OFF -> {
        if (!acted) {
          acted = true;
          around.power().accept(verdict);
        }
        yield "a program that has failed wants the host to " + verdict;
      }
    };
  }

  /** The thread that must not hang takes a question in and answers it. */
  private boolean answers() throws InterruptedException {
    Duration patience = around.period().dividedBy(4);
    try {
      requests
          .submit(UNNAMED, QUESTION, Ack.LOCAL, patience)
          .get(patience.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (ExecutionException | TimeoutException e) {
      return false;
    }
  }
}
