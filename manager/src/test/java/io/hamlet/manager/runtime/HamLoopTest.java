package io.hamlet.manager.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.core.model.EntryId;
import io.hamlet.core.model.Flags;
import io.hamlet.core.model.Limits;
import io.hamlet.core.model.Moment;
import io.hamlet.core.model.Name;
import io.hamlet.core.model.ObjectPath;
import io.hamlet.core.model.ProcessId;
import io.hamlet.core.model.ProcessSpec;
import io.hamlet.core.model.RequestId;
import io.hamlet.core.model.Target;
import io.hamlet.core.recovery.Command;
import io.hamlet.core.recovery.Effect;
import io.hamlet.core.recovery.Entry;
import io.hamlet.core.recovery.HamEvent;
import io.hamlet.core.recovery.HamState;
import io.hamlet.core.recovery.Reply;
import io.hamlet.manager.port.Ack;
import io.hamlet.manager.port.AckLevels;
import io.hamlet.manager.port.BeatTable;
import io.hamlet.manager.port.Courier;
import io.hamlet.manager.port.Journal;
import io.hamlet.manager.port.Notifier;
import io.hamlet.manager.port.ProcessControl;
import io.hamlet.manager.port.Requests;
import io.hamlet.manager.port.Ticker;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongConsumer;
import org.junit.jupiter.api.Test;

/**
 * How a reign that begins with many lives watches them again: bit by bit; and what comes first in
 * any.
 */
class HamLoopTest {
  private static final int LIVES = 40;

  /** So many of them between two looks at the mailbox. */
  private static final int AT_ONCE = 16;

  private final Clock clock = new Clock();
  private final List<Effect> performed = new ArrayList<>();

  /** How much had been performed when each entry was logged. */
  private final List<Integer> logged = new ArrayList<>();

  private Runnable ending = () -> {};

  @Test
  void livesOfTheReignBeforeAreWatchedBitByBitInTheirOrder() {
    HamLoop next = successor(withLives());
    assertThat(watched()).isEmpty();

    for (int turn = 1; turn <= 3; turn++) {
      assertThat(next.runOnce()).isTrue();
      assertThat(watched()).hasSize(Math.min(LIVES, turn * AT_ONCE));
    }

    assertThat(watched()).doesNotHaveDuplicates().isSorted();
    assertThat(clock.sleeps).as("meanwhile it only looked at what was ready").isZero();
    assertThat(next.runOnce()).isFalse();
    assertThat(clock.sleeps).isEqualTo(1);
  }

  @Test
  void callersAreAnsweredBetweenTwoBits() {
    HamLoop next = successor(withLives());
    next.runOnce();

    CompletableFuture<Requests.Answered> answer =
        ask(next, new Command.CreateEntity(new Name("fresh"), Flags.OfEntity.NONE));
    next.runOnce();

    assertThat(answer).isCompletedWithValueMatching(a -> a.reply() instanceof Reply.Handle);
    assertThat(watched()).hasSize(2 * AT_ONCE);
  }

  @Test
  void aLifeThatEndedOrWasDetachedMeanwhileIsNotWatchedAgain() {
    HamLoop next = successor(withLives());
    next.runOnce();
    String last = name(LIVES - 1);
    ask(next, new Command.Detach(new Target(ObjectPath.of(new Name(last)), 0), false));

    for (int turn = 0; turn < 3; turn++) {
      next.runOnce();
    }

    assertThat(watched()).hasSize(LIVES - 1).doesNotContain(last);
  }

  @Test
  void oneThatWasAttachedMeanwhileIsWatchedOnce() {
    HamLoop next = successor(withLives());
    next.runOnce();
    ask(next, attach(LIVES));

    for (int turn = 0; turn < 3; turn++) {
      next.runOnce();
    }

    assertThat(watched()).hasSize(LIVES + 1).doesNotHaveDuplicates().contains(name(LIVES));
  }

  /** A start looks for its process among those that are nobody's. */
  @Test
  void withAStartUnderWayAllAreKnownBeforeItGoesOn() {
    HamLoop first = withLives();
    ask(
        first,
        new Command.Attach(
            new Name("starts"), null, ProcessSpec.of(List.of("/bin/x")), Flags.OfEntity.NONE));
    first.runOnce();
    performed.clear();

    successor(first);

    assertThat(watched()).hasSize(LIVES);
    assertThat(performed.getLast()).isInstanceOf(Effect.Prepare.class);
  }

