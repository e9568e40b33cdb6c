package io.hamlet.it.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.client.Command;
import io.hamlet.client.recovery.Counters;
import io.hamlet.client.recovery.Ha;
import io.hamlet.client.recovery.OutcomeUnknown;
import io.hamlet.client.recovery.Recovery;
import io.hamlet.client.recovery.Terms;
import io.hamlet.client.recovery.ham.HamServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

/** A redis that is killed again and again under 64 threads, and what they notice of it. */
class HealingRedisIT extends LiveTest {
  private static final int OWN = 48;
  private static final int SHARING = 16;
  private static final int KILLS = 6;

  private final Set<String> done = ConcurrentHashMap.newKeySet();
  private final Set<String> unknown = ConcurrentHashMap.newKeySet();
  private final ConcurrentLinkedQueue<Throwable> failed = new ConcurrentLinkedQueue<>();
  private final AtomicLong reads = new AtomicLong();
  private final AtomicLong answers = new AtomicLong();
  private volatile boolean enough;

  @Test
  void noIdempotentCallFailsAndNoOtherIsDoneTwice(TestReporter reporter) throws Exception {
    Programs.Server redis = Programs.redis(directory, false);
    List<String> argv = new ArrayList<>(redis.argv());
    argv.addAll(List.of("--appendonly", "yes", "--appendfsync", "always"));
    long pid = watched("store", Command.of(argv)).pid();
    Until.isTrue("redis answers", () -> redis.answers("PING\r\n", "+PONG"));
    try (HamServer server = HamServer.follow(node.ham(), "store")) {
      Terms terms = Terms.USUAL.server(server);
      Redis shared = dial(redis.port(), terms);
      List<Thread> threads = new ArrayList<>();
      for (int i = 0; i < OWN + SHARING; i++) {
        Redis mine = i < OWN ? dial(redis.port(), terms) : shared;
        String name = "t" + i;
        threads.add(Thread.startVirtualThread(() -> work(name, mine, mine != shared)));
      }
      for (int kill = 0; kill < KILLS; kill++) {
        pid = killOnce(redis, pid, reporter);
      }
      long last = pid;
      Until.isTrue("the HAM has told of it", () -> server.now().pid() == last);
      enough = true;
      for (Thread thread : threads) {
        assertThat(thread.join(Duration.ofSeconds(60))).isTrue();
      }
      Counters seen = Ha.connection(shared).counters();
      shared.close();
      assertThat(seen.recoveries()).as("one recovery for all that share").isEqualTo(KILLS);
    }
    assertThat(failed).isEmpty();
    check(redis.port());
    reporter.publishEntry(
        "calls", reads + " reads, " + done.size() + " increments, " + unknown.size() + " unknown");
  }

  /** Kills it, and waits until all kinds of calls are answered again. */
  private long killOnce(Programs.Server redis, long pid, TestReporter reporter) throws Exception {
    long before = answers.get();
    Until.isTrue("work goes on", () -> answers.get() > before + 2_000);
    Proc.signal("KILL", pid);
    long killed = System.nanoTime();
    Until.isTrue("redis itself is back", () -> redis.answers("PING\r\n", "+PONG"));
    long back = System.nanoTime();
    long then = answers.get();
    Until.isTrue("a client has its answer", () -> answers.get() > then);
    reporter.publishEntry(
        "kill",
        "redis back after %d us, an answer at most %d us later"
            .formatted((back - killed) / 1_000, (System.nanoTime() - back) / 1_000));
    return successor("store", pid);
  }

  private void work(String name, Redis redis, boolean own) {
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
        reads.incrementAndGet();
        answers.incrementAndGet();
        if (!unknown.contains(key) && !"1".equals(value)) {
          failed.add(new AssertionError(key + " is " + value));
        }
      }
      if (own) {
        redis.close();
      }
    } catch (Throwable e) {
      failed.add(e);
    }
  }

  /** At the server: what was answered is done once, what is unknown at most once. */
  private void check(int port) throws Exception {
    assertThat(unknown).as("some calls were in flight").isNotEmpty();
    try (Redis redis = Redis.dial(port)) {
      for (String key : done) {
        assertThat(redis.get(key)).as(key).isEqualTo("1");
      }
      for (String key : unknown) {
        assertThat(redis.get(key)).as(key).isIn(null, "1");
      }
    }
  }

  private static Redis dial(int port, Terms terms) throws Exception {
    return Ha.cover(
        Redis.class,
        () -> Redis.dial(port),
        Recovery.reopening(() -> Redis.dial(port), Duration.ofSeconds(60)),
        terms);
  }
}
