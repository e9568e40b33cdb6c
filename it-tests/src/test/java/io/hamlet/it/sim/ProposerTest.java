package io.hamlet.it.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.manager.consensus.Proposer;
import io.hamlet.manager.port.ClusterBus;
import io.hamlet.manager.port.Consensus;
import io.hamlet.manager.port.Member;
import io.hamlet.manager.port.Subject;
import io.hamlet.manager.runtime.ClusterLoop;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nodes on one thread: three that vote, and one that does not. */
class ProposerTest {
  private static final List<String> VOTERS = List.of("a", "b", "c");
  private static final List<String> NODES = List.of("a", "b", "c", "n");
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final Agenda agenda = new Agenda();
  private final SimClock clock = new SimClock();
  private final Map<String, ClusterLoop> loops = new TreeMap<>();
  private final Map<String, Proposer> proposers = new TreeMap<>();
  private final Map<String, Consensus> running = new HashMap<>();
  private final Map<String, VoteHistory> histories = new TreeMap<>();
  private SimElectorate electorate;
  private int lossPercent;

  /** Takes what it is sent, and does nothing. */
  private String frozen = "";

  private void begin(long seed) {
    electorate = new SimElectorate(seed, VOTERS, agenda, clock);
    for (String node : NODES) {
      ClusterLoop loop = new ClusterLoop(clock, () -> {});
      Proposer made =
          new Proposer(node, bus(node), clock, loop::post, () -> running.get(node), () -> VOTERS);
      loop.add(made, Subject.PROPOSAL);
      loops.put(node, loop);
      proposers.put(node, made);
    }
    for (String voter : VOTERS) {
      histories.put(voter, new VoteHistory());
      running.put(voter, electorate.start(voter, histories.get(voter)));
    }
  }

