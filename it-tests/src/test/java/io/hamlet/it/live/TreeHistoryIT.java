package io.hamlet.it.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hamlet.client.ConditionSpec;
import io.hamlet.client.Flag;
import io.hamlet.client.Ham;
import io.hamlet.client.HamException;
import io.hamlet.client.Tree;
import io.hamlet.it.check.Calls;
import io.hamlet.it.check.Linear;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Callers change the tree of the cluster, and are told what was there, while its leader is frozen
 * and killed: all that they were told can have happened one after the other. More rounds: {@code
 * -Dhamlet.siege.history=N}.
 */
class TreeHistoryIT {
  private static final Logger LOG = LoggerFactory.getLogger(TreeHistoryIT.class);
  private static final int ROUNDS = Siege.number("hamlet.siege.history", 1);
  private static final Duration PATIENCE = Duration.ofSeconds(8);
  private static final String LEVEL = "the level";
  private static final List<String> NAMES = List.of("name0", "name1", "name2", "name3");
  private static final ConditionSpec NEVER =
      ConditionSpec.raise(1, 1, 1).with(Flag.OfCondition.KEEP_ON_EMPTY);
  private static final Set<HamException.Reason> FOR_NOW =
      Set.of(
          HamException.Reason.UNAVAILABLE,
          HamException.Reason.TIMED_OUT,
          HamException.Reason.LIMIT);

  @TempDir Path directory;
  private final Calls calls = new Calls();
  private final List<Exception> failures = new CopyOnWriteArrayList<>();
  private volatile boolean over;

  /** One that asks one thing after the other. */
  private final class Caller implements Runnable {
    private final Ham ham;
    private final Random chance;

    Caller(LiveNode node, int number) {
      this.ham = Ham.connect(node.address()).connectNode("*").withTimeout(PATIENCE);
      this.chance = new Random(number);
    }

    @Override
    public void run() {
      try (ham) {
        while (!over) {
          call();
          LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(chance.nextInt(40)));
        }
      } catch (InterruptedException | RuntimeException e) {
        failures.add(e);
      }
    }

    private void call() throws InterruptedException {
      String name = NAMES.get(chance.nextInt(NAMES.size()));
      long begin = System.nanoTime();
      switch (chance.nextInt(7)) {
        case 0 -> take(name, begin);
        case 1 -> free(name, begin);
        case 2 -> set(chance.nextInt(1_000), begin);
        case 3 -> add(begin);
        case 4 -> see(begin);
        default -> read(begin);
      }
    }

    private void set(int value, long begin) throws InterruptedException {
      try {
        ham.setVerbosity(value);
        calls.set(LEVEL, value, begin, System.nanoTime());
      } catch (HamException e) {
        calls.set(LEVEL, value, begin, Linear.OPEN);
      }
    }

    private void add(long begin) throws InterruptedException {
      try {
        int told = ham.changeVerbosity(1).value();
        calls.add(LEVEL, 1, told, begin, System.nanoTime());
      } catch (HamException e) {
        calls.add(LEVEL, 1, 0, begin, Linear.OPEN);
      }
    }

    private void read(long begin) throws InterruptedException {
      try {
        calls.read(LEVEL, ham.verbosity(), begin, System.nanoTime());
      } catch (HamException e) {
        // Nothing was told, and nothing changed.
        LOG.debug("not read: {}", e.getMessage());
      }
    }

    /** What is answered from a copy, once that has caught up. */
    private void see(long begin) throws InterruptedException {
      try {
        Tree tree = ham.withLatest().read(".global", 1);
        long end = System.nanoTime();
        for (String name : NAMES) {
          String path = ".global/" + name;
          boolean taken = tree.objects().stream().anyMatch(o -> o.path().equals(path));
          calls.see(name, taken, begin, end);
        }
      } catch (HamException e) {
        LOG.debug("not seen: {}", e.getMessage());
      }
    }

    private void take(String name, long begin) throws InterruptedException {
      try {
        ham.named(".global").condition(name, NEVER);
        calls.take(name, true, begin, System.nanoTime());
      } catch (HamException e) {
        boolean was = isRefused(e, HamException.Reason.EXISTS);
        calls.take(name, false, begin, was ? System.nanoTime() : Linear.OPEN);
      }
    }

