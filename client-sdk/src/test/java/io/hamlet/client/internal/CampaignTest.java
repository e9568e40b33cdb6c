package io.hamlet.client.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hamlet.client.HamException;
import io.hamlet.client.LeaderWork;
import io.hamlet.client.Leadership;
import io.hamlet.client.Term;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** When work begins, when it is told to end, and what the clock says of it. */
class CampaignTest {
  private static final Duration SPAN = Duration.ofMillis(300);

  /** The clock of the program: it goes on only when the test says so. */
  private final AtomicLong clock = new AtomicLong(1);

  private final Votes votes = new Votes();
  private final BlockingQueue<Term> begun = new ArrayBlockingQueue<>(100);
  private final BlockingQueue<Term> ended = new ArrayBlockingQueue<>(100);

  /** What the cluster says. */
  private final class Votes implements Ballot {
    private final List<String> asked = new ArrayList<>();
    private HamException toBegin;
    private HamException toRenew;
    private long holder;
    private long token = 10;
    private long thinking;

    /** Null: yes. */
    synchronized void say(HamException begin, HamException renew) {
      toBegin = begin;
      toRenew = renew;
      notifyAll();
    }

    /** So long after it was asked it answers, on the clock of the program. */
    synchronized void thinkFor(Duration time) {
      thinking = time.toNanos();
    }

    synchronized List<String> asked() {
      return List.copyOf(asked);
    }

    @Override
    public void listen() {}

    @Override
    public void rest() {}

    @Override
    public synchronized void await(Duration atMost) throws InterruptedException {
      wait(atMost.toMillis());
    }

    @Override
    public synchronized long claim(long by, long turn, Duration span, Duration timeout) {
      asked.add(turn == 1 ? "begin" : "renew");
      clock.addAndGet(thinking);
      HamException no = turn == 1 ? toBegin : toRenew;
      if (no != null) {
        throw no;
      }
      token += turn == 1 ? 10 : 0;
      holder = by;
      return token;
    }

    @Override
    public synchronized void leave(long by, Duration timeout) {
      asked.add(by == holder ? "leave" : "leave other");
    }

    @Override
    public boolean isOver() {
      return false;
    }
  }

  private Leadership lead(LeaderWork work) {
    return Campaign.begin("batch", SPAN, work, votes, clock::get);
  }

  /** Works until it is told not to. */
  private void work(Term term) throws InterruptedException {
    begun.add(term);
    try {
      new CountDownLatch(1).await();
    } finally {
      ended.add(term);
    }
  }

  private static Term next(BlockingQueue<Term> queue) throws InterruptedException {
    Term term = queue.poll(30, TimeUnit.SECONDS);
    assertThat(term).isNotNull();
    return term;
  }

  @Test
  void itLeadsLongerThanASpanWhileItRenews() throws Exception {
    try (Leadership leadership = lead(this::work)) {
      Term term = next(begun);
      votes.thinkFor(SPAN.dividedBy(5));
      long start = clock.get();
      while (clock.get() - start <= 2 * SPAN.toNanos()) {
        Thread.onSpinWait();
      }
      assertThat(ended).isEmpty();
      assertThat(term.isLeader()).isTrue();
      assertThat(term.left()).isBetween(Duration.ofMillis(1), SPAN);
      assertThat(leadership.isLeader()).isTrue();
      assertThat(leadership.token()).isEqualTo(term.token()).isEqualTo(20);
    }
    assertThat(votes.asked()).contains("renew").endsWith("leave");
    assertThat(next(ended).isLeader()).isFalse();
  }

  @Test
  void workIsToldBeforeItsRightEnds() throws Exception {
    votes.say(null, new HamException.Unavailable("nobody answers", null));
    long start = clock.get();
    try (Leadership leadership = lead(this::work)) {
      Term term = next(begun);
      votes.say(refusal(HamException.Reason.EXISTS), new HamException.Unavailable("nobody", null));
      votes.thinkFor(SPAN.dividedBy(10));
      assertThat(next(ended)).isSameAs(term);
      assertThat(votes.asked()).contains("renew");
      assertThat(clock.get() - start).isLessThan(SPAN.toNanos());
      assertThat(term.isLeader()).isFalse();
      assertThat(leadership.isLeader()).isFalse();
    }
  }

