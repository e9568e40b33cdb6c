package io.hamlet.client.internal;

import io.hamlet.client.HamException;
import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * What has arrived and is not taken yet, and how it ended. Its senders bound it by flow control.
 * Thread-safe.
 */
final class Mailbox<T> {
  private final LinkedBlockingQueue<Letter<T>> letters = new LinkedBlockingQueue<>();

  /** A message, or the end with its reason. */
  private record Letter<T>(T message, boolean end, HamException why) {}

  void put(T message) {
    letters.add(new Letter<>(message, false, null));
  }

  /**
   * Nothing comes after this.
   *
   * @param why null: in good order
   */
  void end(HamException why) {
    letters.add(new Letter<>(null, true, why));
  }

  int size() {
    return letters.size();
  }

  /** The next, or null at the end; throws what it ended with. */
  T take() throws InterruptedException {
    return opened(letters.take());
  }

  /** The next, or null if none comes in time or at the end. */
  T poll(Duration atMost) throws InterruptedException {
    Letter<T> letter = letters.poll(Wire.nanos(atMost), TimeUnit.NANOSECONDS);
    return letter == null ? null : opened(letter);
  }

  boolean isAtEnd() {
    Letter<T> letter = letters.peek();
    return letter != null && letter.end();
  }

  private T opened(Letter<T> letter) {
    if (!letter.end()) {
      return letter.message();
    }
    letters.add(letter); // Whoever comes next is told the same.
    if (letter.why() != null) {
      throw letter.why();
    }
    return null;
  }
}
