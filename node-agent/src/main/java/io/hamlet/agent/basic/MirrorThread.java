package io.hamlet.agent.basic;

import io.hamlet.agent.basic.core.Deed;
import io.hamlet.agent.basic.core.Happening.Level;
import io.hamlet.client.HamException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.BiConsumer;

/** Tells the manager, in order, and again while it cannot be reached. Thread-safe. */
final class MirrorThread {
  private static final long PATIENCE_MILLIS = 25_000;
  private static final long PAUSE_MILLIS = 250;

  private final Mirror mirror;
  private final Journal journal;
  private final BiConsumer<Long, String> giveUp;
  private final LinkedBlockingQueue<Deed> queue = new LinkedBlockingQueue<>();
  private final Thread thread;

  /** The consumer is told of each sequence that cannot be announced, and why. */
  MirrorThread(Mirror mirror, Journal journal, BiConsumer<Long, String> giveUp) {
    this.mirror = mirror;
    this.journal = journal;
    this.giveUp = giveUp;
    this.thread = Thread.ofPlatform().name("basic-manager").daemon().unstarted(this::work);
  }

  void start() {
    thread.start();
  }

  void tell(Deed deed) {
    queue.add(deed);
  }

  void stop() {
    thread.interrupt();
  }

  private void work() {
    try {
      while (true) {
        tellPatiently(queue.take());
      }
    } catch (InterruptedException e) {
      // Stopped.
    }
  }

  private void tellPatiently(Deed deed) throws InterruptedException {
    long end = System.nanoTime() + PATIENCE_MILLIS * 1_000_000;
    while (true) {
      try {
        tellOnce(deed);
        return;
      } catch (HamException e) {
        if (isFinal(e) || System.nanoTime() > end) {
          failed(deed, e);
          return;
        }
        Thread.sleep(PAUSE_MILLIS);
      }
    }
  }

  /** Refused for good; what cannot be had now may be had soon. */
  private static boolean isFinal(HamException e) {
    return e instanceof HamException.Refused refused
        && refused.reason() != HamException.Reason.UNAVAILABLE;
  }

  private void tellOnce(Deed deed) throws InterruptedException {
    switch (deed) {
      case Deed.Arrange arrange -> mirror.arrange(arrange);
      case Deed.Announce announce -> mirror.announce(announce);
      default -> throw new IllegalArgumentException("not for the manager: " + deed);
    }
  }

  private void failed(Deed deed, HamException e) {
    journal.tell(Level.ERROR, "manager-unreachable", e.getMessage());
    if (deed instanceof Deed.Announce announce && announce.sequence() != 0) {
      giveUp.accept(announce.sequence(), e.getMessage());
    }
  }
}
