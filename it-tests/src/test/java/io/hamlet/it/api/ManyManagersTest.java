package io.hamlet.it.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.hamlet.client.Deed;
import io.hamlet.client.Entity;
import io.hamlet.client.Event;
import io.hamlet.client.EventStream;
import io.hamlet.client.Ham;
import io.hamlet.client.HamException;
import io.hamlet.client.PulseChannel;
import io.hamlet.client.WatchSpec;
import io.hamlet.client.Watched;
import io.hamlet.core.model.Name;
import io.hamlet.manager.port.Directory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A client that knows several managers, or learns of them, and loses the one it uses. */
class ManyManagersTest {
  private static final Duration LONG = Duration.ofSeconds(30);
  private Village village;

  @BeforeEach
  void start() throws Exception {
    village = new Village("a", "b", "c");
  }

  @AfterEach
  void stop() throws Exception {
    village.close();
  }

  @Test
  void itGoesToTheNextWhenItsOwnDies() throws Exception {
    try (Ham ham = connect("a", "b")) {
      Ham c = ham.connectNode("c");
      c.entity("one");
      village.of("a").stop();
      c.entity("two");
      assertThat(village.of("c").brain.state().entities()).hasSize(2);
    }
  }

  @Test
  void whatIsMeantForTheOwnNodeIsNotDoneElsewhere() throws Exception {
    try (Ham ham = connect("a", "b")) {
      ham.entity("here");
      village.of("a").stop();
      village.set("a", Directory.State.LOST);
      // It has lost its connection by then: a call that is lost with it may have been made.
      assertThatThrownBy(ham::status).isInstanceOf(HamException.class);
      HamException.Refused no = HopTest.refusal(() -> ham.entity("there"));
      assertThat(no.reason()).isEqualTo(HamException.Reason.UNAVAILABLE);
      assertThat(no.getMessage()).contains("node a is lost");
      assertThat(village.of("b").brain.state().entities()).isEmpty();
      assertThat(village.of("a").brain.state().entities()).containsOnlyKeys(new Name("here"));
    }
  }

  @Test
  void itLearnsOfTheOthers() throws Exception {
    try (Ham ham = village.of("a").connect().withTimeout(LONG)) {
      ham.entity("first");
      Ham c = ham.connectNode("c");
      await().atMost(LONG).until(() -> ham.addresses().size() == 3);
      village.of("a").stop();
      assertThat(c.status().node()).isEqualTo("c");
    }
  }

  @Test
  void callsDuringManyDeathsAreEachDoneOnce() throws Exception {
    try (Ham ham = connect("a", "b")) {
      Ham c = ham.connectNode("c").withTimeout(LONG);
      c.status();
      CompletableFuture<Void> calls =
          CompletableFuture.runAsync(
              () -> {
                for (int i = 0; i < 300; i++) {
                  create(c, "e" + i);
                }
              });
      for (int turn = 0; !calls.isDone(); turn++) {
        Bench dying = village.of(turn % 2 == 0 ? "a" : "b");
        dying.stop();
        c.status();
        dying.start();
      }
      calls.get();
      assertThat(village.of("c").brain.state().entities()).hasSize(300);
    }
  }

  @Test
  void aWatchGoesOnAtAnotherManager() throws Exception {
    try (Ham ham = connect("a", "b")) {
      Entity e = ham.connectNode("c").entity("e");
      try (EventStream watch = ham.connectNode("c").watch(WatchSpec.ALL.path("e"))) {
        assertThat(watch.next()).isInstanceOf(Watched.CaughtUp.class);
        List<String> told = new ArrayList<>();
        for (int i = 1; i <= 40; i++) {
          e.publishState(i);
          if (i == 20) {
            village.of("a").stop();
          }
        }
        while (told.size() < 40) {
          told.add(((Event) watch.poll(LONG)).reason());
        }
        assertThat(told).doesNotHaveDuplicates();
      }
    }
  }

