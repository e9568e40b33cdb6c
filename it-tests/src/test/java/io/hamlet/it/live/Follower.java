package io.hamlet.it.live;

import io.hamlet.client.Event;
import io.hamlet.client.EventStream;
import io.hamlet.client.Ham;
import io.hamlet.client.HamException;
import io.hamlet.client.WatchSpec;
import io.hamlet.client.Watched;
import io.hamlet.manager.wire.Position;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A watcher that looks away every so often, and goes on at the position it had, with whatever
 * manager answers. Thread-safe.
 */
final class Follower implements AutoCloseable {
  private static final int LOOK = 50;
  private static final Duration PATIENCE = Duration.ofMillis(500);
  private final Ham ham;
  private final WatchSpec wanted;
  private final Thread thread;
  private final List<Watched> told = new ArrayList<>();
  private final List<String> faults = new ArrayList<>();
  private volatile boolean over;

  private Follower(Ham ham, WatchSpec wanted) {
    this.ham = ham.withTimeout(Duration.ofSeconds(5));
    this.wanted = wanted;
    this.thread = Thread.ofPlatform().name("follower").start(this::follow);
  }

  /** Of one tree, from the oldest known on. */
  static Follower of(Ham ham, String tree) {
    return new Follower(ham.connectNode(tree), WatchSpec.ALL);
  }

  /** Of all trees, from the oldest known on. */
  static Follower ofAll(Ham ham) {
    return new Follower(ham, WatchSpec.ALL.onAllNodes());
  }

  private void follow() {
    String position = "0";
    while (!over) {
      try (EventStream events = ham.watch(wanted.from(position))) {
        for (int i = 0; i < LOOK && !over; i++) {
          Watched next = events.poll(PATIENCE);
          if (next != null) {
            position = next.position();
            note(next);
          } else if (events.isOver()) {
            break;
          }
        }
      } catch (HamException e) {
        boolean forNow =
            e instanceof HamException.Unavailable
                || e instanceof HamException.Refused no
                    && no.reason() == HamException.Reason.UNAVAILABLE;
        if (!forNow) {
          fault(e);
        }
        pause();
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  private synchronized void note(Watched next) {
    told.add(next);
    notifyAll();
  }

  private synchronized void fault(HamException e) {
    faults.add(e.toString());
  }

  private synchronized void pause() {
    try {
      wait(20);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  synchronized List<Event> events() {
    return told.stream().filter(Event.class::isInstance).map(Event.class::cast).toList();
  }

  synchronized List<String> positions() {
    return events().stream().map(Event::position).toList();
  }

  /** What was told before and after each gap. */
  synchronized List<String> gaps() {
    List<String> all = new ArrayList<>();
    for (int i = 0; i < told.size(); i++) {
      if (told.get(i) instanceof Watched.Gap) {
        all.add(shown(i - 2) + " " + shown(i - 1) + " " + shown(i) + " " + shown(i + 1));
      }
    }
    return all;
  }

  private String shown(int i) {
    if (i < 0 || i >= told.size()) {
      return "nothing";
    }
    Watched w = told.get(i);
    String at = wanted.everywhere() ? "" : " " + Position.parse(w.position()).id();
    return (w instanceof Event e ? e.path() + " " + e.event() : w.getClass().getSimpleName()) + at;
  }

  synchronized List<String> faults() {
    return List.copyOf(faults);
  }

  @Override
  public void close() {
    over = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
