package io.hamlet.manager.runtime;

import io.hamlet.core.model.RequestId;
import io.hamlet.core.recovery.Command;
import io.hamlet.core.recovery.HamEvent;
import io.hamlet.manager.port.Inbox;
import io.hamlet.manager.port.Ticker;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Everything that waits for the core thread, in the order in which it came. Thread-safe. What
 * happened is always taken in; of requests only so many wait.
 */
public final class Mailbox implements Inbox {
  /** More requests than this are turned away at once. */
  static final int MOST_REQUESTS = 20_000;

  /** One thing to handle: an event, or a request with the one who waits for its answer. */
  sealed interface Item {
    record Observation(HamEvent event) implements Item {}

    record Request(RequestId id, Command command, Waiters.Waiter waiter) implements Item {}
  }

  private final ConcurrentLinkedQueue<Item> items = new ConcurrentLinkedQueue<>();
  private final AtomicInteger requests = new AtomicInteger();
  private final Ticker ticker;

  public Mailbox(Ticker ticker) {
    this.ticker = ticker;
  }

  @Override
  public void post(HamEvent event) {
    items.add(new Item.Observation(event));
    ticker.ring();
  }

  /** False when too many requests wait already; then this one is not taken. */
  boolean offer(Item.Request request) {
    if (requests.incrementAndGet() > MOST_REQUESTS) {
      requests.decrementAndGet();
      return false;
    }
    items.add(request);
    ticker.ring();
    return true;
  }

  /** The next item, or null. Core thread only. */
  Item poll() {
    Item item = items.poll();
    if (item instanceof Item.Request) {
      requests.decrementAndGet();
    }
    return item;
  }

  boolean isEmpty() {
    return items.isEmpty();
  }
}
