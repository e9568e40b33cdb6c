package io.hamlet.client.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;

/** ham.md 9 and 9.3: many threads, one recovery; interrupts and closes at bad times. */
@Timeout(60)
class SpecThreadsTest {
  private final Bed bed = new Bed();
  private final CountDownLatch begun = new CountDownLatch(1);
  private final CountDownLatch go = new CountDownLatch(1);
  private final Recovery<Toy.Line> slow =
      it -> {
        begun.countDown();
        go.await();
        return bed.dials.recover(it);
      };

  /** A virtual thread that runs a task and keeps its outcome. */
  private record Running<T>(FutureTask<T> task, Thread thread) {
    static <T> Running<T> of(Callable<T> work) {
      FutureTask<T> task = new FutureTask<>(work);
      return new Running<>(task, Thread.ofVirtual().start(task));
    }

    T result() throws Exception {
      return task.get(30, TimeUnit.SECONDS);
    }

    Throwable failure() throws Exception {
      try {
        result();
      } catch (java.util.concurrent.ExecutionException e) {
        return e.getCause();
      }
      throw new AssertionError("it did not fail");
    }
  }

  @Rule(
      value = "ham 9.3/11",
      says = "Other threads wait for the outcome, and one recovery heals all")
  void othersWait() throws Exception {
    HaConnection<Toy.Line> c = bed.open(slow);
    bed.toy.kill();
    List<Running<String>> all = new ArrayList<>();
    for (int i = 0; i < 64; i++) {
      all.add(Running.of(() -> Bed.get(c)));
    }
    begun.await();
    for (Running<String> each : all) {
      Bed.awaitParked(each.thread);
    }
    go.countDown();
    for (Running<String> each : all) {
      assertThat(each.result()).isEqualTo("get x by 2");
    }
    assertThat(bed.calls).hasValue(1);
  }

  @Rule(value = "ham 9.3/12", says = "A recovery in vain ends the waiting of all with their errors")
  void inVainForAll() throws Exception {
    HaConnection<Toy.Line> c =
        bed.open(
            it -> {
              begun.countDown();
              go.await();
              return bed.refuses.recover(it);
            });
    CountDownLatch bothIn = new CountDownLatch(2);
    CountDownLatch broken = new CountDownLatch(1);
    Operation<Toy.Line, String, Exception> inFlight =
        line -> {
          bothIn.countDown();
          broken.await();
          return line.get("x");
        };
    Running<String> one = Running.of(() -> c.call(Repeat.IDEMPOTENT, inFlight));
    Running<String> two = Running.of(() -> c.call(Repeat.IDEMPOTENT, inFlight));
    bothIn.await();
    bed.toy.kill();
    broken.countDown();
    begun.await();
    Bed.awaitParked(one.thread);
    Bed.awaitParked(two.thread);
    go.countDown();
    assertThat(one.failure()).hasMessage("wire 1 is broken");
    assertThat(two.failure()).hasMessage("wire 1 is broken");
    assertThat(bed.calls).hasValueBetween(1, 2);
  }

  @Rule(value = "ham 9/1", says = "An interrupted waiting thread gets its error; the rest goes on")
  void interruptedWaiter() throws Exception {
    HaConnection<Toy.Line> c = bed.open(slow);
    bed.toy.kill();
    Running<String> healer = Running.of(() -> Bed.get(c));
    begun.await();
    boolean[] still = new boolean[1];
    Running<String> waiter =
        Running.of(
            () -> {
              try {
                return Bed.get(c);
              } finally {
                still[0] = Thread.currentThread().isInterrupted();
              }
            });
    Bed.awaitParked(waiter.thread);
    waiter.thread.interrupt();
    assertThat(waiter.failure()).hasMessage("wire 1 is broken");
    assertThat(still).containsExactly(true);
    go.countDown();
    assertThat(healer.result()).isEqualTo("get x by 2");
  }

