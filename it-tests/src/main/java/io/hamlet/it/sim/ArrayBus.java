package io.hamlet.it.sim;

import io.hamlet.manager.port.ClusterBus;
import io.hamlet.manager.port.Member;
import io.hamlet.manager.port.Subject;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A bus of arrays: nothing moves but by {@link #deliver}, {@link #drop} and {@link #look}, so that
 * a test decides what is late, lost or noticed, and when. Keeps the promises of {@link ClusterBus}
 * and no more. One thread.
 */
public final class ArrayBus {
  /** So many bytes may wait for one member, and so many messages. */
  private static final int MOST_WAITING_BYTES = 4 << 20;

  private static final Comparator<Member> ORDER =
      Comparator.comparing(Member::node).thenComparing(Member::role).thenComparing(Member::pid);

  private record Letter(Member from, Subject subject, byte[] message) {}

  /** From one process to another. */
  private record Way(Member from, Member to) {}

  private final Map<Member, Seat> seats = new TreeMap<>(ORDER);
  private final Map<Way, ArrayDeque<Letter>> ways = new LinkedHashMap<>();
  private final Set<String> cuts = new TreeSet<>();

  /** A member that has joined; others see it at their next {@link #look}. */
  public ClusterBus join(Member self, ClusterBus.Listener listener) {
    Seat seat = new Seat(self, listener);
    seats.put(self, seat);
    return seat;
  }

  /** It is gone, and what was on its way to it. */
  public void leave(Member member) {
    seats.remove(member);
    ways.keySet().removeIf(way -> way.to().equals(member));
  }

  /** Nothing gets from one node to another any more, and in that direction only. */
  public void cut(String from, String to) {
    cuts.add(from + ">" + to);
  }

  /** As it was; what was sent meanwhile is late, not lost. */
  public void heal(String from, String to) {
    cuts.remove(from + ">" + to);
  }

  /** Everybody notices who is there: nodes that are cut off in either direction are not. */
  public void look() {
    for (Seat seat : List.copyOf(seats.values())) {
      List<Member> seen = seats.keySet().stream().filter(m -> meets(seat.self, m)).toList();
      if (!seen.equals(seat.view)) {
        seat.view = seen;
        ways.keySet().removeIf(w -> w.from().equals(seat.self) && !seen.contains(w.to()));
        seat.listener.viewChanged(seen);
      }
    }
  }

  /** The next message of every way that is not cut arrives; answers how many did. */
  public int deliver() {
    int arrived = 0;
    for (Way way : List.copyOf(ways.keySet())) {
      ArrayDeque<Letter> letters = ways.get(way);
      Seat to = seats.get(way.to());
      if (letters != null && !letters.isEmpty() && to != null && isOpen(way)) {
        Letter letter = letters.poll();
        arrived++;
        to.listener.received(letter.from(), letter.subject(), letter.message());
      }
    }
    return arrived;
  }

  /** What waits on a way is lost, as when a connection breaks; answers how many messages. */
  public int drop(Member from, Member to) {
    ArrayDeque<Letter> lost = ways.remove(new Way(from, to));
    return lost == null ? 0 : lost.size();
  }

  private boolean isOpen(Way way) {
    return !cuts.contains(way.from().node() + ">" + way.to().node());
  }

  private boolean meets(Member a, Member b) {
    return isOpen(new Way(a, b)) && isOpen(new Way(b, a));
  }

  private final class Seat implements ClusterBus {
    private final Member self;
    private final Listener listener;
    private List<Member> view = new ArrayList<>();

    Seat(Member self, Listener listener) {
      this.self = self;
      this.listener = listener;
    }

    @Override
    public boolean send(Member to, Subject subject, byte[] message) {
      if (message.length > MOST_BYTES) {
        throw new IllegalArgumentException(message.length + " bytes are more than " + MOST_BYTES);
      }
      if (seats.get(self) != this || !view.contains(to)) {
        return false;
      }
      ArrayDeque<Letter> letters = ways.computeIfAbsent(new Way(self, to), w -> new ArrayDeque<>());
      long waiting = letters.stream().mapToLong(l -> l.message().length).sum();
      if (waiting + message.length > MOST_WAITING_BYTES) {
        return false;
      }
      letters.add(new Letter(self, subject, message.clone()));
      return true;
    }

    @Override
    public List<Member> view() {
      return view;
    }
  }
}
