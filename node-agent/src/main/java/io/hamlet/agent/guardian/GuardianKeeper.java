package io.hamlet.agent.guardian;

import io.hamlet.agent.os.Errno;
import io.hamlet.agent.os.Kernel;
import io.hamlet.agent.os.KernelException;
import io.hamlet.agent.os.Reactor;
import io.hamlet.agent.os.SpawnRequest;
import io.hamlet.core.recovery.HamEvent;
import io.hamlet.manager.port.Inbox;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees to it that a Guardian stands by: makes it, watches it, replaces it. Without one the HAM goes
 * on, says so, and tries again. Core thread, except where it says otherwise.
 */
public final class GuardianKeeper {
  /** Whoever reaps orphans must leave the Guardian to this object. */
  public interface Children {
    void claim(long pid);

    void unclaim(long pid);
  }

  private static final Logger LOG = LoggerFactory.getLogger(GuardianKeeper.class);
  private static final long FIRST_PAUSE_NANOS = 100_000_000L;
  private static final long LONGEST_PAUSE_NANOS = 5_000_000_000L;

  /** After a Guardian's end, which its heir reads at once. */
  private static final long STRAY_NANOS = 2_000_000_000L;

  /** One that does not stand guard after so long never will. */
  private static final long PATIENCE_NANOS = 30_000_000_000L;

  private final Kernel kernel;
  private final Reactor reactor;
  private final PairPage page;
  private final Path state;
  private final Inbox inbox;
  private final Children children;
  private SpawnRequest request;
  private long pid;
  private int pidfd = -1;
  private Judge judge;
  private long madeAt;
  private long due;
  private int vain;
  private volatile String shown = "";
  private volatile String trouble;

  /**
   * @param state where the kill lock is
   */
  public GuardianKeeper(
      Kernel kernel, Reactor reactor, PairPage page, Path state, Inbox inbox, Children children) {
    this.kernel = kernel;
    this.reactor = reactor;
    this.page = page;
    this.state = state;
    this.inbox = inbox;
    this.children = children;
  }

  /**
   * Begins to beat, and makes the first Guardian.
   *
   * @param how null: there is to be none
   * @param heir that was made before, to be the first; null: there is none
   * @return its pid; 0 for none
   */
  public long begin(SpawnRequest how, Heir heir) {
    request = how;
    if (how == null) {
      return 0;
    }
    page.beatHam();
    LifeLine.hold(kernel, page);
    reactor.after(HangWatch.TICK_NANOS, this::tick);
    long made = heir == null ? make() : raise(heir);
    if (made == 0) {
      later();
    }
    return made;
  }

  private long raise(Heir heir) {
    page.clearGuardian();
    long begun = heir.begin();
    return begun < 0 ? make() : watch(begun);
  }

  /** What status shows beside its pid. Any thread. */
  public String shown() {
    return shown;
  }

  /** Whether one stands guard. Core thread. */
  public boolean isGuarded() {
    return judge != null;
  }

  /** Why no Guardian stands by, or null. Any thread. */
  public String trouble() {
    return trouble;
  }

  /** Ends the Guardian and waits for that. After the core thread has ended. */
  public void end() {
    request = null;
    if (pidfd < 0) {
      return;
    }
    kernel.pidfdSignal(pidfd, Kernel.SIGKILL);
    int epoll = (int) KernelException.check(kernel.epollCreate(), "epoll_create1");
    kernel.epollAdd(epoll, pidfd, Kernel.EPOLL_IN);
    kernel.epollWait(epoll, new long[1], LONGEST_PAUSE_NANOS);
    kernel.close(epoll);
    kernel.close(pidfd);
    pidfd = -1;
    StrayHeirs.wake(kernel);
  }

  private long make() {
    page.clearGuardian();
    long made = kernel.spawn(request);
    if (made < 0) {
      return lack("none can be made: " + Errno.text(made));
    }
    return watch(made);
  }

  private long watch(long made) {
    children.claim(made);
    long fd = kernel.pidfdOpen(made);
    try {
      pidfd = (int) KernelException.check(fd, "pidfd_open");
      reactor.add(pidfd, Kernel.EPOLL_IN, events -> gone());
    } catch (KernelException e) {
      kernel.kill(made, Kernel.SIGKILL);
      children.unclaim(made);
      if (fd >= 0) {
        kernel.close(pidfd);
      }
      pidfd = -1;
      return lack("one was made and cannot be watched: " + e.getMessage());
    }
    pid = made;
    madeAt = kernel.bootNanos();
    shown = "warming";
    return made;
  }

  private long lack(String why) {
    vain++;
    shown = "";
    trouble =
        "no Guardian stands by: "
            + why
            + "; it is tried again, and until then nobody takes over from this HAM";
    LOG.warn("{}", trouble);
    return 0;
  }

  private void gone() {
    if (pidfd < 0 || !kernel.isReadable(pidfd)) {
      return;
    }
    kernel.reap(pid);
    replace();
  }

  /** The last one is gone, or killed and never runs again; then whoever reaps orphans has it. */
  private void replace() {
    reactor.removeAndClose(pidfd);
    pidfd = -1;
    children.unclaim(pid);
    boolean stood = judge != null;
    forgetBeat();
    // To look at all processes takes too long for this thread.
    reactor.after(
        STRAY_NANOS,
        () -> Thread.ofPlatform().daemon().name("stray").start(() -> StrayHeirs.wake(kernel)));
    if (stood) {
      vain = 0;
      long next = make();
      inbox.post(new HamEvent.GuardianChanged(next, true));
      if (next == 0) {
        later();
      }
    } else {
      lack("the last one ended before it stood guard");
      inbox.post(new HamEvent.GuardianChanged(0, true));
      later();
    }
  }

  private void later() {
    long pause = FIRST_PAUSE_NANOS << Math.min(vain - 1, 6);
    reactor.after(Math.min(pause, LONGEST_PAUSE_NANOS), this::again);
  }

  private void again() {
    long next = make();
    if (next == 0) {
      later();
    } else {
      inbox.post(new HamEvent.GuardianChanged(next, false));
    }
  }

  private void tick() {
    long now = kernel.bootNanos();
    page.beatHam();
    if (pidfd >= 0) {
      judge(now);
    }
    due = now + HangWatch.TICK_NANOS;
    reactor.after(HangWatch.TICK_NANOS, this::tick);
  }

  private void judge(long now) {
    long beat = page.guardian();
    if (judge == null && beat != 0) {
      judge = Judge.of("the Guardian", pid, state, now, beat, this::kill);
      shown = "";
      trouble = null;
    } else if (judge == null && now - madeAt > PATIENCE_NANOS) {
      LOG.warn("the Guardian {} never came to stand guard; it is killed", pid);
      kill();
      madeAt = now;
    } else if (judge != null && judge.looks(now, due, beat)) {
      LOG.warn("the Guardian {} was killed and waits in the kernel; another is made", pid);
      replace();
    }
  }

  private void kill() {
    kernel.pidfdSignal(pidfd, Kernel.SIGKILL);
  }

  private void forgetBeat() {
    if (judge != null) {
      judge.close();
      judge = null;
    }
  }
}
