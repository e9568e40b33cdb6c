package io.hamlet.it.sim;

import io.hamlet.manager.port.Consensus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;

/** One voter of a {@link SimElectorate}. */
final class SimConsensus implements Consensus {
  private final SimElectorate all;
  private final String name;
  private final Machine machine;
  private final SimElectorate.Disk disk;
  private final List<CompletableFuture<Long>> open = new ArrayList<>();
  private boolean isRunning = true;
  private boolean isAwake;
  private String known;
  private long applied;
  private long leadingTerm;

  SimConsensus(SimElectorate all, String name, Machine machine, SimElectorate.Disk disk) {
    this.all = all;
    this.name = name;
    this.machine = machine;
    this.disk = disk;
  }

  void begin() {
    applied = disk.snapshotIndex;
    disk.since = 0;
    if (disk.snapshot != null) {
      machine.restore(all.end(disk.snapshotIndex), disk.snapshot);
    }
    hear(all.leader(), all.term());
    wake();
  }

  void kill() {
    isRunning = false;
    List.copyOf(open).forEach(f -> f.completeExceptionally(new Unknown(name + " was killed")));
  }

  /** There is something to apply; when is chance. */
  void wake() {
    if (isRunning && !isAwake) {
      isAwake = true;
      all.later(20, this::apply);
    }
  }

  private void apply() {
    isAwake = false;
    Map.Entry<Long, SimElectorate.Line> next = all.order.higherEntry(applied);
    if (!isRunning || next == null) {
      return;
    }
    if (!all.isCutOff(name)) {
      applyOne(next.getKey(), next.getValue());
    }
    wake();
  }

  private void applyOne(long index, SimElectorate.Line line) {
    applied = index;
    all.applied(index);
    for (int i = 0; i < line.commands().size(); i++) {
      machine.committed(all.place(index, i), line.term(), line.commands().get(i).clone());
    }
    disk.since++;
    if (all.isSnapshotDue(disk)) {
      disk.snapshot = machine.snapshot();
      disk.snapshotIndex = index;
      disk.since = 0;
    }
  }

  /** A leader has all that is committed before it is told that it leads. */
  void elected(String leader, long term, long index) {
    if (!leader.equals(name)) {
      all.later(100, () -> hear(leader, term));
      return;
    }
    for (Map.Entry<Long, SimElectorate.Line> line :
        all.order.subMap(applied, false, index, false).entrySet()) {
      applyOne(line.getKey(), line.getValue());
    }
    known = name;
    leadingTerm = term;
    machine.leaderChanged(name, term, true);
  }

  void hear(String leader, long term) {
    boolean isStale = term < all.term() || name.equals(leader) || name.equals(all.leader());
    if (isRunning && !isStale && !all.isCutOff(name)) {
      known = leader;
      leadingTerm = 0;
      machine.leaderChanged(leader, term, false);
    }
  }

  private boolean isLeading() {
    return name.equals(all.leader()) && leadingTerm == all.term();
  }

  @Override
  public CompletableFuture<Long> propose(byte[] command, Duration timeout) {
    if (command.length > MOST_BYTES) {
      throw new IllegalArgumentException("a command of " + command.length + " bytes");
    }
    byte[] kept = command.clone();
    return take(timeout, () -> all.commit(kept));
  }

  @Override
  public CompletableFuture<Long> change(List<Voter> to, Duration timeout) {
    Set<Voter> more = new HashSet<>(to);
    Set<Voter> fewer = new HashSet<>(all.voters());
    all.voters().forEach(more::remove);
    to.forEach(fewer::remove);
    if (to.isEmpty() || more.size() + fewer.size() != 1) {
      throw new IllegalArgumentException("one voter at a time: to " + to);
    }
    return take(timeout, () -> all.install(to));
  }

  private CompletableFuture<Long> take(Duration timeout, LongSupplier commit) {
    CompletableFuture<Long> answer = new CompletableFuture<>();
    open.add(answer);
    answer.whenComplete((index, error) -> open.remove(answer));
    long deadline = all.clock.nanos() + timeout.toNanos();
    if (!isRunning || !isLeading()) {
      all.later(5, () -> answer.completeExceptionally(new NotLeader(leader())));
      return answer;
    }
    all.agenda.plan(
        deadline, () -> answer.completeExceptionally(new Unknown("no answer in " + timeout)));
    long term = all.term();
    all.later(10, () -> arrive(answer, term, commit));
    return answer;
  }

  private void arrive(CompletableFuture<Long> answer, long term, LongSupplier commit) {
    if (!isRunning) {
      return;
    }
    if (isLeading() && all.term() == term && all.hasMajority()) {
      long index = commit.getAsLong();
      if (all.happens(5)) {
        all.later(20, () -> answer.completeExceptionally(new Unknown("the answer was lost")));
      } else {
        all.later(10, () -> answer.complete(index));
      }
    } else if (all.happens(50) && all.hasMajority() && all.leader() != null) {
      // The next leader has it in its log and commits it; nobody is told.
      commit.getAsLong();
      answer.completeExceptionally(new Unknown("the leader changed"));
    } else if (all.happens(50)) {
      answer.completeExceptionally(new Unknown("the leader changed"));
    }
  }

  @Override
  public String leader() {
    return known;
  }

  @Override
  public List<Voter> members() {
    return all.voters().stream().sorted(Comparator.comparing(Voter::node)).toList();
  }

  @Override
  public void close() {
    if (isRunning) {
      all.stop(name);
    }
  }
}
