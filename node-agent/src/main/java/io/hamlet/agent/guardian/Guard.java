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
  private final Doom doom;
  private boolean dead;
  private boolean killed;

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
    this.doom = Doom.of(ham.pid());
  }

  /**
   * Returns when no thread of the HAM will ever run again, and everything it has written is read.
   * One that was killed and waits in the kernel, as for a disk, may still be there.
   */
  public void stand() throws IOException {
    try (Reactor reactor = new Reactor(kernel);
        HangWatch hang = new HangWatch(state, kernel.bootNanos(), page.ham())) {
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
          judge(hang, now, tick);
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

  private void judge(HangWatch hang, long now, long due) {
    if (!killed && hang.hangs(now, due, page.ham())) {
      LOG.warn("the HAM does not beat; it is killed, and its Guardian takes over");
      kernel.pidfdSignal(ham.pidfd(), Kernel.SIGKILL);
      killed = true;
    } else if (killed && doom.lasts(now)) {
      LOG.warn("the HAM {} was killed and waits in the kernel; its Guardian goes on", ham.pid());
      dead = true;
    }
  }
}
