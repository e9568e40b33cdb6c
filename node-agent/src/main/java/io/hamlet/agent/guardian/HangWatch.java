package io.hamlet.agent.guardian;

import io.hamlet.core.guardian.Silence;
import io.hamlet.manager.log.StateLock;
import java.io.IOException;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides when the other of the pair hangs and may be killed: silent for the limit, then, with the
 * kill lock held, for one limit more. A lock that nobody can get, because who holds it hangs too,
 * is waited for so long and no longer. For one thread.
 */
final class HangWatch implements AutoCloseable {
  /** How often each of the pair beats and looks. */
  static final long TICK_NANOS = 100_000_000L;

  static final long LIMIT_NANOS = 500_000_000L;

  /**
   * Whoever holds the kill lock and lives has used it after this time. If it wakes up now its tick
   * is late, so it counts anew and gives the lock back.
   */
  static final long FORFEIT_NANOS = 4 * LIMIT_NANOS;

  private static final Logger LOG = LoggerFactory.getLogger(HangWatch.class);

  private final Path state;
  private Silence silence;
  private StateLock lock;

  /**
   * @param state where the kill lock is
   */
  HangWatch(Path state, long now, long beat) {
    this.state = state;
    this.silence = Silence.begin(now, beat);
  }

  /**
   * Looks once.
   *
   * @param due when this look was due
   * @return true: it hangs and may be killed; the kill lock, if it was free, is held until {@link
   *     #close}
   */
  boolean hangs(long now, long due, long beat) {
    silence = silence.tick(now, due, beat);
    boolean silent = silence.lasts(LIMIT_NANOS);
    if (lock != null && silence.lasts(TICK_NANOS)) {
      return silent;
    }
    if (lock != null && silence.since() == now) {
      // It beats again, or the silence was ours.
      close();
      return false;
    }
    if (lock == null && silent && take()) {
      silence = Silence.begin(now, beat);
    }
    return lock == null && silence.lasts(FORFEIT_NANOS);
  }

  private boolean take() {
    try {
      lock = StateLock.takeKill(state);
      return true;
    } catch (StateLock.Taken e) {
      return false;
    } catch (IOException e) {
      LOG.warn("a partner that may hang cannot be judged: {}", e.getMessage());
      return false;
    }
  }

  @Override
  public void close() {
    if (lock != null) {
      lock.close();
      lock = null;
    }
  }
}
