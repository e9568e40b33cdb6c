package io.hamlet.it.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hamlet.client.Command;
import io.hamlet.client.Condition;
import io.hamlet.client.ConditionSpec;
import io.hamlet.client.ConditionType;
import io.hamlet.client.Deed;
import io.hamlet.client.Entity;
import io.hamlet.client.Event;
import io.hamlet.client.EventStream;
import io.hamlet.client.Ham;
import io.hamlet.client.HamException;
import io.hamlet.client.WatchSpec;
import io.hamlet.client.Watched;
import io.hamlet.core.model.Name;
import io.hamlet.core.model.ProcessId;
import io.hamlet.core.model.RequestId;
import io.hamlet.core.model.Target;
import io.hamlet.core.recovery.Command.PublishState;
import io.hamlet.manager.port.Ack;
import io.hamlet.manager.port.Directory;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a client of one manager can do on the node of another. */
class HopTest {
  private static final Duration LONG = Duration.ofSeconds(30);
  private Village village;
  private Ham ham;
  private Ham b;

  @BeforeEach
  void start() throws Exception {
    village = new Village("a", "b", "c");
    ham = village.of("a").connect().withTimeout(LONG);
    b = ham.connectNode("b");
  }

  @AfterEach
  void stop() throws Exception {
    ham.close();
    village.close();
  }

  @Test
  void aChangeIsMadeThereAndNotHere() throws Exception {
    Entity web = b.attach("web", Command.of("/bin/web"));
    assertThat(web.node()).isEqualTo("b");
    assertThat(village.of("b").brain.state().entities()).containsKey(new Name("web"));
    assertThat(village.of("a").brain.state().entities()).isEmpty();
    assertThat(b.status().node()).isEqualTo("b");
    assertThat(b.read("", -1).node()).isEqualTo("b");
    assertThat(b.withLatest().read("web", 0).objects()).hasSize(1);
    assertThat(ham.connectNode("a").status().node()).isEqualTo("a");
    assertThat(ham.status().node()).isEqualTo("a");
  }

  @Test
  void aHandleGoesOnToItsNode() throws Exception {
    b.entity("e");
    var handle = (Entity) b.handle("e");
    handle.publishState(5);
    assertThat(village.of("b").brain.state().entity(new Name("e")).userState()).isEqualTo(5);
  }

  @Test
  void aRefusalComesBackWordForWord() throws Exception {
    b.entity("e");
    Ham direct = village.of("b").connect();
    HamException.Refused here = refusal(() -> direct.entity("e"));
    HamException.Refused there = refusal(() -> b.entity("e"));
    assertThat(there.reason()).isEqualTo(HamException.Reason.EXISTS);
    assertThat(there.getMessage()).isEqualTo(here.getMessage());
    assertThat(there.errno()).isEqualTo(here.errno());
    assertThat(there.path()).isEqualTo(here.path());
    direct.close();
  }

  @Test
  void anActionNamesAnotherNode() throws Exception {
    Condition raised = ham.entity("e").condition("c", ConditionSpec.of(ConditionType.ATTACH));
    raised.action("run", new Deed.Execute(List.of("/bin/x"), "b"));
    raised.action("tell", new Deed.Pulse("b", 7, 1, 2, 3));
    raised
        .action("kill", new Deed.Signal("b", 8, 15, 0, 0))
        .onFail("c", new Deed.Signal("c", 8, 9, 0, 0));
    var there = village.of("a").brain.state().entity(new Name("e")).condition(new Name("c"));
    var signal = (io.hamlet.core.model.Deed.Signal) there.actions().get(2).deed();
    assertThat(signal.process())
        .as("as its node names it")
        .isEqualTo(new ProcessId(8, "b".hashCode()));
    var other = (io.hamlet.core.model.Deed.Signal) there.actions().get(2).onFail().get(0).deed();
    assertThat(other.process()).isEqualTo(new ProcessId(8, "c".hashCode()));
  }

