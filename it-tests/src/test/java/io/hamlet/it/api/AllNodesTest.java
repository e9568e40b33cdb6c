package io.hamlet.it.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hamlet.client.Event;
import io.hamlet.client.EventStream;
import io.hamlet.client.Ham;
import io.hamlet.client.HamException;
import io.hamlet.client.WatchSpec;
import io.hamlet.client.Watched;
import io.hamlet.manager.port.Directory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A watch of all nodes at once. */
class AllNodesTest {
  private static final Duration LONG = Duration.ofSeconds(30);
  private static final WatchSpec EVERYWHERE = WatchSpec.ALL.onAllNodes();
  private Village village;
  private Ham a;
  private Ham b;
  private Ham c;

  @BeforeEach
  void start() throws Exception {
    village = new Village("a", "b", "c");
    a = village.of("a").connect().withTimeout(LONG);
    b = village.of("b").connect().withTimeout(LONG);
    c = village.of("c").connect().withTimeout(LONG);
    for (Ham each : List.of(a, b, c)) {
      each.entity("e");
    }
  }

  @AfterEach
  void stop() throws Exception {
    for (Ham each : List.of(a, b, c)) {
      each.close();
    }
    village.close();
  }

  private void keepAll(String keeper) {
    for (String whose : List.of("a", "b", "c")) {
      if (!whose.equals(keeper)) {
        village.keep(keeper, whose);
      }
    }
  }

  @Test
  void allIsToldOnceAndAPositionIsGoodAtAnyManager() throws Exception {
    keepAll("a");
    keepAll("b");
    List<String> told = new ArrayList<>();
    String position;
    try (EventStream watch = a.watch(EVERYWHERE)) {
      assertThat(watch.next()).isInstanceOf(Watched.CaughtUp.class);
      publish(1);
      position = read(watch, 3, told);
      publish(2);
      read(watch, 3, new ArrayList<>());
    }
    assertThat(told).containsExactlyInAnyOrder("a 1", "b 1", "c 1");
    publish(3);
    told.clear();
    try (EventStream watch = b.watch(EVERYWHERE.from(position))) {
      read(watch, 6, told);
      publish(4);
      read(watch, 3, told);
    }
    assertThat(told)
        .containsExactlyInAnyOrder("a 2", "b 2", "c 2", "a 3", "b 3", "c 3", "a 4", "b 4", "c 4");
  }

  @Test
  void eachEventIsAPlaceToGoOnFrom() throws Exception {
    keepAll("a");
    publish(1);
    publish(2);
    List<Event> all = events("0");
    assertThat(all).hasSizeGreaterThanOrEqualTo(6);
    for (int i = 0; i < all.size(); i++) {
      assertThat(events(all.get(i).position())).isEqualTo(all.subList(i + 1, all.size()));
    }
  }

  @Test
  void aTreeThatComesLaterIsToldFromItsBeginning() throws Exception {
    village.keep("a", "b");
    Directory.Node late = village.node("c");
    village.forget("c");
    List<String> told = new ArrayList<>();
    try (EventStream watch = a.watch(EVERYWHERE.path("e"))) {
      assertThat(watch.next()).isInstanceOf(Watched.CaughtUp.class);
      publish(1);
      read(watch, 2, told);
      village.set("c", Directory.State.UP, late.address());
      village.keep("a", "c");
      String position = read(watch, 1, told);
      assertThat(told.getLast()).isEqualTo("c 1");
      publish(2);
      read(watch, 3, told);
      village.forget("c");
      publish(3);
      read(watch, 2, told);
      assertThat(told.subList(6, 8)).containsExactlyInAnyOrder("a 3", "b 3");
      village.set("c", Directory.State.UP, late.address());
      read(watch, 1, told);
      assertThat(told.getLast()).isEqualTo("c 3");
      assertThat(events(position)).extracting(Event::node).contains("a", "b", "c");
    }
  }

  @Test
  void whoKeepsNoTreesAsksAVoter() throws Exception {
    keepAll("a");
    village.demote("b");
    village.demote("c");
    List<String> told = new ArrayList<>();
    try (EventStream watch = c.watch(EVERYWHERE)) {
      assertThat(watch.next()).isInstanceOf(Watched.CaughtUp.class);
      publish(1);
      read(watch, 3, told);
    }
    assertThat(told).containsExactlyInAnyOrder("a 1", "b 1", "c 1");
  }

  @Test
  void positionsOfOneAndOfAllAreNotMixedUp() throws Exception {
    keepAll("a");
    String ofOne = a.read("", 0).position();
    try (EventStream watch = a.watch(EVERYWHERE)) {
      String ofAll = watch.next().position();
      assertThatThrownBy(() -> a.watch(WatchSpec.ALL.from(ofAll)).next())
          .isInstanceOf(HamException.Refused.class)
          .hasMessageContaining("all nodes");
    }
    assertThatThrownBy(() -> a.watch(EVERYWHERE.from(ofOne)).next())
        .isInstanceOf(HamException.Refused.class)
        .hasMessageContaining("all nodes");
  }

  @Test
  void aGapInOneTreeIsTold() throws Exception {
    try (Bench bench = new Bench(new Brain(3));
        Ham ham = bench.connect()) {
      ham.entity("e");
      String early = first(ham);
      for (int i = 0; i < 10; i++) {
        ham.named("e").publishState(i);
      }
      try (EventStream watch = ham.watch(EVERYWHERE.from(early))) {
        assertThat(watch.next()).isInstanceOf(Watched.Gap.class);
        List<String> told = new ArrayList<>();
        read(watch, 3, told);
        assertThat(told).hasSize(3);
        assertThat(told.getLast()).endsWith(" 9");
      }
    }
  }

  private static String first(Ham ham) throws InterruptedException {
    try (EventStream watch = ham.watch(EVERYWHERE)) {
      ham.named("e").publishState(77);
      return read(watch, 1, new ArrayList<>());
    }
  }

  private void publish(int state) throws InterruptedException {
    for (Ham each : List.of(a, b, c)) {
      each.named("e").publishState(state);
    }
  }

  private List<Event> events(String from) throws InterruptedException {
    List<Event> events = new ArrayList<>();
    try (EventStream watch = a.watch(EVERYWHERE.from(from).noFollow())) {
      for (Watched w = watch.next(); w != null; w = watch.next()) {
        if (w instanceof Event event) {
          events.add(event);
        }
      }
    }
    return events;
  }

  /** Reads so many states, as "node state", and gives the position of the last. */
  private static String read(EventStream watch, int count, List<String> told)
      throws InterruptedException {
    String position = "";
    for (int i = 0; i < count; ) {
      Watched next = watch.poll(LONG);
      assertThat(next).as("after %s", told).isNotNull();
      if (next instanceof Event event && event.event().equals("state")) {
        told.add(event.node() + " " + event.reason().replaceAll(".*\\D", ""));
        position = event.position();
        i++;
      }
    }
    return position;
  }
}