  @Test
  void itIsEnteredAgainWithAnotherToken() throws Exception {
    try (Leadership leadership = lead(this::work)) {
      Term first = next(begun);
      // What wants to begin is told that another leads.
      votes.say(refusal(HamException.Reason.EXISTS), refusal(HamException.Reason.NOT_FOUND));
      assertThat(next(ended)).isSameAs(first);
      assertThat(leadership.token()).isZero();
      votes.say(null, null);
      Term second = next(begun);
      assertThat(second.token()).isGreaterThan(first.token());
      assertThat(first.isLeader()).isFalse();
    }
  }

  @Test
  void whoWakesUpLateFindsItsRightGone() throws Exception {
    try (Leadership leadership = lead(this::work)) {
      Term term = next(begun);
      votes.say(refusal(HamException.Reason.EXISTS), null);
      clock.addAndGet(SPAN.toNanos());
      assertThat(term.isLeader()).isFalse();
      assertThat(leadership.isLeader()).isFalse();
      assertThat(term.left()).isZero();
      assertThat(next(ended)).isSameAs(term);
    }
  }

  @Test
  void anAnswerThatComesTooLateBeginsNothing() throws Exception {
    votes.thinkFor(SPAN);
    try (Leadership leadership = lead(this::work)) {
      while (!votes.asked().contains("leave")) {
        Thread.onSpinWait();
      }
      assertThat(begun).isEmpty();
      votes.thinkFor(Duration.ZERO);
      next(begun);
      assertThat(leadership.isLeader()).isTrue();
    }
  }

  @Test
  void workThatReturnsIsDone() throws Exception {
    Leadership leadership = lead(begun::add);
    leadership.await();
    assertThat(begun).hasSize(1);
    assertThat(votes.asked()).startsWith("begin").endsWith("leave");
  }

  @Test
  void workThatFailsSaysSo() {
    Leadership leadership =
        lead(
            term -> {
              throw new java.io.IOException("no room");
            });
    assertThatThrownBy(leadership::await)
        .isInstanceOf(ExecutionException.class)
        .hasRootCauseMessage("no room");
    assertThat(votes.asked()).startsWith("begin").endsWith("leave");
  }

  @Test
  void aWishThatCannotBeIsRefused() {
    votes.say(refusal(HamException.Reason.NOT_PERMITTED), null);
    Leadership leadership = lead(this::work);
    assertThatThrownBy(leadership::await)
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(HamException.Refused.class);
    assertThat(begun).isEmpty();
  }

  @Test
  void workCanCloseItself() throws Exception {
    ArrayBlockingQueue<Leadership> self = new ArrayBlockingQueue<>(1);
    Leadership leadership =
        lead(
            term -> {
              Leadership own = self.take();
              own.close();
              assertThat(term.isLeader()).isFalse();
              begun.add(term);
            });
    self.add(leadership);
    leadership.await();
    assertThat(begun).hasSize(1);
    assertThat(votes.asked()).endsWith("leave");
  }

  @Test
  void whatMayHaveBeenDoneIsGivenUp() throws Exception {
    votes.say(new HamException.OutcomeUnknown("who knows", null), null);
    try (Leadership leadership = lead(this::work)) {
      while (!votes.asked().contains("leave other")) {
        Thread.onSpinWait();
      }
      assertThat(leadership.isLeader()).isFalse();
    }
    assertThat(begun).isEmpty();
  }

  @Test
  void theClockIsReadAsTheKernelWritesIt() {
    assertThat(BootClock.nanos("83104.07 331298.11\n")).isEqualTo(83_104_070_000_000L);
    assertThatThrownBy(() -> BootClock.nanos("")).isInstanceOf(IllegalStateException.class);
    long before = new BootClock().getAsLong();
    assertThat(new BootClock().getAsLong()).isGreaterThanOrEqualTo(before).isPositive();
  }

  private static HamException refusal(HamException.Reason reason) {
    return new HamException.Refused(reason, "EX", "batch", "no", null);
  }
}
