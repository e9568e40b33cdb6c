package io.hamlet.it.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.hamlet.client.ConditionSpec;
import io.hamlet.client.Deed;
import io.hamlet.client.Entity;
import io.hamlet.client.Event;
import io.hamlet.client.EventStream;
import io.hamlet.client.Ham;
import io.hamlet.client.HamException;
import io.hamlet.client.Heartbeat;
import io.hamlet.client.Pulse;
import io.hamlet.client.PulseChannel;
import io.hamlet.client.SelfAttachment;
import io.hamlet.client.WatchSpec;
import io.hamlet.client.Watched;
import io.hamlet.core.model.Name;
import io.hamlet.manager.api.ApiServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a client notices of a manager that goes and one that comes: nothing but a delay. */
class TakeoverTest {
  private static final Duration LONG = Duration.ofSeconds(30);
  private Bench bench;
  private Ham ham;

  @BeforeEach
  void start() throws Exception {
    bench = new Bench();
    ham = bench.connect().withTimeout(LONG);
  }

  @AfterEach
  void stop() throws Exception {
    ham.close();
    bench.close();
  }

  @Test
  void aCallMadeWhileNobodyListensIsAnsweredByTheSuccessor() throws Exception {
    ham.status();
    bench.stop();
    CompletableFuture<Entity> made = CompletableFuture.supplyAsync(() -> create("late"));
    bench.start();
    assertThat(made.get(30, TimeUnit.SECONDS).uid()).isPositive();
    assertThat(bench.brain.state().entities()).containsKey(new Name("late"));
  }

  @Test
  void aServerThatWasMadeAheadPractisesAndThenServesWhoActs() throws Exception {
    bench.stop();
    try (Brain before = new Brain()) {
      ApiServer ahead = bench.made(before);
      try {
        ahead.bind();
        CompletableFuture<Entity> early = CompletableFuture.supplyAsync(() -> create("early"));
        Path aside = bench.socket().resolveSibling("practice.sock");
        ahead.practise(
            aside,
            () -> {
              try (Ham practising = Ham.connect("unix:" + aside)) {
                practising.entity("practised");
              } catch (InterruptedException e) {
                throw new AssertionError(e);
              }
            });
        assertThat(before.state().entities()).containsOnlyKeys(new Name("practised"));
        assertThat(aside).doesNotExist();

        ahead.standOn(bench.parts(bench.brain));
        ahead.start();
        assertThat(early.get(30, TimeUnit.SECONDS).uid()).isPositive();
        assertThat(bench.brain.state().entities()).containsOnlyKeys(new Name("early"));
        assertThat(before.state().entities()).hasSize(1);
      } finally {
        ahead.stop(Duration.ZERO);
      }
    }
  }

  @Test
  void callsMadeDuringManyTakeoversAreEachDoneOnce() throws Exception {
    ham.status();
    CompletableFuture<Void> calls =
        CompletableFuture.runAsync(
            () -> {
              for (int i = 0; i < 300; i++) {
                create("e" + i); // EXISTS, were one repeated and not recognised.
              }
            });
    while (!calls.isDone()) {
      bench.stop();
      bench.start();
      ham.status();
    }
    calls.get();
    assertThat(bench.brain.state().entities()).hasSize(300);
  }

  @Test
  void aWatchGoesOnWithoutGapOrRepeat() throws Exception {
    Entity e = ham.entity("e");
    try (EventStream watch = ham.watch(WatchSpec.ALL.path("e"))) {
      assertThat(watch.next()).isInstanceOf(Watched.CaughtUp.class);
      List<String> told = new ArrayList<>();
      for (int round = 0; round < 3; round++) {
        for (int i = 1; i <= 200; i++) {
          e.publishState(round * 1000 + i);
        }
        bench.stop();
        bench.start();
      }
      while (told.size() < 600) {
        Event event = (Event) watch.poll(LONG);
        if (event.event().equals("state")) {
          told.add(event.reason());
        }
      }
      assertThat(told).hasSize(600).doesNotHaveDuplicates();
      assertThat(watch.poll(Duration.ofMillis(50))).isNull();
    }
  }

  @Test
  void pulsesArriveOnceEachAndInOrder() throws Exception {
    Entity e = ham.entity("e");
    try (PulseChannel channel = ham.openChannel()) {
      e.condition("c", ConditionSpec.raise(0, 0, 0)).action("a", Deed.pulse(channel, 7, 70));
      for (int i = 0; i < 3; i++) {
        for (int k = 0; k < 100; k++) {
          e.raise(1, 1, 1);
        }
        assertThat(channel.next()).isEqualTo(new Pulse(7, 70));
        bench.stop();
        bench.start();
      }
      for (int k = 0; k < 297; k++) {
        assertThat(channel.poll(LONG)).as("pulse " + k).isEqualTo(new Pulse(7, 70));
      }
      assertThat(channel.poll(Duration.ofMillis(50))).isNull();
    }
    await().until(() -> bench.brain.state().channels().isEmpty());
  }

