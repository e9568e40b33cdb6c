package io.hamlet.agent.guardian;

import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the other of the pair killed once it hangs, and then knows when it will never run again, gone
 * or not. For one thread.
 */
final class Judge implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Judge.class);

  private final String who;
  private final HangWatch hang;
  private final Doom doom;
  private final Runnable kill;
  private boolean killed;

  /**
   * @param who the other, for people
   */
  Judge(String who, HangWatch hang, Doom doom, Runnable kill) {
    this.who = who;
    this.hang = hang;
    this.doom = doom;
    this.kill = kill;
  }

  /**
   * @param who the other, for people
   * @param state where the kill lock is
   * @param beat as it is now
   */
  static Judge of(String who, long pid, Path state, long now, long beat, Runnable kill) {
    return new Judge(who + " " + pid, new HangWatch(state, now, beat), Doom.of(pid), kill);
  }

  /**
   * Looks once.
   *
   * @param due when this look was due
   * @return true: it was killed and is not gone, because it waits in the kernel, but none of its
   *     threads will run again
   */
  boolean looks(long now, long due, long beat) {
    if (killed) {
      return doom.lasts(now);
    }
    if (hang.hangs(now, due, beat)) {
      LOG.warn("{} does not beat; it is killed and replaced", who);
      kill.run();
      killed = true;
    }
    return false;
  }

  @Override
  public void close() {
    hang.close();
  }
}
