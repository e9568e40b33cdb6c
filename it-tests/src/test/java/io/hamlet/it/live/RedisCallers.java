package io.hamlet.it.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.client.recovery.Counters;
import io.hamlet.client.recovery.Ha;
import io.hamlet.client.recovery.Opener;
import io.hamlet.client.recovery.OutcomeUnknown;
import io.hamlet.client.recovery.Recovery;
import io.hamlet.client.recovery.Terms;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * 64 threads that call a redis through covers and keep account of what they were told; 16 of them
 * share one connection. For one test.
 */
final class RedisCallers {
  private static final int OWN = 48;
  private static final int SHARING = 16;
  private static final int BETWEEN = 2_000;

  private final Set<String> done = ConcurrentHashMap.newKeySet();
  private final Set<String> unknown = ConcurrentHashMap.newKeySet();
  private final ConcurrentLinkedQueue<Throwable> failed = new ConcurrentLinkedQueue<>();
  private final AtomicLong answers = new AtomicLong();
  private final List<Thread> threads = new ArrayList<>();
  private final Redis shared;
  private volatile boolean enough;

  /** They begin at once. */
  RedisCallers(Opener<Redis> opener, Terms terms) throws Exception {
    shared = dial(opener, terms);
    for (int i = 0; i < OWN + SHARING; i++) {
      Redis mine = i < OWN ? dial(opener, terms) : shared;
      String name = "t" + i;
      threads.add(Thread.startVirtualThread(() -> work(name, mine)));
    }
  }

  private static Redis dial(Opener<Redis> opener, Terms terms) throws Exception {
    Recovery<Redis> recovery = Recovery.reopening(opener, Duration.ofSeconds(60));
    return Ha.cover(Redis.class, opener, recovery, terms);
  }

  private void work(String name, Redis redis) {
    try {
      for (int i = 0; !enough; i++) {
        String key = name + "-" + i;
        try {
          redis.increment(key);
          done.add(key);
        } catch (OutcomeUnknown e) {
          unknown.add(key);
        }
        String value = redis.get(key);
        answers.incrementAndGet();
        if (!unknown.contains(key) && !"1".equals(value)) {
          failed.add(new AssertionError(key + " is " + value));
        }
      }
      if (redis != shared) {
        redis.close();
      }
    } catch (Throwable e) {
      failed.add(e);
    }
  }

  /** How many rounds were answered so far. */
  long answers() {
    return answers.get();
  }

  /** Waits until much more is answered, by all. */
  void awaitWork() {
    long before = answers();
    Until.isTrue("work goes on", () -> answers() > before + BETWEEN);
  }

  /** Ends them. None has failed; gives the counters of the connection that was shared. */
  Counters end() throws Exception {
    enough = true;
    for (Thread thread : threads) {
      assertThat(thread.join(Duration.ofSeconds(60))).isTrue();
    }
    Counters seen = Ha.connection(shared).counters();
    shared.close();
    assertThat(failed).isEmpty();
    return seen;
  }

  /** At the server: what was answered is done once, what is unknown at most once. */
  void check(Redis redis) throws Exception {
    assertThat(unknown).as("some calls were in flight").isNotEmpty();
    for (String key : done) {
      assertThat(redis.get(key)).as(key).isEqualTo("1");
    }
    for (String key : unknown) {
      assertThat(redis.get(key)).as(key).isIn(null, "1");
    }
  }

  @Override
  public String toString() {
    return answers + " reads, " + done.size() + " increments, " + unknown.size() + " unknown";
  }
}
