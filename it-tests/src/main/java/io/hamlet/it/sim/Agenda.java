package io.hamlet.it.sim;

import java.util.PriorityQueue;

/** What will happen, by time, then by order of planning. One thread. */
final class Agenda {
  private record Item(long at, long number, Runnable what) {}

  private final PriorityQueue<Item> items =
      new PriorityQueue<>(
          (a, b) -> a.at != b.at ? Long.compare(a.at, b.at) : Long.compare(a.number, b.number));
  private long number;

  void plan(long at, Runnable what) {
    items.add(new Item(at, number++, what));
  }

  long next() {
    return items.isEmpty() ? Long.MAX_VALUE : items.peek().at;
  }

  void runDue(long now) {
    while (next() <= now) {
      items.poll().what.run();
    }
  }
}