  @Rule(
      value = "ham 9/2",
      says = "When the recovering thread is interrupted a waiting one takes over")
  void interruptedHealer() throws Exception {
    HaConnection<Toy.Line> c = bed.open(slow);
    bed.toy.kill();
    Running<String> healer = Running.of(() -> Bed.get(c));
    begun.await();
    Running<String> waiter = Running.of(() -> Bed.get(c));
    Bed.awaitParked(waiter.thread);
    healer.thread.interrupt();
    assertThat(healer.failure())
        .hasMessage("wire 1 is broken")
        .satisfies(
            e ->
                assertThat(e.getSuppressed())
                    .hasAtLeastOneElementOfType(InterruptedException.class));
    go.countDown();
    assertThat(waiter.result()).isEqualTo("get x by 2");
  }

  @Rule(value = "ham 9/3", says = "A thread that is interrupted already begins no recovery")
  void interruptedBefore() throws Exception {
    HaConnection<Toy.Line> c = bed.open(bed.dials);
    bed.toy.kill();
    Running<String> one =
        Running.of(
            () -> {
              Thread.currentThread().interrupt();
              return Bed.get(c);
            });
    assertThat(one.failure()).hasMessage("wire 1 is broken");
    assertThat(bed.calls).hasValue(0);
    assertThat(Bed.get(c)).isEqualTo("get x by 2");
  }

  @Rule(value = "ham 9/4", says = "Close ends a recovery that waits, and nothing is left open")
  void closeWhileRecovering() throws Exception {
    Throwable[] seen = new Throwable[1];
    HaConnection<Toy.Line> c =
        bed.open(
            it -> {
              int id = it.reopen(bed.toy::dial);
              begun.countDown();
              try {
                it.pause(Duration.ofDays(1));
              } catch (CancellationException e) {
                seen[0] = e;
                throw e;
              }
              return id;
            });
    bed.toy.kill();
    Running<String> healer = Running.of(() -> Bed.get(c));
    begun.await();
    Running<String> waiter = Running.of(() -> Bed.get(c));
    Bed.awaitParked(waiter.thread);
    c.close();
    assertThat(healer.failure()).hasMessage("wire 1 is broken");
    assertThat(waiter.failure()).isNotNull();
    assertThat(seen[0]).isInstanceOf(CancellationException.class);
    assertThat(bed.toy.open).hasValue(0);
  }

  @Rule(value = "ham 9/5", says = "An old failure does not recover what was healed since")
  void oldFailure() throws Exception {
    HaConnection<Toy.Line> c = bed.open(bed.dials);
    CountDownLatch in = new CountDownLatch(1);
    boolean[] first = {true};
    Running<String> late =
        Running.of(
            () ->
                c.call(
                    Repeat.IDEMPOTENT,
                    line -> {
                      if (first[0]) {
                        first[0] = false;
                        in.countDown();
                        go.await();
                      }
                      return line.get("x");
                    }));
    in.await();
    bed.toy.kill();
    assertThat(Bed.get(c)).isEqualTo("get x by 2");
    go.countDown();
    assertThat(late.result()).isEqualTo("get x by 2");
    assertThat(bed.calls).hasValue(1);
  }

  @Rule(
      value = "ours 9/7",
      says = "A recovery wakes when the server was restarted, not by the clock")
  void wakesOnRestart() throws Exception {
    ToldServer told = new ToldServer();
    Server[] seen = new Server[1];
    HaConnection<Toy.Line> c =
        Ha.open(
            bed.toy::dial,
            it -> {
              begun.countDown();
              seen[0] = it.awaitRestart(Duration.ofDays(1));
              assertThat(it.wasRestarted()).isTrue();
              return bed.dials.recover(it);
            },
            bed.terms.server(told));
    bed.toy.kill();
    Running<String> healer = Running.of(() -> Bed.get(c));
    begun.await();
    Bed.awaitParked(healer.thread);
    told.tell(new Server("toy", "one", 0, 1, false));
    Server next = new Server("toy", "two", 42, 2, true);
    told.tell(next);
    assertThat(healer.result()).isEqualTo("get x by 2");
    assertThat(seen).containsExactly(next);
    assertThat(told.listeners()).isZero();
  }
}
