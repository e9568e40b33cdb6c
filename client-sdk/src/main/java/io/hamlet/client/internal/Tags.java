package io.hamlet.client.internal;

import java.util.TreeSet;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Names the requests of one connection, so that a repeated one is answered and not done again.
 * Thread-safe.
 */
final class Tags {
  private final long client = drawn();
  private final TreeSet<Long> open = new TreeSet<>();
  private long last;

  /** A new request; close it when its answer will not be asked for again. */
  synchronized Tag begin() {
    last++;
    open.add(last);
    return new Tag(client, last, open.first());
  }

  private synchronized void end(long sequence) {
    open.remove(sequence);
  }

  private static long drawn() {
    long drawn = 0;
    while (drawn == 0) {
      drawn = ThreadLocalRandom.current().nextLong();
    }
    return drawn;
  }

  /** The name of one request. */
  final class Tag implements AutoCloseable {
    private final long client;
    private final long sequence;
    private final long answeredBelow;

    private Tag(long client, long sequence, long answeredBelow) {
      this.client = client;
      this.sequence = sequence;
      this.answeredBelow = answeredBelow;
    }

    long client() {
      return client;
    }

    long sequence() {
      return sequence;
    }

    long answeredBelow() {
      return answeredBelow;
    }

    @Override
    public void close() {
      end(sequence);
    }
  }
}
