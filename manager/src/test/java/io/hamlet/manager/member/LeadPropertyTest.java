package io.hamlet.manager.member;

import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.core.model.Name;
import io.hamlet.core.model.RequestId;
import io.hamlet.core.recovery.Command;
import io.hamlet.core.recovery.Reply;
import io.hamlet.manager.port.Ack;
import io.hamlet.manager.port.Requests;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/**
 * Programs that lead by turns while leaders of the cluster change and are cut off, answers are late
 * or lost, and programs stand still: never two believe to lead at one moment.
 */
class LeadPropertyTest {
  private static final Name BATCH = new Name("batch");
  private static final Duration SPAN = Duration.ofMillis(800);
  private static final Duration STEP = Duration.ofMillis(5);
  private static final int STEPS = 3_000;

  /** From when a program counts. */
  private enum Counts {
    FROM_SENDING,
    FROM_THE_ANSWER
  }

  /** What a program asks, on its way there or back. */
  private static final class Call {
    final long sent;
    final long holder;
    final long arrives;
    final String at;
    final Command.Lead wish;
    CompletableFuture<Requests.Answered> answer;
    long answered = Long.MAX_VALUE;

    Call(long sent, Command.Lead wish, long arrives, String at) {
      this.sent = sent;
      this.holder = wish.holder();
      this.wish = wish;
      this.arrives = arrives;
      this.at = at;
    }
  }

  /** One program; its clock may go a little fast or slow. */
  private final class Program {
    final double rate = 1 + (chance.nextDouble() - 0.5) / 500;
    final List<Call> calls = new ArrayList<>();
    long holder = chance.nextLong();
    long turn;
    long token;
    long until = Long.MIN_VALUE;
    long next;
    long asleep;

    long clock() {
      return (long) ((cluster.now - began) * rate);
    }

    boolean believes() {
      return token != 0 && clock() < until;
    }

    void step() {
      for (Call call : List.copyOf(calls)) {
        carry(call);
      }
      if (cluster.now < asleep) {
        return;
      }
      if (token != 0 && clock() >= until) {
        begin();
      }
      if (clock() >= next) {
        ask();
      }
      if (chance.nextInt(2_000) == 0) {
        asleep = cluster.now + chance.nextLong(3 * SPAN.toNanos());
      }
    }

    private void begin() {
      holder = chance.nextLong();
      turn = 0;
      token = 0;
    }

    private void ask() {
      Command.Lead wish = new Command.Lead(BATCH, holder, ++turn, SPAN, "program");
      List<String> nodes = List.copyOf(cluster.voters.keySet());
      calls.add(new Call(clock(), wish, cluster.now + delay(), nodes.get(chance.nextInt(3))));
      next = clock() + SPAN.toNanos() / 3;
    }

    /** The network knows nothing of who sleeps. */
    private void carry(Call call) {
      if (call.answer == null && cluster.now >= call.arrives) {
        call.answer =
            cluster
                .voter(call.at)
                .desk
                .submit(new RequestId(0, 0, 0), call.wish, Ack.MAJORITY, SPAN);
      }
      if (call.answer != null && call.answer.isDone() && call.answered == Long.MAX_VALUE) {
        call.answered = cluster.now + delay();
      }
      if (cluster.now >= call.answered && cluster.now >= asleep) {
        calls.remove(call);
        if (call.holder == holder) {
          heard(call, call.answer.join().reply());
        }
      }
    }

    private void heard(Call call, Reply reply) {
      if (reply instanceof Reply.Number number) {
        long from = counts == Counts.FROM_SENDING ? call.sent : clock();
        token = number.value();
        until = Math.max(until, from + SPAN.toNanos());
        led++;
      } else {
        begin();
      }
    }
  }

  private final Voting cluster = new Voting("a", "b", "c");
  private final long began = cluster.now;
  private Random chance;
  private Counts counts;
  private int led;

  private long delay() {
    return chance.nextInt(8) == 0
        ? chance.nextLong(2 * SPAN.toNanos())
        : chance.nextLong(20_000_000);
  }

  LeadPropertyTest() {
    for (Voting.Station voter : cluster.voters.values()) {
      voter.loop.add(new ChairWarden(voter.ledger, voter::toLeader, voter, () -> {}));
    }
  }

  /** The most that believed to lead at one moment. */
  private int run(long seed, Counts how) {
    chance = new Random(seed);
    counts = how;
    List<Program> programs = IntStream.range(0, 3).mapToObj(i -> new Program()).toList();
    int most = 0;
    for (int i = 0; i < STEPS; i++) {
      trouble();
      cluster.run(STEP);
      programs.forEach(Program::step);
      most = Math.max(most, (int) programs.stream().filter(Program::believes).count());
    }
    return most;
  }

  private void trouble() {
    switch (chance.nextInt(400)) {
      case 0 -> cluster.elect(List.of("a", "b", "c").get(chance.nextInt(3)));
      case 1 -> cluster.cutOff(List.of("a", "b", "c").get(chance.nextInt(3)));
      case 2, 3, 4 -> cluster.heal();
      default -> {}
    }
  }

  @Property(tries = 25)
  void neverTwoBelieveToLead(@ForAll long seed) {
    assertThat(run(seed, Counts.FROM_SENDING)).isLessThanOrEqualTo(1);
    assertThat(led).as("answers that gave it").isPositive();
  }

  /** That it would be seen: counted from the answer a right outlives what the cluster knows. */
  @Test
  void whoCountsFromTheAnswerIsCaught() {
    assertThat(
            IntStream.range(0, 50)
                .map(seed -> new LeadPropertyTest().run(seed, Counts.FROM_THE_ANSWER)))
        .contains(2);
  }

  @Test
  void whoIsDeadIsFollowedWithinItsRightAndTheMargin() {
    lead("a", 1, 1);
    long began = cluster.now;
    CompletableFuture<Requests.Answered> next = lead("b", 2, 1);
    assertThat(next.join().reply()).isInstanceOf(Reply.No.class);
    while (!(lead("b", 2, 1).join().reply() instanceof Reply.Number)) {
      assertThat(cluster.now - began).isLessThan(2 * SPAN.toNanos());
    }
    assertThat(cluster.now - began).isGreaterThan(SPAN.toNanos());
  }

  @Test
  void whoRenewsKeepsItOverLeaders() {
    lead("a", 1, 1);
    for (int turn = 2; turn < 30; turn++) {
      cluster.elect(List.of("a", "b", "c").get(turn % 3));
      cluster.run(SPAN.dividedBy(3));
      assertThat(lead("a", 1, turn).join().reply()).isInstanceOf(Reply.Number.class);
    }
  }

  private CompletableFuture<Requests.Answered> lead(String at, long holder, long turn) {
    Command wish = new Command.Lead(BATCH, holder, turn, SPAN, "program");
    CompletableFuture<Requests.Answered> answer =
        cluster.voter(at).desk.submit(new RequestId(0, 0, 0), wish, Ack.MAJORITY, SPAN);
    while (!answer.isDone()) {
      cluster.run(STEP);
    }
    return answer;
  }
}
