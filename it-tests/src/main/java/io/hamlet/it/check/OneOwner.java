package io.hamlet.it.check;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * OneOwnerPerEntity and Recovers (architecture.md 4): what belongs to the cluster runs on one node
 * at a time, each start has a higher token than all before it, and it runs again soon when nothing
 * hinders it. Told of real processes, not of what managers believe. One entity; one thread.
 *
 * <p>Two are known to overlap, and only they: a node whose clock stood still with all that is on
 * it, until what it believed then is over; and what both managers and the leash have left behind,
 * until their successors end it.
 */
public final class OneOwner {
  private final TreeMap<Long, Run> runs = new TreeMap<>();
  private final TreeMap<String, Long> wakes = new TreeMap<>();
  private final long recovery;
  private long next;
  private long newestToken;
  private long calmSince;
  private long ran;
  private long starts;
  private boolean blamed;

  /** A process, from its start to its end. */
  private static final class Run {
    final String node;
    final long token;
    boolean leftBehind;

    Run(String node, long token) {
      this.node = node;
      this.token = token;
    }

    @Override
    public String toString() {
      return node + " with token " + (token >> 20) + "/" + (token & 0xFFFFF);
    }
  }

  /**
   * @param recovery how soon it runs again; nanoseconds
   */
  public OneOwner(long recovery) {
    this.recovery = recovery;
  }

  /** A process began; returns its number. */
  public long began(String node, long token, long now, List<String> faults) {
    starts++;
    Run run = new Run(node, token);
    runs.put(++next, run);
    if (token <= newestToken && !excused(run, now)) {
      faults.add("a start on " + run + " at " + now + ", after token " + (newestToken >> 20));
    }
    newestToken = Math.max(newestToken, token);
    check(now, faults);
    return next;
  }

  public void ended(long run) {
    runs.remove(run);
  }

  /** The clock of a node stands still, and nothing there runs, until {@link #woke}. */
  public void paused(String node) {
    wakes.put(node, Long.MAX_VALUE);
  }

  /**
   * @param until when it may go wrong, for its clock stood still
   */
  public void woke(String node, long until) {
    wakes.put(node, until);
  }

  /** Both managers and the leash were killed at once. */
  public void leftBehind(String node) {
    runs.values().stream().filter(r -> r.node.equals(node)).forEach(r -> r.leftBehind = true);
  }

  /** Its host has lost its power: nothing of before is left. */
  public void booted(String node) {
    wakes.remove(node);
  }

  /** Something hinders, or did until now. */
  public void hindered(long now) {
    calmSince = now;
  }

  private boolean excused(Run run, long now) {
    Long wake = wakes.get(run.node);
    return run.leftBehind || wake != null && now <= wake;
  }

  /** To be called often. */
  public void check(long now, List<String> faults) {
    List<Run> holders = new ArrayList<>();
    runs.values().stream().filter(r -> !excused(r, now)).forEach(holders::add);
    if (holders.size() > 1 && !blamed) {
      blamed = true;
      faults.add("OneOwnerPerEntity: at " + now + " it runs on " + holders);
    }
  }

  /** To be called often while all is said to be well. */
  public void recovers(long now, List<String> faults) {
    // It may go from one node to another at any time, and runs nowhere for as long as that takes.
    ran = runs.isEmpty() ? ran : now;
    if (now > Math.max(ran, calmSince) + recovery && !blamed) {
      blamed = true;
      faults.add(
          "Recovers: at %d it has run nowhere since %d, and all was well since %d"
              .formatted(now, ran, calmSince));
    }
  }

  /** It must run now. */
  public void running(long now, List<String> faults) {
    if (runs.isEmpty()) {
      faults.add("Recovers: at " + now + " it runs nowhere, and one node alone is gone");
    }
  }

  public long starts() {
    return starts;
  }
}
