package io.hamlet.it.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.client.Event;
import io.hamlet.client.EventStream;
import io.hamlet.client.Ham;
import io.hamlet.client.WatchSpec;
import io.hamlet.client.Watched;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** An open watch that writes down all it is told, on a thread of its own. Thread-safe. */
final class Witness implements AutoCloseable {
  private final EventStream stream;
  private final List<Watched> told = new ArrayList<>();
  private final Thread thread;

  /** From the position on. */
  Witness(Ham ham, String position) throws InterruptedException {
    stream = ham.watch(WatchSpec.ALL.from(position));
    thread = Thread.ofPlatform().daemon().name("witness").start(this::listen);
  }

  private void listen() {
    try {
      for (Watched next = stream.next(); next != null; next = stream.next()) {
        synchronized (told) {
          told.add(next);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Events so far, in order. */
  List<Event> events() {
    synchronized (told) {
      return told.stream().filter(Event.class::isInstance).map(Event.class::cast).toList();
    }
  }

  /** How often that happened to that object. */
  long count(String path, String event) {
    return events().stream().filter(e -> e.path().equals(path) && e.event().equals(event)).count();
  }

  /** Without gap or repeat, and with everything that another watch from the same place is told. */
  void assertExact(Ham ham, String position) throws InterruptedException {
    synchronized (told) {
      assertThat(told).noneMatch(Watched.Gap.class::isInstance);
    }
    List<String> known = new ArrayList<>();
    try (EventStream all = ham.watch(WatchSpec.ALL.from(position).noFollow())) {
      for (Watched w = all.next(); w != null; w = all.next()) {
        if (w instanceof Event e) {
          known.add(e.position());
        }
      }
    }
    Until.isTrue(
        "the open watch is told all there is",
        Duration.ofSeconds(20),
        () -> positions().containsAll(known));
    List<String> seen = positions();
    Set<String> once = new HashSet<>(seen);
    assertThat(seen).hasSize(once.size());
  }

  private List<String> positions() {
    return events().stream().map(Event::position).toList();
  }

  @Override
  public void close() {
    stream.close();
  }
}
