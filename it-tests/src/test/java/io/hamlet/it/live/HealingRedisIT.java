package io.hamlet.it.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.client.Command;
import io.hamlet.client.recovery.Terms;
import io.hamlet.client.recovery.ham.HamServer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

/** A redis that is killed again and again under 64 threads, and what they notice of it. */
class HealingRedisIT extends LiveTest {
  private static final int KILLS = 6;

  @Test
  void noIdempotentCallFailsAndNoOtherIsDoneTwice(TestReporter reporter) throws Exception {
    Programs.Server redis = Programs.redis(directory, false);
    List<String> argv = new ArrayList<>(redis.argv());
    argv.addAll(List.of("--appendonly", "yes", "--appendfsync", "always"));
    long pid = watched("store", Command.of(argv)).pid();
    Until.isTrue("redis answers", () -> redis.answers("PING\r\n", "+PONG"));
    try (HamServer server = HamServer.follow(node.ham(), "store")) {
      RedisCallers callers =
          new RedisCallers(() -> Redis.dial(redis.port()), Terms.USUAL.server(server));
      for (int kill = 0; kill < KILLS; kill++) {
        pid = killOnce(callers, redis, pid, reporter);
      }
      long last = pid;
      Until.isTrue("the HAM has told of it", () -> server.now().pid() == last);
      assertThat(callers.end().recoveries()).as("one recovery for all that share").isEqualTo(KILLS);
      try (Redis direct = Redis.dial(redis.port())) {
        callers.check(direct);
      }
      reporter.publishEntry("calls", callers.toString());
    }
  }

  /** Kills it, and waits until all kinds of calls are answered again. */
  private long killOnce(
      RedisCallers callers, Programs.Server redis, long pid, TestReporter reporter)
      throws Exception {
    callers.awaitWork();
    Proc.signal("KILL", pid);
    long killed = System.nanoTime();
    Until.isTrue("redis itself is back", () -> redis.answers("PING\r\n", "+PONG"));
    long back = System.nanoTime();
    long then = callers.answers();
    Until.isTrue("a client has its answer", () -> callers.answers() > then);
    reporter.publishEntry(
        "kill",
        "redis back after %d us, an answer at most %d us later"
            .formatted((back - killed) / 1_000, (System.nanoTime() - back) / 1_000));
    return successor("store", pid);
  }
}