  /** Whoever asked for the end is to hear of it from a manager that is still there. */
  @Test
  void theNodeEndsWhenWhoAskedForItIsAnswered() {
    HamLoop loop = withLives();
    List<Boolean> answered = new ArrayList<>();
    CompletableFuture<Requests.Answered> stop = ask(loop, Command.Stop.node());
    ending = () -> answered.add(stop.isDone());
    loop.runOnce();
    assertThat(answered).containsExactly(true);
  }

  /**
   * Whoever comes after a crash in between must know that the token is used (architecture.md 4).
   */
  @Test
  void aTokenIsLoggedBeforeItsStart() {
    HamLoop loop = loop(HamState.empty("one", Limits.DEFAULT), 1);
    performed.clear();
    logged.clear();
    ask(
        loop,
        new Command.Attach(
            new Name("starts"), null, ProcessSpec.of(List.of("/bin/x")), Flags.OfEntity.NONE));
    loop.runOnce();
    assertThat(loop.state().entity(new Name("starts")).stats().starts()).isOne();
    assertThat(performed).hasOnlyElementsOfType(Effect.Prepare.class).hasSize(1);
    assertThat(logged).as("performed when that was logged").containsExactly(0);
  }

  private HamLoop withLives() {
    HamLoop first = loop(HamState.empty("one", Limits.DEFAULT), 1);
    for (int i = 0; i < LIVES; i++) {
      ask(first, attach(i));
    }
    first.runOnce();
    assertThat(watched()).hasSize(LIVES);
    return first;
  }

  private HamLoop successor(HamLoop before) {
    performed.clear();
    HamLoop next = loop(before.state(), 2);
    clock.sleeps = 0;
    return next;
  }

  private HamLoop loop(HamState state, long epoch) {
    Paper paper = new Paper();
    HamLoop loop =
        new HamLoop(
            state,
            new EntryId(1, epoch, state.last().index() + 1),
            new Mailbox(clock),
            paper,
            clock,
            new BeatWatch(unused(BeatTable.class), clock),
            new EventHistory(EventHistory.DEFAULT_KEPT, null),
            new EffectRouter.Outside(
                recorder(ProcessControl.class),
                recorder(Notifier.class),
                (pid, channel) -> {},
                line -> {},
                recorder(Courier.class),
                () -> ending.run()),
            false,
            AckLevels.alone(paper));
    loop.begin(new HamEvent.TookOver("one", "boot", epoch, 0, epoch > 1));
    return loop;
  }

  private static Command attach(int i) {
    return new Command.Attach(
        new Name(name(i)), new ProcessId(1000 + i, 1), null, Flags.OfEntity.NONE);
  }

  private static String name(int i) {
    return "e%02d".formatted(i);
  }

  private static CompletableFuture<Requests.Answered> ask(HamLoop loop, Command command) {
    return loop.submit(new RequestId(0, 0, 0), command, Ack.LOCAL, Duration.ofSeconds(1));
  }

  private List<String> watched() {
    return performed.stream()
        .filter(Effect.Watch.class::isInstance)
        .map(e -> ((Effect.Watch) e).entity().value())
        .toList();
  }

  /** A port whose every method takes an effect and does nothing but keep it. */
  private <T> T recorder(Class<T> port) {
    return port.cast(
        Proxy.newProxyInstance(
            port.getClassLoader(),
            new Class<?>[] {port},
            (self, method, arguments) -> {
              performed.add((Effect) arguments[0]);
              return null;
            }));
  }

  private static <T> T unused(Class<T> port) {
    return port.cast(
        Proxy.newProxyInstance(
            port.getClassLoader(),
            new Class<?>[] {port},
            (self, method, arguments) -> {
              throw new AssertionError("not expected: " + method);
            }));
  }

  private final class Paper implements Journal {
    private long last;

    @Override
    public void append(Entry entry, HamState after) {
      last = entry.id().index();
      logged.add(performed.size());
    }

    @Override
    public void flush() {}

    @Override
    public boolean hasRoom() {
      return true;
    }

    @Override
    public long durableIndex() {
      return last;
    }

    @Override
    public void onDurable(LongConsumer listener) {}
  }

  /** Stands still, and counts who would have slept. */
  private static final class Clock implements Ticker {
    private int sleeps;

    @Override
    public Moment now() {
      return new Moment(1, 1);
    }

    @Override
    public void await(long untilBootNanos) {
      if (untilBootNanos > 1) {
        sleeps++;
      }
    }

    @Override
    public void ring() {}
  }
}
