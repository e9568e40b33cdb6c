package io.hamlet.it.sim;

import io.hamlet.manager.port.ClusterBus;
import io.hamlet.manager.port.Member;
import io.hamlet.manager.port.Subject;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * The bus of a {@link ClusterWorld}, with the worst manners that {@link ClusterBus} allows: from
 * one member to another messages come late, in order and once, or not at all; a cut is noticed late
 * or never. One thread.
 */
final class SimWires {
  private static final long MILLI = 1_000_000L;
  private static final Comparator<Member> ORDER =
      Comparator.comparing(Member::node).thenComparing(Member::role).thenComparing(Member::pid);

  private final Agenda agenda;
  private final SimClock clock;
  private final Random chance;
  private final Predicate<String> stopped;
  private final Map<Member, Seat> seats = new TreeMap<>(ORDER);
  private final Map<String, Way> ways = new TreeMap<>();
  private final Set<String> cuts = new TreeSet<>();
  private int lostPerMille;
  private long slowest = MILLI;
  private boolean noticing;

  private record Letter(Member from, Subject subject, byte[] message) {}

  /** From one process to another. */
  private static final class Way {
    final ArrayDeque<Letter> letters = new ArrayDeque<>();
    boolean moving;
  }

  /**
   * @param stopped whether the processes of a node stand still, so that nothing arrives there
   */
  SimWires(Agenda agenda, SimClock clock, Random chance, Predicate<String> stopped) {
    this.agenda = agenda;
    this.clock = clock;
    this.chance = chance;
    this.stopped = stopped;
  }

  /** How bad it is from now on. */
  void weather(int nowLostPerMille, long nowSlowestNanos) {
    lostPerMille = nowLostPerMille;
    slowest = nowSlowestNanos;
  }

  ClusterBus join(Member self, ClusterBus.Listener listener) {
    Seat seat = new Seat(self, listener);
    seats.put(self, seat);
    noticeSoon(20);
    return seat;
  }

  void leave(Member member) {
    seats.remove(member);
    ways.keySet().removeIf(way -> way.endsWith(">" + key(member)));
    noticeSoon(20);
  }

  /** Nothing gets from one node to another, and in that direction only. */
  void cut(String from, String to) {
    cuts.add(from + ">" + to);
    noticeSoon(2_000);
  }

  void heal() {
    cuts.clear();
    noticeSoon(500);
  }

  boolean isCut(String from, String to) {
    return cuts.contains(from + ">" + to);
  }

  /** Somebody stands still for long enough to be missed, or goes on. */
  void missed() {
    noticeSoon(2_000);
  }

  private void noticeSoon(int mostMillis) {
    agenda.plan(clock.nanos() + (1 + chance.nextInt(mostMillis)) * MILLI, this::notice);
  }

  /** Everybody that can learns who is there. */
  private void notice() {
    if (noticing) {
      return;
    }
    noticing = true;
    for (Seat seat : List.copyOf(seats.values())) {
      if (!stopped.test(seat.self.node())) {
        seat.look();
      }
    }
    noticing = false;
  }

  private boolean meets(Member a, Member b) {
    boolean there = !stopped.test(b.node()) || a.node().equals(b.node());
    return there && !isCut(a.node(), b.node()) && !isCut(b.node(), a.node());
  }

  private void move(String name, Member to) {
    agenda.plan(
        clock.nanos() + 50_000L + (long) (chance.nextDouble() * slowest), () -> arrive(name, to));
  }

  private void arrive(String name, Member to) {
    Way way = ways.get(name);
    Seat seat = seats.get(to);
    if (way == null || seat == null || way.letters.isEmpty()) {
      if (way != null) {
        way.moving = false;
      }
      return;
    }
    Letter letter = way.letters.peek();
    if (isCut(letter.from().node(), to.node()) || stopped.test(to.node())) {
      agenda.plan(clock.nanos() + 20 * MILLI, () -> arrive(name, to));
      return;
    }
    way.letters.poll();
    if (way.letters.isEmpty()) {
      way.moving = false;
    } else {
      move(name, to);
    }
    if (chance.nextInt(1_000) >= lostPerMille) {
      seat.listener.received(letter.from(), letter.subject(), letter.message());
    }
  }

  private static String key(Member member) {
    return member.node() + "/" + member.pid();
  }

  private final class Seat implements ClusterBus {
    private final Member self;
    private final Listener listener;
    private List<Member> view;

    Seat(Member self, Listener listener) {
      this.self = self;
      this.listener = listener;
      this.view = List.of(self);
    }

    private void look() {
      List<Member> seen = seats.keySet().stream().filter(m -> meets(self, m)).toList();
      if (!seen.equals(view) && seats.get(self) == this) {
        view = seen;
        // What waited for those who are gone is lost.
        String mine = key(self) + ">";
        ways.keySet()
            .removeIf(
                w -> w.startsWith(mine) && seen.stream().noneMatch(m -> w.equals(mine + key(m))));
        listener.viewChanged(seen);
      }
    }

    @Override
    public boolean send(Member to, Subject subject, byte[] message) {
      if (message.length > MOST_BYTES) {
        throw new IllegalArgumentException(message.length + " bytes are more than " + MOST_BYTES);
      }
      if (seats.get(self) != this || !view.contains(to)) {
        return false;
      }
      String name = key(self) + ">" + key(to);
      Way way = ways.computeIfAbsent(name, n -> new Way());
      way.letters.add(new Letter(self, subject, message.clone()));
      if (!way.moving) {
        way.moving = true;
        move(name, to);
      }
      return true;
    }

    @Override
    public List<Member> view() {
      return view;
    }
  }
}
