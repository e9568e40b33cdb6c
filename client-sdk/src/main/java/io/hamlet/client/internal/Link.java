package io.hamlet.client.internal;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.hamlet.client.HamException;
import io.hamlet.v1.HamGrpc;
import io.hamlet.v1.StatusRequest;
import io.hamlet.v1.StatusResponse;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connection behind a {@link io.hamlet.client.Ham}: one event loop, and one manager at a time.
 * Thread-safe.
 *
 * <p>gRPC waits a second after a refused connection; a takeover is over long before, so every
 * failure here resets that and tries again within milliseconds, and then elsewhere. What is meant
 * for the own node stays meant for that node: its name is learnt before another manager is asked.
 */
final class Link {
  private static final Logger LOG = LoggerFactory.getLogger(Link.class);
  private static final long SHORTEST_PAUSE_MS = 1;
  private static final long LONGEST_PAUSE_MS = 50;

  /** Somebody who has never been reached is waited for no longer than that. */
  private static final long FIRST_PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** As long as that a connection may take to be made when there are other addresses. */
  private static final long CONNECT_PATIENCE_MS = 500;

  /** A connection that is used for longer than that learns of other managers. */
  private static final long CURIOUS_AFTER_MS = 1_000;

  private final Tags tags = new Tags();
  private final EventLoopGroup loop =
      new MultiThreadIoEventLoopGroup(
          1, new DefaultThreadFactory("ham-client", true), NioIoHandler.newFactory());
  private final Lines lines;
  private volatile boolean reached;
  private volatile boolean closed;
  private volatile boolean moved;
  private final AtomicBoolean learning = new AtomicBoolean();
  private volatile String node = "";

  Link(List<Address> addresses, Keys keys) {
    this.lines = new Lines(addresses, loop, keys);
  }

  List<Address> addresses() {
    return lines.addresses();
  }

  Tags tags() {
    return tags;
  }

  /** The node whose manager was reached first; empty while that is not known. */
  String node() {
    return node;
  }

  /** Makes a unary call, again and again until it is answered or the time is over. */
  <Q, A> A call(MethodDescriptor<Q, A> method, Supplier<Q> request, Duration timeout, Where where)
      throws InterruptedException {
    long begin = System.nanoTime();
    long end = begin + Math.min(Wire.nanos(timeout), Long.MAX_VALUE / 4);
    if (node.isEmpty() && lines.areMany()) {
      learn(Duration.ofNanos(Math.max(0, end - begin)));
    }
    return tried(method, request, end, patience(begin, end), where);
  }

  private <Q, A> A tried(
      MethodDescriptor<Q, A> method, Supplier<Q> request, long end, long patience, Where where)
      throws InterruptedException {
    long pause = SHORTEST_PAUSE_MS;
    boolean sent = false;
    while (true) {
      Line through = sent ? lineAgain(where) : line(where);
      SentMark mark = new SentMark(this::reached);
      UnaryCall<A> call = new UnaryCall<>();
      UnaryCall.Outcome<A> outcome =
          call.make(
              begun(through, method, options(mark, end), mark), request.get(), through::doubt);
      boolean lostBefore = sent;
      sent |= mark.isSet();
      if (outcome.status().isOk()) {
        worked(through);
        return outcome.answer();
      }
      boolean lost = Faults.isConnectionLost(outcome.status(), outcome.trailers());
      if (lost) {
        failed(through, outcome.status(), outcome.trailers());
      }
      long limit = reached ? end : patience;
      if (!lost || closed || lines.areAllMistrusted() || System.nanoTime() >= limit) {
        throw why(outcome, sent, lostBefore);
      }
      Thread.sleep(jittered(pause));
      pause = Math.min(LONGEST_PAUSE_MS, pause * 2);
    }
  }

  /** Which manager a call is for. */
  enum Where {
    /** Any: it sends on what is meant for another. */
    ANY,
    /** That of the own node only, because it is about this very process. */
    HOME
  }

  /**
   * Learns which node is meant by none, before a stream is opened: who asks for that waits for a
   * manager that stands still, and knows at once of one that is not there. Answers the time left.
   */
  Duration settle(Duration timeout) throws InterruptedException {
    long begin = System.nanoTime();
    if (node.isEmpty()) {
      learn(timeout);
    }
    return timeout.minusNanos(System.nanoTime() - begin);
  }

  /** Asks the manager for its node, and for the others. */
  private void learn(Duration timeout) throws InterruptedException {
    long begin = System.nanoTime();
    long end = begin + Math.min(Wire.nanos(timeout), Long.MAX_VALUE / 4);
    StatusResponse status =
        tried(
            HamGrpc.getStatusMethod(),
            StatusRequest::getDefaultInstance,
            end,
            patience(begin, end),
            Where.ANY);
    synchronized (this) {
      if (node.isEmpty()) {
        node = status.getNode();
      }
    }
    lines.learn(status.getAddressesList());
  }

