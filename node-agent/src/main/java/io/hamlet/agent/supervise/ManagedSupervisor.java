package io.hamlet.agent.supervise;

import io.hamlet.agent.os.Kernel;
import io.hamlet.agent.os.Reactor;
import io.hamlet.client.Command;
import io.hamlet.client.Ham;
import io.hamlet.client.HamException;
import io.hamlet.client.Sam;
import io.hamlet.client.SamException;
import io.hamlet.client.SamStatus;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Has the manager supervise: it starts the program, and goes on with it when we are gone. Calls
 * wait for the manager on a thread of their own, in their order.
 */
final class ManagedSupervisor implements Supervisor {
  private static final int REFUSED = 1;
  private static final int UNREACHABLE = 69;
  private static final int TRY_AGAIN = 75;
  private static final int NOT_PERMITTED = 77;
  private static final int NOT_EXECUTABLE = 126;

  private final Plan plan;
  private final Ham ham;
  private final Command command;
  private final Kernel kernel;
  private final Reactor reactor;
  private final ExecutorService calls =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().daemon().name("supervise-calls").factory());
  private final AtomicBoolean beating = new AtomicBoolean();
  private volatile Sam sam;
  private volatile Thread starter;
  private final boolean isTakenUp;
  private Listener listener;
  private Course course;
  private int pidfd = -1;

  /**
   * @param isTakenUp the program may run already, and is ours then
   */
  ManagedSupervisor(
      Plan plan, Ham ham, Command command, boolean isTakenUp, Kernel kernel, Reactor reactor) {
    this.plan = plan;
    this.ham = ham;
    this.command = command;
    this.isTakenUp = isTakenUp;
    this.kernel = kernel;
    this.reactor = reactor;
  }

  @Override
  public void begin(Listener to) {
    listener = to;
    course = new Course(listener, isTakenUp, Contract.startsNow(plan), this::hold);
    calls.execute(
        () -> {
          try {
            sam =
                isTakenUp
                    ? Sam.named(ham, plan.name())
                    : Sam.launch(ham, plan.name(), Contract.sdk(plan), command, plan.data());
            if (plan.warnSignal() != Kernel.SIGTERM && !isTakenUp) {
              sam.warnSignal(plan.warnSignal());
            }
            sam.onChange(now -> reactor.execute(() -> course.changed(now)));
          } catch (SamException e) {
            over(statusOf(e), e.getMessage());
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
  }

  private static int statusOf(SamException e) {
    if (!(e.getCause() instanceof HamException.Refused no)) {
      return e.status() == SamStatus.LIBRARY ? UNREACHABLE : REFUSED;
    }
    return switch (no.reason()) {
      case CANNOT_START -> NOT_EXECUTABLE;
      case NOT_PERMITTED -> NOT_PERMITTED;
      case UNAVAILABLE -> TRY_AGAIN;
      default -> REFUSED;
    };
  }

  private void over(int status, String why) {
    reactor.execute(() -> listener.over(status, why));
  }

  /** Signals go to that process from now on; 0: to none. */
  private void hold(long pid) {
    if (pidfd >= 0) {
      kernel.close(pidfd);
    }
    pidfd = pid == 0 ? -1 : (int) Math.max(-1, kernel.pidfdOpen(pid));
  }

  /** A call of SAM. */
  private interface SamWork {
    void run(Sam with) throws SamException, InterruptedException;
  }

  private void later(SamWork work) {
    calls.execute(() -> now(work));
  }

  private void now(SamWork work) {
    try {
      work.run(sam);
    } catch (SamException e) {
      // Refused: it ended, or was warned, before this came. Else the manager is not there.
      if (e.status() == SamStatus.LIBRARY) {
        reactor.execute(() -> listener.told("the manager does not answer: " + e.getMessage()));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void start() {
    if (!plan.quorum()) {
      later(Sam::start);
      return;
    }
    // It may wait long, and nothing else must wait for it.
    starter = Thread.ofVirtual().name("supervise-start").start(() -> now(this::startWithQuorum));
  }

  private void startWithQuorum(Sam with) throws SamException, InterruptedException {
    if (plan.quorumWait().isZero()) {
      with.start();
    } else if (!with.start(plan.quorumWait())) {
      reactor.execute(
          () -> {
            listener.told("there was no quorum in time");
            course.endsWith(TRY_AGAIN);
            signal(Kernel.SIGTERM);
          });
    }
  }

  @Override
  public void stop(boolean ofItself) {
    if (starter != null) {
      starter.interrupt();
      starter = null;
    }
    // A warning is on record before the program can hear of it.
    later(ofItself ? Sam::stopUnlessWarned : Sam::stop);
  }

  @Override
  public void beat() {
    // One that waits already is worth as much.
    if (beating.compareAndSet(false, true)) {
      later(
          with -> {
            beating.set(false);
            with.heartbeat();
          });
    }
  }

  @Override
  public void unhealthy(String why) {
    later(Sam::unhealthy);
  }

  @Override
  public void signal(int number) {
    // After the stop that was asked for before.
    calls.execute(
        () ->
            reactor.execute(
                () -> {
                  if (pidfd >= 0) {
                    kernel.pidfdSignal(pidfd, number);
                  }
                }));
  }

  @Override
  public void close() {
    calls.shutdownNow();
    if (starter != null) {
      starter.interrupt();
    }
    if (sam != null) {
      try {
        sam.close();
      } catch (SamException e) {
        // Nothing is left to be freed.
      }
    }
  }
}