  @Test
  void aChannelThatNobodyTakesUpIsLost() throws Exception {
    ham.openChannel();
    assertThat(bench.brain.state().channels()).hasSize(1);
    ham.close();
    await().until(() -> bench.brain.state().channels().isEmpty());
  }

  @Test
  void beatsGoOnAndASlotThatIsLostIsTakenAgain() throws Exception {
    Heartbeat contract = new Heartbeat(Duration.ofSeconds(1), 0, 5);
    try (SelfAttachment self = ham.attachSelf("me", contract)) {
      self.beatEvery(Duration.ofMillis(5));
      awaitBeats();
      bench.stop();
      bench.start();
      awaitBeats();
      var before = bench.brain.state().entity(new Name("me")).heartbeat();
      bench.beats.free(before.slot(), before.generation());
      await()
          .until(
              () ->
                  bench.brain.state().entity(new Name("me")).heartbeat().generation()
                      != before.generation());
      awaitBeats();
      assertThat(self.detach().node()).isEqualTo(Brain.NODE);
    }
    assertThat(bench.brain.state().entities()).isEmpty();
  }

  @Test
  void anInterruptEndsACallAndHarmsNothing() throws Exception {
    ham.status();
    bench.stop();
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> ham.status()).isInstanceOf(InterruptedException.class);
    bench.start();
    assertThat(ham.status().node()).isEqualTo(Brain.NODE);
  }

  @Test
  void withoutASuccessorTheCallSaysSo() throws Exception {
    ham.status();
    bench.stop();
    Ham hasty = ham.withTimeout(Duration.ofMillis(200));
    // It has lost its connection by then: a call that is lost with it may have been made.
    assertThatThrownBy(hasty::status).isInstanceOf(HamException.class);
    assertThatThrownBy(hasty::status).isInstanceOf(HamException.Unavailable.class);
  }

  private void awaitBeats() {
    var heartbeat = bench.brain.state().entity(new Name("me")).heartbeat();
    long before = bench.beats.counter(heartbeat.slot(), heartbeat.generation());
    await()
        .atMost(LONG)
        .until(() -> bench.beats.counter(heartbeat.slot(), heartbeat.generation()) > before + 3);
  }

  private Entity create(String name) {
    try {
      return ham.entity(name);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Found in review: the stream ended with the refusal, and what was not read yet was lost. */
  @Test
  void anAcknowledgementThatIsRefusedForNowCostsNoPulses() throws Exception {
    Entity e = ham.entity("e");
    try (PulseChannel channel = ham.openChannel()) {
      e.condition("c", ConditionSpec.raise(0, 0, 0)).action("a", Deed.pulse(channel, 7, 70));
      bench.brain.refuseAcknowledgements(3);
      for (int i = 0; i < 3; i++) {
        e.raise(1, 1, 1);
      }
      for (int i = 0; i < 3; i++) {
        assertThat(channel.poll(LONG)).isEqualTo(new Pulse(7, 70));
      }
      assertThat(channel.poll(Duration.ofMillis(300))).isNull();
      e.raise(1, 1, 1);
      assertThat(channel.poll(LONG)).isEqualTo(new Pulse(7, 70));
    }
    await().until(() -> bench.brain.state().channels().isEmpty());
  }

  /** Found in review: it waited for ever, as what was to be tried again was dropped. */
  @Test
  void whoReadsIsToldWhenItsConnectionIsClosedWhileNobodyAnswers() throws Exception {
    EventStream watch = ham.watch(WatchSpec.ALL);
    PulseChannel channel = ham.openChannel();
    watch.next();
    bench.stop();
    assertThat(channel.poll(Duration.ofMillis(300))).isNull();
    List<CompletableFuture<Void>> readers =
        List.of(reads(() -> watch.next()), reads(() -> channel.next()));
    ham.close();
    for (CompletableFuture<Void> reader : readers) {
      reader.get(20, TimeUnit.SECONDS);
    }
  }

  private interface Reading {
    Object read() throws InterruptedException;
  }

  /** Done when there is nothing more to read. */
  private static CompletableFuture<Void> reads(Reading reading) {
    return CompletableFuture.runAsync(
        () -> {
          try {
            for (Object read = reading.read(); read != null; read = reading.read()) {
              assertThat(read).isNotNull();
            }
          } catch (HamException closed) {
            return;
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
        });
  }
}