  private long patience(long begin, long end) {
    return Math.min(end, begin + FIRST_PATIENCE_NANOS * lines.size());
  }

  /** The manager to call now. Throws Unavailable when the link is closed. */
  Line line(Where where) {
    if (closed) {
      throw new HamException.Unavailable("this connection was closed", null);
    }
    return where == Where.HOME ? lines.home() : lines.current();
  }

  /** The same for a call that was sent already, and may have been made. */
  private Line lineAgain(Where where) {
    try {
      return line(where);
    } catch (HamException.Unavailable e) {
      throw new HamException.OutcomeUnknown(
          "no answer; it may or may not have been done: " + e.getMessage(), e);
    }
  }

  /** A call that is given up when nobody takes it and there are others. Start it at once. */
  <Q, A> ClientCall<Q, A> begun(
      Line line, MethodDescriptor<Q, A> method, CallOptions options, SentMark mark) {
    ManagedChannel channel = line.channel();
    ClientCall<Q, A> call = channel.newCall(method, options);
    boolean isThere = channel.getState(false) == ConnectivityState.READY;
    if (!isThere && lines.areMany() && !loop.isShuttingDown()) {
      loop.schedule(
          () -> {
            if (!mark.isSet()) {
              call.cancel("no connection within " + CONNECT_PATIENCE_MS + " ms", null);
            }
          },
          CONNECT_PATIENCE_MS,
          TimeUnit.MILLISECONDS);
    }
    return call;
  }

  void worked(Line line) {
    lines.worked(line);
    if (moved) {
      moved = false;
      curious();
    }
  }

  /** A call over it was lost: the same again without delay, or the next. */
  void failed(Line line, Status status, Metadata trailers) {
    if (closed || Faults.isBeyond(trailers)) {
      return;
    }
    if (lines.failed(line, status)) {
      moved = true;
    }
  }

  /** No manager is left that believes us, or whom we believe. */
  boolean isHopeless() {
    return lines.areAllMistrusted();
  }

  /**
   * Runs on the event loop after a pause that grows with the number of failures in a row.
   *
   * @param never runs instead when the link is closed meanwhile
   */
  void later(int failures, Runnable what, Runnable never) {
    long pause = Math.min(LONGEST_PAUSE_MS, SHORTEST_PAUSE_MS << Math.min(failures, 10));
    if (loop.isShuttingDown()) {
      never.run();
      return;
    }
    loop.schedule(what, jittered(pause), TimeUnit.MILLISECONDS)
        .addListener(
            ended -> {
              if (ended.isCancelled()) {
                never.run();
              }
            });
  }

  SentMark mark() {
    return new SentMark(this::reached);
  }

  /** Which managers were tried, and what came of it. */
  String story() {
    return lines.story();
  }

  boolean isClosed() {
    return closed;
  }

  void close() {
    closed = true;
    lines.close();
    loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }

  private HamException why(UnaryCall.Outcome<?> outcome, boolean sent, boolean lostBefore) {
    HamException why = Faults.of(outcome.status(), outcome.trailers(), sent);
    if (why instanceof HamException.Unavailable) {
      return new HamException.Unavailable("no manager answers; tried " + story(), why.getCause());
    }
    // An earlier try may have been made all the same.
    return lostBefore && Faults.isNotNow(why)
        ? new HamException.OutcomeUnknown(
            "an earlier try was lost on its way and may have been made; asked again: "
                + why.getMessage(),
            why)
        : why;
  }

  private CallOptions options(SentMark mark, long end) {
    return CallOptions.DEFAULT
        .withDeadlineAfter(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS)
        .withStreamTracerFactory(mark);
  }

  private void reached() {
    if (!reached) {
      reached = true;
      if (!loop.isShuttingDown()) {
        loop.schedule(this::curious, CURIOUS_AFTER_MS, TimeUnit.MILLISECONDS);
      }
    }
  }

  /** Learns in the background; whoever fails at it is told by what fails next. */
  private void curious() {
    if (closed || !learning.compareAndSet(false, true)) {
      return;
    }
    Thread.ofVirtual()
        .name("ham-learn")
        .start(
            () -> {
              try {
                learn(Duration.ofNanos(FIRST_PATIENCE_NANOS));
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              } catch (HamException | RejectedExecutionException e) {
                LOG.debug("nothing was learnt of other managers: {}", e.getMessage());
              } finally {
                learning.set(false);
              }
            });
  }

  /** Many clients of a manager that goes do not all come back at one moment. */
  private static long jittered(long pause) {
    return pause < 4 ? pause : ThreadLocalRandom.current().nextLong(pause / 2, pause + 1);
  }
}
