package io.hamlet.client;

import io.hamlet.client.internal.GroupCalls;
import java.time.Duration;
import java.util.Base64;
import java.util.List;

/**
 * A supervised program as a member of a group. All members hear the same, in the same order: who
 * joins, who leaves, for whatever reason, and what is said. The first that a member hears is that
 * it has joined itself, the last that it has left. An instance that is started anew, or whose node
 * was lost to the others, joins again.
 *
 * <p>For one reader at a time; all else is thread-safe.
 */
public final class SamGroup implements AutoCloseable {
  /** So long one message is at most, in bytes. */
  public static final int MOST_BYTES = 1 << 10;

  private static final String PATH = ".group/";

  private final GroupCalls calls;
  private final GroupCalls.Place place;
  private final EventStream events;
  private boolean over;

  SamGroup(GroupCalls calls, GroupCalls.Place place) throws SamException, InterruptedException {
    this.calls = calls;
    this.place = place;
    this.events = calls.watch(place.tree(), PATH + calls.group(), place.position());
  }

  public String name() {
    return calls.group();
  }

  /** This program as the others see it, {@code node:program#instance}. */
  public String member() {
    return place.member();
  }

  /**
   * Says something to all members, this one included. It is in the order when this comes back.
   *
   * @param message at most {@link #MOST_BYTES}
   */
  public void send(byte[] message) throws SamException, InterruptedException {
    calls.send(message);
  }

  /** The next, however long that takes; null: this program is no member any more, or closed. */
  public SamGroupEvent next() throws InterruptedException {
    return over ? null : of(events.next());
  }

  /** The next, or null if none comes in time, or as above. */
  public SamGroupEvent poll(Duration atMost) throws InterruptedException {
    long end = System.nanoTime() + atMost.toNanos();
    while (!over) {
      Watched watched = events.poll(Duration.ofNanos(Math.max(0, end - System.nanoTime())));
      if (watched == null) {
        return null;
      }
      if (!(watched instanceof Watched.CaughtUp)) {
        return of(watched);
      }
    }
    return null;
  }

  /** True when nothing more will be heard. */
  public boolean isOver() {
    return over || events.isOver();
  }

  /** Leaves; what was said before can still be read. */
  public void leave() throws SamException, InterruptedException {
    calls.leave();
  }

  /** Hears no more. It stays a member until it leaves or ends. */
  @Override
  public void close() {
    over = true;
    events.close();
  }

  private SamGroupEvent of(Watched first) throws InterruptedException {
    Watched watched = first;
    while (watched instanceof Watched.CaughtUp) {
      watched = events.next();
    }
    if (watched instanceof Event event) {
      return event(event);
    }
    return watched == null
        ? null
        : new SamGroupEvent(SamGroupEvent.Kind.MISSED, "", "", List.of(), new byte[0]);
  }

  private SamGroupEvent event(Event e) {
    List<String> lines = e.detail().isEmpty() ? List.of() : e.detail().lines().toList();
    return switch (e.event()) {
      case "group-message" ->
          new SamGroupEvent(
              SamGroupEvent.Kind.MESSAGE,
              e.reason(),
              "",
              List.of(),
              Base64.getDecoder().decode(e.detail()));
      case "group-joined" ->
          new SamGroupEvent(SamGroupEvent.Kind.JOINED, e.reason(), "", lines, new byte[0]);
      default -> {
        if (e.reason().equals(place.member())) {
          close();
        }
        yield new SamGroupEvent(
            SamGroupEvent.Kind.LEFT,
            e.reason(),
            lines.getFirst(),
            lines.subList(1, lines.size()),
            new byte[0]);
      }
    };
  }

  /** A group as it is now. */
  public record View(String name, List<String> members) {
    public View {
      members = List.copyOf(members);
    }
  }
}
