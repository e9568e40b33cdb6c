package io.hamlet.agent.os;

import io.hamlet.core.model.Moment;
import io.hamlet.manager.port.Ticker;
import java.util.Arrays;
import java.util.PriorityQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Everything this process waits for, in one epoll set, served by the core thread itself: between a
 * death and the core lies no other thread. {@link #await} runs what is ready; {@link #now}, {@link
 * #ring} and {@link #execute} may be called by any thread, all else by the core thread only.
 */
public final class Reactor implements Ticker, AutoCloseable {
  /** Runs on the core thread. May be called without cause; must then do nothing. */
  public interface Handler {
    /**
     * @param events what is ready, as EPOLL bits
     */
    void ready(int events);
  }

  /** A call at a time to come; cancelled it does nothing. */
  public static final class Timer {
    private final long at;
    private Runnable work;

    private Timer(long at, Runnable work) {
      this.at = at;
      this.work = work;
    }

    public void cancel() {
      work = null;
    }
  }

  private static final int AWAKE = 0;
  private static final int ASLEEP = 1;
  private static final int RUNG = 2;

  private final Kernel kernel;
  private final int epoll;
  private final int bell;
  private final AtomicInteger state = new AtomicInteger(AWAKE);
  private final ConcurrentLinkedQueue<Runnable> handedOver = new ConcurrentLinkedQueue<>();
  private final PriorityQueue<Timer> timers =
      new PriorityQueue<>((a, b) -> Long.compare(a.at, b.at));
  private final long[] ready = new long[256];
  private final byte[] bellBytes = new byte[8];
  private Handler[] handlers = new Handler[64];

  public Reactor(Kernel kernel) {
    this.kernel = kernel;
    this.epoll = (int) KernelException.check(kernel.epollCreate(), "epoll_create1");
    this.bell = (int) KernelException.check(kernel.eventFd(), "eventfd");
    add(bell, Kernel.EPOLL_IN, events -> kernel.read(bell, bellBytes));
  }

  @Override
  public Moment now() {
    return kernel.now();
  }

  @Override
  public void ring() {
    if (state.get() != RUNG && state.getAndSet(RUNG) == ASLEEP) {
      byte[] one = {1, 0, 0, 0, 0, 0, 0, 0};
      kernel.write(bell, one, 0, one.length);
    }
  }

  @Override
  public void await(long untilBootNanos) {
    boolean quiet = handedOver.isEmpty() && state.compareAndSet(AWAKE, ASLEEP);
    int n = kernel.epollWait(epoll, ready, quiet ? sleepUntil(untilBootNanos) : 0);
    state.set(AWAKE);
    if (n < 0) {
      throw new KernelException("epoll_wait", n);
    }
    for (int i = 0; i < n; i++) {
      Handler handler = handlers[(int) ready[i]];
      if (handler != null) {
        handler.ready((int) (ready[i] >>> 32));
      }
    }
    for (Runnable work = handedOver.poll(); work != null; work = handedOver.poll()) {
      work.run();
    }
    runTimers();
  }

  private long sleepUntil(long untilBootNanos) {
    long until = untilBootNanos;
    if (!timers.isEmpty()) {
      until = Math.min(until, timers.peek().at);
    }
    return until == Long.MAX_VALUE ? -1 : Math.max(0, until - kernel.bootNanos());
  }

  private void runTimers() {
    while (!timers.isEmpty() && timers.peek().at <= kernel.bootNanos()) {
      Runnable work = timers.poll().work;
      if (work != null) {
        work.run();
      }
    }
  }

  /** Calls back as long as the descriptor is ready (level-triggered). */
  public void add(int fd, int events, Handler handler) {
    if (fd >= handlers.length) {
      handlers = Arrays.copyOf(handlers, Math.max(fd + 1, handlers.length * 2));
    }
    handlers[fd] = handler;
    KernelException.check(kernel.epollAdd(epoll, fd, events), "epoll_ctl for descriptor " + fd);
  }

  /** Changes what is awaited; errors and hang-ups always are. */
  public void change(int fd, int events) {
    KernelException.check(kernel.epollModify(epoll, fd, events), "epoll_ctl for descriptor " + fd);
  }

  /** Waits for it no more, and closes it. */
  public void removeAndClose(int fd) {
    remove(fd);
    kernel.close(fd);
  }

  /** Waits for it no more; it is the caller's again. */
  public void remove(int fd) {
    handlers[fd] = null;
    kernel.epollRemove(epoll, fd);
  }

  /** Has it run once on the core thread, soon. Any thread. */
  public void execute(Runnable work) {
    handedOver.add(work);
    ring();
  }

  /** Has it run after that many nanoseconds. */
  public Timer after(long nanos, Runnable work) {
    Timer timer = new Timer(kernel.bootNanos() + nanos, work);
    timers.add(timer);
    return timer;
  }

  @Override
  public void close() {
    kernel.close(epoll);
    kernel.close(bell);
  }
}