  @Test
  void anActionOnAnotherNodeIsRefusedWhenItCannotBeMeant() throws Exception {
    Condition c = ham.entity("e").condition("c", ConditionSpec.of(ConditionType.ATTACH));
    assertThat(refusal(() -> c.action("x", new Deed.Pulse("x", 7, 1, 2, 3))).getMessage())
        .contains("'x'")
        .contains("a, b, c");
    assertThat(refusal(() -> c.action("x", new Deed.Signal("b", 7, 15, 0, 0))).reason())
        .isEqualTo(HamException.Reason.NO_SUCH_PROCESS);
    assertThat(refusal(() -> c.action("x", new Deed.Signal("b", 0, 15, 0, 0))).reason())
        .isEqualTo(HamException.Reason.INVALID);
    assertThat(refusal(() -> c.action("x", new Deed.Execute(List.of("/bin/x"), "*"))).reason())
        .isIn(HamException.Reason.NOT_FOUND, HamException.Reason.INVALID);
    assertThat(
            village.of("a").brain.state().entity(new Name("e")).condition(new Name("c")).actions())
        .isEmpty();
  }

  @Test
  void anUnknownNodeIsNamedWithThoseThatAreKnown() {
    HamException.Refused no = refusal(() -> ham.connectNode("x").status());
    assertThat(no.reason()).isEqualTo(HamException.Reason.NOT_FOUND);
    assertThat(no.getMessage()).contains("'x'").contains("a, b, c");
  }

  @Test
  void aWatchOfAnotherNodeMissesNothing() throws Exception {
    Entity e = b.entity("e");
    try (EventStream watch = b.watch(WatchSpec.ALL.path("e"))) {
      assertThat(watch.next()).isInstanceOf(Watched.CaughtUp.class);
      for (int i = 0; i < 2_000; i++) {
        e.publishState(i);
      }
      List<String> told = new ArrayList<>();
      while (told.size() < 2_000) {
        Event event = (Event) watch.poll(LONG);
        assertThat(event.node()).isEqualTo("b");
        told.add(event.reason());
      }
      assertThat(told).doesNotHaveDuplicates();
    }
  }

  @Test
  void outputComesOverWhole() throws Exception {
    b.attach("web", Command.of("/bin/web"));
    byte[] much = new byte[3 << 20];
    for (int i = 0; i < much.length; i++) {
      much[i] = (byte) (i * 31);
    }
    Files.write(village.of("b").directory.resolve("web.log"), much);
    try (var output = b.output("web", false, 0)) {
      assertThat(output.readAllBytes()).isEqualTo(much);
    }
  }

  @Test
  void aTakeoverThereIsWaitedFor() throws Exception {
    b.status();
    village.of("b").stop();
    CompletableFuture<Entity> made = CompletableFuture.supplyAsync(() -> create(b, "late"));
    village.of("b").start();
    assertThat(made.get(30, TimeUnit.SECONDS).uid()).isPositive();
  }

  @Test
  void callsMadeDuringManyTakeoversThereAreEachDoneOnce() throws Exception {
    b.status();
    CompletableFuture<Void> calls =
        CompletableFuture.runAsync(
            () -> {
              for (int i = 0; i < 200; i++) {
                create(b, "e" + i);
              }
            });
    while (!calls.isDone()) {
      village.of("b").stop();
      village.of("b").start();
      b.status();
    }
    calls.get();
    assertThat(village.of("b").brain.state().entities()).hasSize(200);
  }

  @Test
  void aWatchGoesOnOverATakeoverThere() throws Exception {
    Entity e = b.entity("e");
    try (EventStream watch = b.watch(WatchSpec.ALL.path("e"))) {
      assertThat(watch.next()).isInstanceOf(Watched.CaughtUp.class);
      List<String> told = new ArrayList<>();
      for (int i = 1; i <= 60; i++) {
        e.publishState(i);
        if (i % 20 == 0) {
          village.of("b").stop();
          village.of("b").start();
        }
      }
      while (told.size() < 60) {
        told.add(((Event) watch.poll(LONG)).reason());
      }
      assertThat(told).doesNotHaveDuplicates();
    }
  }