    private void free(String name, long begin) throws InterruptedException {
      try {
        ham.at(".global/" + name).remove();
        calls.free(name, true, begin, System.nanoTime());
      } catch (HamException e) {
        boolean was = isRefused(e, HamException.Reason.NOT_FOUND);
        calls.free(name, false, begin, was ? System.nanoTime() : Linear.OPEN);
      }
    }
  }

  /** True: it was refused for that; false: it may have been done, or not. */
  private static boolean isRefused(HamException e, HamException.Reason reason) {
    if (!(e instanceof HamException.Refused refused) || FOR_NOW.contains(refused.reason())) {
      return false;
    }
    if (refused.reason() == reason) {
      return true;
    }
    throw e;
  }

  @Test
  void whatCallersAreToldHasOneOrder() throws Exception {
    List<Thread> callers = new ArrayList<>();
    try (LiveCluster cluster = LiveCluster.start(directory, 3)) {
      cluster.node("a").ham().connectNode("*").setVerbosity(0);
      for (int i = 0; i < 6; i++) {
        LiveNode node = cluster.nodes().get(i % 3);
        callers.add(Thread.ofPlatform().name("caller " + i).start(new Caller(node, i)));
      }
      progress();
      for (int round = 0; round < ROUNDS; round++) {
        LiveNode leader = leader(cluster, null);
        List<Long> pair = leader.pair();
        Proc.signal("STOP", pair);
        LiveNode next = leader(cluster, leader);
        progress();
        Proc.signal("CONT", pair);
        progress();
        next.killEverything();
        leader(cluster, next);
        progress();
        next.launch();
        cluster.awaitWhole();
        progress();
      }
      over = true;
      for (Thread caller : callers) {
        caller.join();
      }
      Agreement.await(cluster.nodes());
      assertLatestNeedsOthers(cluster);
    } finally {
      over = true;
    }
    long[] counts = calls.counts();
    LOG.info("{} calls, {} of them open", counts[0], counts[1]);
    assertThat(failures).isEmpty();
    assertThat(calls.faults()).isEmpty();
    readStale();
    assertThat(calls.faults()).as("a read of what was before").hasSize(1);
  }

  /** Who is left alone answers from what it has, and says no when the latest is wanted. */
  private static void assertLatestNeedsOthers(LiveCluster cluster) throws Exception {
    List<LiveNode> others = cluster.nodes().subList(1, 3);
    List<Long> pids = new ArrayList<>(others.getFirst().pair());
    pids.addAll(others.getLast().pair());
    // One of its own: that of the node may have moved to another when the node was killed.
    try (Ham own = Ham.connect(cluster.node("a").address())) {
      Ham star = own.connectNode("*").withTimeout(PATIENCE);
      assertThat(star.withLatest().read(".global", 0).objects()).hasSize(1);
      Ham hasty = star.withTimeout(Duration.ofSeconds(2));
      Proc.signal("STOP", pids);
      assertThat(star.read(".global", 0).objects()).hasSize(1);
      assertThatThrownBy(() -> hasty.withLatest().read(".global", 0))
          .isInstanceOf(HamException.class);
    } finally {
      Proc.signal("CONT", pids);
    }
  }

  /** As a follower would answer that has not heard of the last change. */
  private void readStale() {
    long now = System.nanoTime();
    calls.set(LEVEL, 1, now, now + 1);
    calls.set(LEVEL, 2, now + 2, now + 3);
    calls.read(LEVEL, 1, now + 4, now + 5);
  }

  /** More is answered than now. */
  private void progress() {
    long[] before = calls.counts();
    Until.isTrue(
        "100 more calls are answered",
        () -> {
          long[] now = calls.counts();
          return now[0] - now[1] >= before[0] - before[1] + 100;
        });
  }

  /** Who leads, by one that is not hurt. */
  private static LiveNode leader(LiveCluster cluster, LiveNode hurt) {
    LiveNode asked = cluster.nodes().stream().filter(n -> n != hurt).findFirst().orElseThrow();
    String name =
        Until.given(
            "a leader that is well",
            () -> {
              String known = asked.ham().status().cluster().leader();
              boolean well = !known.isEmpty() && (hurt == null || !known.equals(hurt.name()));
              return well ? known : null;
            });
    return cluster.node(name);
  }
}
