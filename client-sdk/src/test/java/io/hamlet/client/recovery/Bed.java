package io.hamlet.client.recovery;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** A toy server, a connection to it, and what was seen. */
final class Bed {
  final Toy toy = new Toy();
  final AtomicInteger calls = new AtomicInteger();
  final List<RecoveryEvent> events = Collections.synchronizedList(new ArrayList<>());
  final Terms terms = Terms.USUAL.listener(events::add);

  /** Opens anew, and counts. */
  final Recovery<Toy.Line> dials =
      it -> {
        calls.incrementAndGet();
        return it.reopen(toy::dial);
      };

  final Recovery<Toy.Line> refuses =
      it -> {
        calls.incrementAndGet();
        return Recovery.NOT_RECOVERED;
      };

  HaConnection<Toy.Line> open(Recovery<Toy.Line> recovery) throws Exception {
    return Ha.open(toy::dial, recovery, terms);
  }

  static String get(HaConnection<Toy.Line> connection) throws Exception {
    return connection.call(Repeat.IDEMPOTENT, line -> line.get("x"));
  }

  static String add(HaConnection<Toy.Line> connection) throws Exception {
    return connection.call(Repeat.ONCE, line -> line.add("x"));
  }

  /** Waits for a thread to wait. */
  static void awaitParked(Thread thread) {
    await()
        .atMost(Duration.ofSeconds(30))
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(2))
        .until(
            () ->
                thread.getState() == Thread.State.WAITING
                    || thread.getState() == Thread.State.TIMED_WAITING);
  }
}
