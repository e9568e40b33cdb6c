package io.hamlet.agent.demo;

import io.hamlet.client.Event;
import io.hamlet.client.EventStream;
import io.hamlet.client.Ham;
import io.hamlet.client.WatchSpec;
import io.hamlet.client.Watched;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The events of one entity as they come. */
final class Observed implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final EventStream stream;
  private final List<String> seen = new ArrayList<>();

  /** From the position of the tree on: nothing that happens after that is missed. */
  Observed(Ham ham, String entity) throws InterruptedException {
    String position = ham.read("", 0).position();
    this.stream = ham.watch(WatchSpec.ALL.path(entity).from(position));
  }

  /** Waits for an event of that kind, at that object. */
  Event await(String path, String event) throws InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      Watched next = stream.poll(Duration.ofNanos(end - System.nanoTime()));
      if (next == null) {
        throw new DemoFailure(
            "no "
                + event
                + " of "
                + path
                + " within "
                + PATIENCE.toSeconds()
                + " s; seen: "
                + seen);
      }
      if (next instanceof Event happened) {
        seen.add(happened.path() + " " + happened.event());
        if (happened.path().equals(path) && happened.event().equals(event)) {
          return happened;
        }
      }
    }
  }

  /** Every event so far, as {@code path event}. */
  List<String> seen() {
    return List.copyOf(seen);
  }

  @Override
  public void close() {
    stream.close();
  }
}