  @Test
  void fromAnyNodeACommandGetsToTheLeader() {
    begin(1);
    electorate.calm();
    for (String node : NODES) {
      CompletableFuture<Long> answer = propose(node, "from " + node);
      until(answer::isDone);
      assertThat(histories.get("a").at(settled(answer.join()))).isEqualTo("from " + node);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void withLossAndChangesOfLeadersNothingAcknowledgedIsLostAndNoCallCommitsTwice(long seed) {
    begin(seed);
    lossPercent = 10;
    Map<String, Long> acknowledged = new TreeMap<>();
    for (int i = 0; i < 150; i++) {
      String command = "c" + i;
      CompletableFuture<Long> answer = propose(NODES.get(i % 4), command);
      until(answer::isDone);
      if (!answer.isCompletedExceptionally()) {
        acknowledged.put(command, answer.join());
      }
      if (i % 30 == 29) {
        String leader = VOTERS.get(i % 3);
        electorate.cutOff(leader);
        CompletableFuture<Long> during = propose("n", "cut" + i);
        until(during::isDone);
        electorate.heal();
      }
    }
    assertThat(acknowledged.size()).isGreaterThan(75);
    long last = acknowledged.values().stream().mapToLong(Long::longValue).max().orElseThrow();
    settled(last);
    acknowledged.forEach(
        (command, index) -> assertThat(histories.get("a").at(index)).isEqualTo(command));
    assertThat(histories.get("a").commands()).doesNotHaveDuplicates();
  }

  @Test
  void whatALeaderHasFoundNoOtherCommits() {
    begin(1);
    electorate.calm();
    until(propose("a", "first")::isDone);
    String leader = electorate.leader();
    for (String node : NODES) {
      CompletableFuture<Long> answer =
          proposers.get(node).proposeAsLeader(bytes("found by " + node), PATIENCE);
      until(answer::isDone);
      if (node.equals(leader)) {
        assertThat(histories.get("a").at(settled(answer.join()))).isEqualTo("found by " + node);
      } else {
        assertThat(answer.exceptionNow()).isInstanceOf(Consensus.NotLeader.class);
      }
    }
    until(propose("a", "last")::isDone);
    assertThat(histories.get("a").commands()).filteredOn(c -> c.startsWith("found")).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void withoutAnyLeaderTheCallerIsToldAndNothingIsCommitted(long seed) {
    begin(seed);
    VOTERS.forEach(electorate::cutOff);
    CompletableFuture<Long> answer = proposers.get("n").propose(bytes("x"), Duration.ofSeconds(1));
    until(answer::isDone);
    assertThat(answer.exceptionNow()).isInstanceOf(Consensus.NotLeader.class);
    electorate.heal();
    electorate.calm();
    until(propose("n", "y")::isDone);
    assertThat(histories.get("a").commands()).doesNotContain("x");
  }

  /** Who asks waits for the next leader, not for the one that is gone. */
  @Test
  void whatADeposedLeaderHasIsNotWaitedFor() {
    begin(1);
    electorate.calm();
    until(() -> running.get("a").leader() != null);
    String old = running.get("a").leader();
    String asker = VOTERS.stream().filter(v -> !v.equals(old)).findFirst().orElseThrow();
    until(propose(asker, "before")::isDone);
    frozen = old;
    CompletableFuture<Long> during = propose(asker, "during");
    loops.get(asker).runOnce();
    electorate.cutOff(old);
    until(() -> !old.equals(running.get(asker).leader()) && running.get(asker).leader() != null);
    assertThat(during).isNotDone();
    long known = clock.now().bootNanos();
    until(during::isDone);
    assertThat(during.exceptionNow()).isInstanceOf(Consensus.Unknown.class);
    assertThat(Duration.ofNanos(clock.now().bootNanos() - known))
        .isLessThan(PATIENCE.dividedBy(20));
  }

  @Test
  void tooManyAreRefusedAndTheOthersServed() {
    begin(4);
    electorate.calm();
    List<CompletableFuture<Long>> answers = new ArrayList<>();
    for (int i = 0; i <= Proposer.MOST_OPEN; i++) {
      answers.add(propose("n", "m" + i));
    }
    assertThat(answers.getLast().exceptionNow()).isInstanceOf(Consensus.NotLeader.class);
    until(() -> answers.stream().allMatch(CompletableFuture::isDone));
    assertThat(answers.subList(0, Proposer.MOST_OPEN))
        .noneMatch(CompletableFuture::isCompletedExceptionally);
    CompletableFuture<Long> later = propose("n", "later");
    until(later::isDone);
    assertThat(later).isCompletedWithValueMatching(index -> index > 0);
  }

  @Test
  void garbageIsIgnored() {
    begin(5);
    electorate.calm();
    loops.get("a").received(member("n"), Subject.PROPOSAL, new byte[] {1, 2, 3});
    loops.get("a").received(member("n"), Subject.PROPOSAL, new byte[0]);
    CompletableFuture<Long> answer = propose("n", "after");
    until(answer::isDone);
    assertThat(answer.join()).isPositive();
  }

  private CompletableFuture<Long> propose(String node, String command) {
    return proposers.get(node).propose(bytes(command), PATIENCE);
  }

  private long settled(long index) {
    until(() -> histories.get("a").at(index) != null);
    return index;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** Runs the loops, and lets time pass to whatever is next. */
  private void until(BooleanSupplier fact) {
    for (int i = 0; i < 200_000 && !fact.getAsBoolean(); i++) {
      long next = Long.MAX_VALUE;
      for (ClusterLoop loop : loops.values()) {
        next = Math.min(next, loop.runOnce());
      }
      // They may have planned something that is earlier than all that was planned before.
      next = Math.min(next, agenda.next());
      if (next < Long.MAX_VALUE) {
        clock.advanceTo(next);
      }
      agenda.runDue(clock.nanos());
    }
    assertThat(fact.getAsBoolean()).isTrue();
  }

  private static Member member(String node) {
    return new Member(node, Member.Role.HAM, 1, 1, "");
  }

  private ClusterBus bus(String from) {
    return new ClusterBus() {
      @Override
      public boolean send(Member to, Subject subject, byte[] message) {
        if (electorate.chance.nextInt(100) >= lossPercent && !to.node().equals(frozen)) {
          electorate.later(3, () -> loops.get(to.node()).received(member(from), subject, message));
        }
        return true;
      }

      @Override
      public List<Member> view() {
        return NODES.stream().map(ProposerTest::member).toList();
      }
    };
  }
}
