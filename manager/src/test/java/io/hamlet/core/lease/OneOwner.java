package io.hamlet.core.lease;

import io.hamlet.core.lease.HearingEvent.FenceApplied;
import io.hamlet.core.lease.HearingEvent.Renewed;
import io.hamlet.core.lease.HearingEvent.SetAdopted;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;

/**
 * A node, five possible voters and a log, on one thread: everything is late, lost and doubled,
 * clocks differ, leases too with every other seed, voters restart, sets change one voter at a time,
 * and in the end the node is fenced and what it ran is started elsewhere. One seed is one run.
 */
final class OneOwner {
  private static final long MS = 1_000_000;
  private static final long GRACE = 70 * MS;
  private static final List<Long> LEASES = List.of(300 * MS, 600 * MS, 1_500 * MS, 4_000 * MS);
  private static final long NEVER = LeaseState.NEVER;

  private record Item(long at, long number, Runnable what) {}

  /** An entry of the log: a new set, or the fence, which is null. */
  private record Logged(VoterSet set, VoterSet inForce) {}

  private final Random random;
  private final PriorityQueue<Item> agenda =
      new PriorityQueue<>(
          (a, b) -> a.at != b.at ? Long.compare(a.at, b.at) : Long.compare(a.number, b.number));
  private final List<Voter> voters = new ArrayList<>();
  private final List<Logged> log = new ArrayList<>();
  private final boolean sameLease;
  private final LeaseTimes times;
  private final long nodeAhead;
  private final int lossPercent;
  private final long slowest;
  private long now;
  private long planned;
  private LeaseState lease;
  private FenceWait wait;
  private long lastEnd = NEVER;
  private long counted;

  OneOwner(long seed) {
    random = new Random(seed);
    sameLease = seed % 2 == 0;
    times = lease();
    nodeAhead = random.nextLong(1_000_000 * MS);
    lossPercent = random.nextInt(60);
    slowest = 1 + random.nextLong((random.nextBoolean() ? 20 : 1_200) * MS);
    for (int i = 0; i < 5; i++) {
      voters.add(new Voter("v" + i));
    }
    VoterSet first = new VoterSet(1, List.of("v0", "v1", "v2"));
    log.add(new Logged(first, first));
    voters.forEach(v -> v.append(1));
    lease = LeaseState.begin("n", times, now + nodeAhead);
    node(new LeaseEvent.SetChanged(now + nodeAhead, first));
    ticks();
    plan(random.nextLong(3_000 * MS), this::changes);
    plan(2_000 * MS + random.nextLong(3_000 * MS), this::fence);
  }

  /**
   * Runs to the end.
   *
   * @return by how much the start elsewhere came after the node's own end, beyond grace and margin;
   *     negative: two owners; Long.MAX_VALUE: nothing was started
   */
  long slack() {
    while (!agenda.isEmpty() && agenda.peek().at < 15_000 * MS) {
      Item next = agenda.poll();
      now = next.at;
      next.what.run();
    }
    if (wait == null || wait.end() == Long.MAX_VALUE || lastEnd == NEVER) {
      return Long.MAX_VALUE;
    }
    return wait.end() - (lastEnd - nodeAhead) - GRACE - times.margin();
  }

  /** Renewals that counted. */
  long counted() {
    return counted;
  }

  /** Of anybody. */
  private LeaseTimes lease() {
    return sameLease
        ? LeaseTimes.DEFAULT
        : new LeaseTimes(LEASES.get(random.nextInt(LEASES.size())));
  }

  private void plan(long in, Runnable what) {
    agenda.add(new Item(now + in, planned++, what));
  }

  private void send(Runnable arrival) {
    int copies = random.nextInt(100) < lossPercent ? 0 : 1 + random.nextInt(2);
    for (int i = 0; i < copies; i++) {
      plan(random.nextLong(slowest), arrival);
    }
  }

  private void ticks() {
    node(new LeaseEvent.Tick(now + nodeAhead));
    boolean stall = random.nextInt(20) == 0;
    plan(stall ? random.nextLong(2_000 * MS) : 1 + random.nextLong(20 * MS), this::ticks);
  }