  @Test
  void aNodeThatDoesNotAnswerIsTold() throws Exception {
    village.of("b").stop();
    Ham hasty = b.withTimeout(Duration.ofSeconds(5));
    HamException.Refused no = refusal(() -> hasty.entity("e"));
    assertThat(no.reason()).isEqualTo(HamException.Reason.UNAVAILABLE);
    assertThat(no.getMessage()).contains("node b").contains("nothing was changed");
    village.of("b").start();
    assertThat(b.entity("e").uid()).isPositive();
  }

  @Test
  void callsThatWaitForANodeEndWhenItIsLost() throws Exception {
    village.of("b").stop();
    CompletableFuture<HamException.Refused> made =
        CompletableFuture.supplyAsync(() -> refusal(() -> b.entity("e")));
    village.set("b", Directory.State.LOST);
    HamException.Refused no = made.get(20, TimeUnit.SECONDS);
    assertThat(no.reason()).isEqualTo(HamException.Reason.UNAVAILABLE);
    assertThat(no.getMessage()).contains("node b is lost").contains("nothing was changed");
  }

  /** The goodbye of a node that was told to stop may be here before the answer to that. */
  @Test
  void whoLeavesStillAnswersWhatItWasAsked() throws Exception {
    b.status();
    Brain there = village.of("b").brain;
    CompletableFuture<Void> answers = there.hold();
    CompletableFuture<Entity> made = CompletableFuture.supplyAsync(() -> create(b, "late"));
    await().until(() -> there.state().entity(new Name("late")) != null);
    village.set("b", Directory.State.LEAVING);
    ham.status(); // Whoever minds the goodbye has done so.
    assertThat(refusal(() -> b.entity("too late")).getMessage()).contains("node b was stopped");
    answers.complete(null);
    assertThat(made.get(20, TimeUnit.SECONDS).uid()).isPositive();
  }

  @Test
  void whoLeavesAndDoesNotAnswerIsNotWaitedForLong() throws Exception {
    b.status();
    Brain there = village.of("b").brain;
    there.hold();
    CompletableFuture<HamException> made =
        CompletableFuture.supplyAsync(() -> failure(() -> b.entity("late")));
    await().until(() -> there.state().entity(new Name("late")) != null);
    village.set("b", Directory.State.LEAVING);
    assertThat(made.get(20, TimeUnit.SECONDS))
        .isInstanceOf(HamException.OutcomeUnknown.class)
        .hasMessageContaining("may have been made")
        .hasMessageContaining("node b was stopped");
  }

  @Test
  void aLostTreeIsReadFromAReplicaAndNotChanged() throws Exception {
    b.attach("web", Command.of("/bin/web"));
    village.keep("a", "b");
    village.of("b").stop();
    village.set("b", Directory.State.LOST);
    var tree = b.read("web", 0);
    assertThat(tree.node()).isEqualTo("b");
    assertThat(tree.objects()).hasSize(1);
    assertThat(tree.note()).contains("node b does not answer");
    assertThat(refusal(() -> b.withLatest().read("web", 0)).getMessage()).contains("the latest");
    assertThat(b.handle("web").node()).isEqualTo("b");
    assertThat(b.why("web").summary()).startsWith("web: ");
    try (EventStream events = b.watch(WatchSpec.ALL.from("0").noFollow())) {
      assertThat(((Event) events.next()).node()).isEqualTo("b");
    }
    assertThat(refusal(() -> b.entity("e")).reason()).isEqualTo(HamException.Reason.UNAVAILABLE);
    assertThat(refusal(() -> b.status()).getMessage()).contains("node b is lost");
  }