  @Test
  void aChannelStaysWithTheNodeOfItsProcess() throws Exception {
    try (Ham ham = connect("a", "b");
        PulseChannel channel = ham.openChannel()) {
      assertThat(channel.node()).isEqualTo("a");
      Entity e = ham.entity("e");
      e.condition("c", io.hamlet.client.ConditionSpec.raise(0, 0, 0))
          .action("p", Deed.pulse(channel, 1, 2));
      village.of("a").stop();
      ham.connectNode("b").status(); // The calls have moved on.
      village.of("a").start();
      e.raise(1, 1, 1);
      assertThat(channel.poll(LONG)).isNotNull();
      assertThat(village.of("b").brain.state().channels()).isEmpty();
    }
  }

  @Test
  void anAddressWhereNobodyAnswersDoesNotHoldItUp() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Ham ham = Ham.connect("127.0.0.1:" + silent.getLocalPort(), "127.0.0.1:1", address("b"))) {
      assertThat(ham.status().node()).isEqualTo("b");
    }
  }

  /** Its host was cut off, and so nothing says that it has gone. */
  @Test
  void oneThatFallsSilentIsLeftLongBeforeTheCallsTimeIsOver() throws Exception {
    try (Cable cable = new Cable(village.of("a").port());
        Ham ham = Ham.connect(cable.address(), address("b"))) {
      Ham c = ham.connectNode("c").withTimeout(Duration.ofSeconds(10));
      c.entity("before");
      cable.pull();
      assertThat(c.entity("after").uid()).isPositive();
      assertThat(village.of("c").brain.state().entities()).hasSize(2);
    }
  }

  /** What takes long is no sign of death. */
  @Test
  void oneThatIsAtWorkIsNotLeft() throws Exception {
    try (Cable cable = new Cable(village.of("a").port());
        Ham ham = Ham.connect(cable.address()).withTimeout(LONG)) {
      ham.entity("before");
      CompletableFuture<Void> answers = village.of("a").brain.hold();
      CompletableFuture<Entity> made = CompletableFuture.supplyAsync(() -> create(ham, "late"));
      assertThatThrownBy(() -> made.get(5, TimeUnit.SECONDS)).isInstanceOf(TimeoutException.class);
      answers.complete(null);
      assertThat(made.get(10, TimeUnit.SECONDS).uid()).isPositive();
      assertThat(cable.connections()).isEqualTo(1);
    }
  }

  /** More calls wait than a connection carries at once; the manager is well. */
  @Test
  void oneWhoseConnectionIsFullIsNotLeft() throws Exception {
    try (Cable cable = new Cable(village.of("a").port());
        Ham ham = Ham.connect(cable.address()).withTimeout(LONG);
        var many = Executors.newVirtualThreadPerTaskExecutor()) {
      ham.entity("before");
      CompletableFuture<Void> answers = village.of("a").brain.hold();
      List<Future<Entity>> made = new ArrayList<>();
      for (int i = 0; i < 1_200; i++) {
        String name = "e" + i;
        made.add(many.submit(() -> create(ham, name)));
      }
      assertThatThrownBy(() -> made.getLast().get(5, TimeUnit.SECONDS))
          .isInstanceOf(TimeoutException.class);
      answers.complete(null);
      for (Future<Entity> each : made) {
        assertThat(each.get(30, TimeUnit.SECONDS).uid()).isPositive();
      }
      assertThat(cable.connections()).isEqualTo(1);
    }
  }

  @Test
  void whatWasTriedIsNamed() {
    try (Ham ham = Ham.connect("127.0.0.1:1", "unix:/no/such/socket")) {
      assertThatThrownBy(ham::status)
          .isInstanceOf(HamException.Unavailable.class)
          .hasMessageContaining("127.0.0.1:1 (")
          .hasMessageContaining("unix:/no/such/socket (");
    }
  }

  private Ham connect(String... nodes) {
    List<String> addresses = new ArrayList<>();
    for (String node : nodes) {
      addresses.add(address(node));
    }
    return Ham.connect(String.join(",", addresses));
  }

  private String address(String node) {
    return "127.0.0.1:" + village.of(node).port();
  }

  private static Entity create(Ham ham, String name) {
    try {
      return ham.entity(name);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
