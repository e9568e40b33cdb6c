package io.hamlet.client.internal;

import io.hamlet.client.EventStream;
import io.hamlet.client.HamException;
import io.hamlet.client.OwnerWatch;
import io.hamlet.client.Ownership;
import io.hamlet.client.WatchSpec;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks at each event of the entity, and when a third of what is left is over. Thread-safe. */
final class OwnerFollower implements OwnerWatch {
  private static final Logger LOG = LoggerFactory.getLogger(OwnerFollower.class);
  private static final Duration SHORTEST = Duration.ofMillis(50);
  private static final Duration LONGEST = Duration.ofSeconds(1);

  private final Session session;
  private final OwnerCalls calls;
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
  private final Thread thread;
  private volatile EventStream events;
  private volatile Ownership now;
  private volatile boolean closed;

  private OwnerFollower(Session session, OwnerCalls calls) {
    this.session = session;
    this.calls = calls;
    this.thread = Thread.ofVirtual().name("owner of " + calls.entity()).unstarted(this::follow);
  }

  /** What is known when this returns is true of that moment. */
  static OwnerWatch begin(Session session, OwnerCalls calls) throws InterruptedException {
    OwnerFollower watch = new OwnerFollower(session, calls);
    watch.now = calls.ask();
    watch.thread.start();
    return watch;
  }

  @Override
  public Ownership now() {
    return now;
  }

  @Override
  public void onChange(Runnable listener) {
    listeners.add(listener);
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
  }

  private void follow() {
    try {
      while (!closed) {
        turn();
      }
    } catch (InterruptedException e) {
      LOG.debug("the owner of '{}' is followed no more", calls.entity());
    } finally {
      rest();
    }
  }

  private void turn() throws InterruptedException {
    try {
      if (events == null || events.isOver()) {
        // Watches first and asks then, so that nothing falls between.
        rest();
        events = session.watch(WatchSpec.ALL.path(calls.entity()));
      }
      hear(calls.ask());
      events.poll(pause());
    } catch (HamException e) {
      LOG.debug("the owner of '{}' is not known: {}", calls.entity(), e.getMessage());
      rest();
      Thread.sleep(SHORTEST);
    }
  }

  private void hear(Ownership told) {
    Ownership before = now;
    now = told;
    if (!told.node().equals(before.node()) || told.token() != before.token()) {
      listeners.forEach(Runnable::run);
    }
  }

  private Duration pause() {
    Duration third = now.left().dividedBy(3);
    Duration most = third.isZero() || third.compareTo(LONGEST) > 0 ? LONGEST : third;
    return most.compareTo(SHORTEST) < 0 ? SHORTEST : most;
  }

  private void rest() {
    if (events != null) {
      events.close();
      events = null;
    }
  }
}