  /** Its end is seen before it is known to be lost, and that is the moment one watches for. */
  @Test
  void aWatchOfANodeThatIsLostGoesOnAtAReplica() throws Exception {
    Entity e = b.entity("e");
    village.keep("a", "b");
    try (EventStream watch = b.watch(WatchSpec.ALL.path("e"))) {
      assertThat(watch.next()).isInstanceOf(Watched.CaughtUp.class);
      village.of("b").stop();
      assertThat(watch.poll(Duration.ofMillis(300))).isNull();
      village.set("b", Directory.State.LOST);
      village
          .of("b")
          .brain
          .submit(new RequestId(0, 0, 0), new PublishState(Target.of("e"), 5), Ack.LOCAL, LONG);
      assertThat(watch.poll(LONG)).isInstanceOf(Event.class);
    }
    assertThat(e.node()).isEqualTo("b");
  }

  @Test
  void aLostTreeIsReadFromTheVoterThatHasIt() throws Exception {
    b.entity("e");
    village.keep("c", "b");
    village.of("b").stop();
    village.set("b", Directory.State.LOST);
    assertThat(b.read("e", 0).note()).contains("node c last heard");
    assertThat(refusal(() -> b.entity("f")).reason()).isEqualTo(HamException.Reason.UNAVAILABLE);
    assertThat(ham.connectNode("b").read("", 0).node()).isEqualTo("b");
  }

  @Test
  void withoutAReplicaALostTreeCannotBeRead() {
    village.set("b", Directory.State.LOST);
    HamException.Refused no = refusal(() -> b.read("", 0));
    assertThat(no.reason()).isEqualTo(HamException.Reason.UNAVAILABLE);
  }

  @Test
  void aWrongAddressDoesNotGoRoundInCircles() {
    village.set("b", Directory.State.UP, "127.0.0.1:" + village.of("c").port());
    HamException.Refused no = refusal(() -> b.entity("e"));
    assertThat(no.reason()).isEqualTo(HamException.Reason.UNAVAILABLE);
    assertThat(no.getMessage()).contains("took node c for node b");
  }

  @Test
  void aNewAddressIsUsedAtOnce() throws Exception {
    village.set("b", Directory.State.UP, "127.0.0.1:1");
    CompletableFuture<Entity> made = CompletableFuture.supplyAsync(() -> create(b, "e"));
    village.set("b", Directory.State.UP, "127.0.0.1:" + village.of("b").port());
    assertThat(made.get(20, TimeUnit.SECONDS).node()).isEqualTo("b");
  }

  @Test
  void aProcessAttachesItselfAtHomeOnly() {
    assertThat(refusal(() -> b.attachSelf("me", null)).reason())
        .isEqualTo(HamException.Reason.INVALID);
    assertThat(refusal(() -> b.openChannel()).getMessage()).contains("where it runs");
  }

  @Test
  void theClusterTreeIsNotHereYet() {
    assertThat(refusal(() -> ham.connectNode("*").read("", 0)).reason())
        .isEqualTo(HamException.Reason.UNAVAILABLE);
  }

  @Test
  void aCallerThatGoesEndsItsCallThere() throws Exception {
    Ham other = village.of("a").connect();
    EventStream watch = other.connectNode("b").watch(WatchSpec.ALL);
    await().until(() -> village.of("b").brain.watchers() == 1);
    watch.close();
    await().until(() -> village.of("b").brain.watchers() == 0);
    EventStream second = other.connectNode("b").watch(WatchSpec.ALL);
    await().until(() -> village.of("b").brain.watchers() == 1);
    other.close();
    await().until(() -> village.of("b").brain.watchers() == 0);
    second.close();
  }

  @Test
  void addressesOfTheOthersAreTold() throws Exception {
    assertThat(ham.status().addresses())
        .containsExactly(village.node("b").address(), village.node("c").address());
  }

  /** A call that may be refused. */
  interface Asking {
    void ask() throws InterruptedException;
  }

  static HamException.Refused refusal(Asking asking) {
    return (HamException.Refused) failure(asking);
  }

  private static HamException failure(Asking asking) {
    try {
      asking.ask();
    } catch (HamException no) {
      return no;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    throw new AssertionError("it was not refused");
  }

  private static Entity create(Ham ham, String name) {
    try {
      return ham.entity(name);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
