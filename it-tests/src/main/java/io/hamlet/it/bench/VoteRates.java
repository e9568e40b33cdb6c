package io.hamlet.it.bench;

import io.hamlet.it.live.Proc;
import io.hamlet.it.vote.LiveVoter;
import io.hamlet.it.vote.VoteCluster;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;

/** Three voters on loopback: first write, writes per second, leader killed to next write. */
public final class VoteRates {
  private static final String FILLER = "x".repeat(190);
  private static long number;

  private VoteRates() {}

  /** {@code DIRECTORY [SECONDS [KILLS]]}. */
  public static void main(String[] arguments) throws Exception {
    int seconds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 10;
    int kills = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 15;
    long begun = System.nanoTime();
    try (VoteCluster cluster = VoteCluster.local(Path.of(arguments[0]), List.of("a", "b", "c"))) {
      write(cluster);
      System.out.printf("start of three JVMs to first write: %d ms%n", millisSince(begun));
      memory(cluster, "idle");
      for (int inFlight : new int[] {1, 64, 1, 64}) {
        System.out.printf(
            "%d in flight: %d writes/s%n", inFlight, rate(cluster, inFlight, seconds));
      }
      memory(cluster, "after load");
      long[] times = new long[kills];
      for (int i = 0; i < kills; i++) {
        LiveVoter leader = cluster.leaderOtherThan(null);
        cluster.converged();
        long from = System.nanoTime();
        leader.kill();
        write(cluster);
        times[i] = millisSince(from);
        cluster.start(leader.name());
        cluster.converged();
      }
      Arrays.sort(times);
      System.out.println("leader killed to next write, ms: " + Arrays.toString(times));
      System.out.println("contradictions: " + cluster.ledger().contradictions());
    }
  }

  private static void memory(VoteCluster cluster, String when) {
    for (String name : List.of("a", "b", "c")) {
      LiveVoter voter = cluster.voter(name);
      System.out.printf(
          "%s %s: %d MB%s%n",
          when, name, Proc.rssKib(voter.pid()) >> 10, voter.leadingTerm() > 0 ? ", leads" : "");
    }
  }

  private static void write(VoteCluster cluster) {
    while (true) {
      LiveVoter leader = cluster.leader();
      if (leader != null && leader.propose("w" + number++).join().index() > 0) {
        return;
      }
    }
  }

  private static long rate(VoteCluster cluster, int inFlight, int seconds) {
    LiveVoter leader = cluster.leaderOtherThan(null);
    Queue<CompletableFuture<LiveVoter.Answer>> open = new ArrayDeque<>();
    long end = System.nanoTime() + seconds * 1_000_000_000L;
    long done = 0;
    while (System.nanoTime() < end) {
      open.add(leader.propose("r" + number++ + FILLER));
      if (open.size() >= inFlight && open.remove().join().index() > 0) {
        done++;
      }
    }
    return done / seconds;
  }

  private static long millisSince(long from) {
    return (System.nanoTime() - from) / 1_000_000;
  }
}
