package io.hamlet.agent.guardian;

import io.hamlet.agent.os.Kernel;
import io.hamlet.agent.os.Reactor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.LongConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The Guardian while it stands guard: follows the log and watches its HAM, until the HAM is dead.
 * One thread.
 */
public final class Guard {
  private static final Logger LOG = LoggerFactory.getLogger(Guard.class);

  /** While entries come, the log is looked at so often; with none the pauses grow to a tick. */
  private static final long FOLLOW_NANOS = 5_000_000L;

  private final Kernel kernel;
  private final PairPage page;
  private final LogFollower log;
  private final Path state;
  private final Ham ham;
  private final LongConsumer leash;
  private long held;
  private boolean dead;

  /** Whom it guards. */
  public record Ham(long pid, int pidfd) {}

  /**
   * @param state where the kill lock is
   * @param leash told the generation of each new leash, so that this manager holds it too
   */
  public Guard(
      Kernel kernel, PairPage page, LogFollower log, Path state, Ham ham, LongConsumer leash) {
    this.kernel = kernel;
    this.page = page;
    this.log = log;
    this.state = state;
    this.ham = ham;
    this.leash = leash;
  }

  /**
   * Returns when no thread of the HAM will ever run again, and everything it has written is read.
   * One that was killed and waits in the kernel, as for a disk, may still be there.
   */
  public void stand() throws IOException {
    try (Reactor reactor = new Reactor(kernel);
        Judge judge = judge()) {
      reactor.add(ham.pidfd(), Kernel.EPOLL_IN, events -> dead = true);
      // To its very end, as later: it shall not be the first time then.
      log.finish();
      long pause = FOLLOW_NANOS;
      long tick = kernel.bootNanos();
      page.beatGuardian();
      hold();
      while (!dead) {
        long due = Math.min(tick, kernel.bootNanos() + pause);
        reactor.await(due);
        pause = log.follow() > 0 ? FOLLOW_NANOS : Math.min(2 * pause, HangWatch.TICK_NANOS);
        long now = kernel.bootNanos();
        if (now >= tick && !dead) {
          page.beatGuardian();
          hold();
          if (judge.looks(now, tick, page.ham())) {
            LOG.warn(
                "the HAM {} was killed and waits in the kernel; its Guardian goes on", ham.pid());
            dead = true;
          }
          tick = now + HangWatch.TICK_NANOS;
        }
      }
      reactor.remove(ham.pidfd());
    }
    log.finish();
  }

  private void hold() {
    if (page.leash() != held) {
      held = page.leash();
      leash.accept(held);
    }
  }

  private Judge judge() {
    Runnable kill = () -> kernel.pidfdSignal(ham.pidfd(), Kernel.SIGKILL);
    return Judge.of("the HAM", ham.pid(), state, kernel.bootNanos(), page.ham(), kill);
  }
}