  private void node(LeaseEvent event) {
    long before = lease.end();
    LeaseMachine.Step step = LeaseMachine.apply(lease, event);
    lease = step.state();
    if (lease.end() != before && lease.end() != NEVER) {
      counted++;
      lastEnd = Math.max(lastEnd, lease.end());
    }
    if (step.renewal() != null) {
      for (Voter voter : voters) {
        if (step.renewal().set().has(voter.name)) {
          send(() -> voter.hear(step.renewal()));
        }
      }
    }
  }

  /** One voter more or less, when the last change is in the logs of a majority. */
  private void changes() {
    VoterSet newest = log.getLast().inForce;
    boolean settled = appendedBy(log.size()) >= newest.majority();
    if (settled && log.getLast().set != null && random.nextInt(3) > 0) {
      List<String> names = new ArrayList<>(newest.voters());
      String one = "v" + random.nextInt(5);
      if (!names.remove(one)) {
        names.add(one);
      }
      if (!names.isEmpty()) {
        VoterSet next = new VoterSet(log.size() + 1, names);
        log.add(new Logged(next, next));
        deliver();
      }
    }
    if (wait == null) {
      plan(random.nextLong(400 * MS), this::changes);
    }
  }

  private void fence() {
    VoterSet newest = log.getLast().inForce;
    if (appendedBy(log.size()) < newest.majority()) {
      plan(MS, this::fence);
      return;
    }
    log.add(new Logged(null, newest));
    // Whoever leads goes by what the node has told.
    wait = FenceWait.begin(lease().told(times.leaseNanos()), GRACE, newest);
    deliver();
  }

  private int appendedBy(int length) {
    VoterSet inForce = log.get(length - 1).inForce;
    return (int) voters.stream().filter(v -> inForce.has(v.name) && v.appended >= length).count();
  }

  /** The log reaches each voter some time, in order. */
  private void deliver() {
    int length = log.size();
    long span = random.nextBoolean() ? 10 * MS : 3_000 * MS;
    for (Voter voter : voters) {
      plan(random.nextLong(span), () -> voter.append(length));
    }
  }

  /** A voter with a clock of its own. */
  private final class Voter {
    private final String name;
    private final long ahead = random.nextLong(1_000_000 * MS);
    private HearingState state = HearingState.begin("?", lease(), 0);
    private int appended;
    private boolean fenceApplied;

    Voter(String name) {
      this.name = name;
      restart();
      plan(random.nextLong(10_000 * MS), this::restart);
    }

    private void restart() {
      state = HearingState.begin(name, lease(), now + ahead);
      for (int i = 1; i <= appended; i++) {
        learn(i);
      }
      if (fenceApplied) {
        // What it had applied it applies again before it is ready.
        apply(new FenceApplied("n", 1));
      }
      plan(random.nextLong(500 * MS), () -> apply(new HearingEvent.Ready()));
    }

    private void append(int length) {
      for (; appended < length; appended++) {
        learn(appended + 1);
      }
      tellWhatIsApplied();
    }

    private void learn(int index) {
      VoterSet set = log.get(index - 1).set;
      if (set != null) {
        apply(new SetAdopted(now + ahead, set));
      }
    }

    /** The fence is applied when it is committed; then each voter says so, some time. */
    private void tellWhatIsApplied() {
      if (log.getLast().set == null && appendedBy(log.size()) >= log.getLast().inForce.majority()) {
        for (Voter voter : voters) {
          if (voter.appended == log.size()) {
            plan(random.nextLong(100 * MS), voter::applyFence);
          }
        }
      }
    }

    private void applyFence() {
      fenceApplied = true;
      apply(new FenceApplied("n", 1));
      long age = state.ackAge("n", now + ahead);
      plan(random.nextLong(300 * MS), () -> wait = wait.said(name, age, now));
    }

    private void hear(Renewal renewal) {
      apply(new Renewed(now + ahead, "n", 1, 1, renewal.number(), renewal.set().index(), 0));
    }

    private void apply(HearingEvent event) {
      HearingMachine.Step step = HearingMachine.apply(state, event);
      state = step.state();
      for (HearingAct act : step.acts()) {
        switch (act) {
          case HearingAct.Acknowledge yes ->
              send(() -> node(new LeaseEvent.Acked(name, yes.number(), yes.setIndex())));
          case HearingAct.NameSet no ->
              send(
                  () -> node(new LeaseEvent.Refused(now + nodeAhead, name, no.number(), no.set())));
          default -> {
            // The node goes on without a word of the fence: the worst case.
          }
        }
      }
    }
  }
}
