package io.hamlet.manager.cluster;

import io.hamlet.manager.port.Member;
import io.hamlet.manager.wire.Hello;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Who is there: of those that the network reaches, the ones who have said who they are and belong
 * to us. Not thread-safe.
 *
 * @param <A> where a member is, as the network calls it
 */
final class Roster<A> {
  private static final Comparator<Member> ORDER =
      Comparator.comparing(Member::node).thenComparing(Member::role).thenComparing(Member::pid);

  /** Hellos that come before their sender is in the view are kept, as long as there are few. */
  private static final int MOST_EARLY = 64;

  private final A self;
  private final long old;
  private final Map<A, Hello> hellos = new LinkedHashMap<>();
  private Set<A> view;

  /** Who is heard without being in the view, and when it was. */
  private final Map<A, Long> apart = new LinkedHashMap<>();

  private Set<A> reach;

  /** Others of whose name there is a newer start: they are refused (architecture.md 4, CLONED). */
  private Set<A> older = Set.of();

  /**
   * @param old for so long one counts as heard, in nanoseconds
   */
  Roster(A self, Hello own, long old) {
    this.self = self;
    this.old = old;
    this.view = Set.of(self);
    this.reach = view;
    hellos.put(self, own);
  }

  /** What this member says of itself from now on. */
  void own(Hello own) {
    hellos.put(self, own);
    compare();
  }

  Hello own() {
    return hellos.get(self);
  }

  /** The network reaches these, this member included. */
  void view(Set<A> now) {
    view = now;
    apart.keySet().removeAll(now);
    reachAnew();
  }

  /** That one was heard, whether it is in the view or not. */
  void overheard(A other, long now) {
    if (!view.contains(other) && (apart.containsKey(other) || apart.size() < MOST_EARLY)) {
      apart.put(other, now);
      reachAnew();
    }
  }

  /** Who was heard too long ago is out of reach, unless it is in the view. */
  void forget(long now) {
    if (apart.values().removeIf(heard -> now - heard >= old)) {
      reachAnew();
    }
  }

  /** In the view, or heard beside it. */
  Set<A> reach() {
    return reach;
  }

  private void reachAnew() {
    Set<A> all = new LinkedHashSet<>(view);
    all.add(self);
    all.addAll(apart.keySet());
    reach = all;
    hellos.keySet().removeIf(a -> !a.equals(self) && !all.contains(a));
    compare();
  }

  void heard(A from, Hello hello) {
    if (!from.equals(self) && (reach.contains(from) || hellos.size() < reach.size() + MOST_EARLY)) {
      hellos.put(from, hello);
      compare();
    }
  }

  /** Looks for starts of one name; they are few, and this is not done for each message. */
  private void compare() {
    Map<String, Long> newest = new HashMap<>();
    for (Hello hello : reached()) {
      if (hello.member().role() == Member.Role.HAM) {
        newest.merge(hello.member().node(), hello.member().incarnation(), Math::max);
      }
    }
    Set<A> outdone = new HashSet<>();
    for (A at : reach) {
      Hello hello = hellos.get(at);
      if (hello != null && refusal(hello) == null && isOutdone(hello.member(), newest)) {
        outdone.add(at);
      }
    }
    older = outdone;
  }

  /** Who has not joined yet has no incarnation. */
  private static boolean isOutdone(Member member, Map<String, Long> newest) {
    return member.role() == Member.Role.HAM
        && member.incarnation() != 0
        && member.incarnation() < newest.get(member.node());
  }

  /** Whom the network reaches without a word of who it is. */
  List<A> unknown() {
    return reach.stream().filter(a -> !hellos.containsKey(a)).toList();
  }

  /** Who it is that is there, or null while that is not known, or for one that is refused. */
  Member member(A at) {
    Hello hello = hellos.get(at);
    return hello == null || refusal(hello) != null || isOlder(at) ? null : hello.member();
  }

  /** Where that process is, whatever its role has become meanwhile; null: out of reach. */
  A address(Member member) {
    for (Map.Entry<A, Hello> entry : hellos.entrySet()) {
      Member there = entry.getValue().member();
      if (reach.contains(entry.getKey())
          && there.isSameProcess(member)
          && refusal(entry.getValue()) == null
          && !isOlder(entry.getKey())) {
        return entry.getKey();
      }
    }
    return null;
  }

  /** Nobody refuses itself; the others do. */
  private boolean isOlder(A at) {
    return older.contains(at) && !at.equals(self);
  }

  /**
   * By node and role. Of two HAMs of one node, as after a takeover, only the later one is shown: by
   * incarnation, then by epoch.
   */
  List<Member> members() {
    Map<String, Hello> hams = new LinkedHashMap<>();
    List<Member> shown = new ArrayList<>();
    for (Hello hello : reached()) {
      if (hello.member().role() == Member.Role.HAM) {
        hams.merge(hello.member().node(), hello, Roster::later);
      } else {
        shown.add(hello.member());
      }
    }
    hams.values().forEach(h -> shown.add(h.member()));
    shown.sort(ORDER);
    return List.copyOf(shown);
  }

  /** Why somebody is refused or doubted, one sentence each, with what to do. */
  List<String> notices() {
    List<String> notices = new ArrayList<>();
    for (A at : reach) {
      Hello hello = hellos.get(at);
      String refusal = hello == null ? null : refusal(hello);
      if (refusal != null) {
        notices.add(refusal);
      } else if (older.contains(at)) {
        notices.add(cloned(hello.member(), newest(hello.member().node())));
      }
    }
    return notices;
  }

  /** The HAM that goes by that name. */
  private Member newest(String node) {
    return members().stream()
        .filter(m -> m.node().equals(node) && m.role() == Member.Role.HAM)
        .findFirst()
        .orElseThrow();
  }

  /** Of all that belong to us, this member included. */
  List<Hello> reached() {
    return reach.stream().map(hellos::get).filter(h -> h != null && refusal(h) == null).toList();
  }

  private static Hello later(Hello a, Hello b) {
    Comparator<Hello> order =
        Comparator.<Hello>comparingLong(h -> h.member().incarnation())
            .thenComparingLong(Hello::epoch)
            .thenComparingLong(Hello::sentBootNanos);
    return order.compare(a, b) < 0 ? b : a;
  }

  /** Null for one of us. Asked for each message, so nothing is put in words before it must be. */
  private String refusal(Hello hello) {
    Hello own = own();
    if (hello.version() != own.version()) {
      return ("%s speaks version %d of the bus and this node %d; it is refused until both run the"
              + " same Hamlet")
          .formatted(who(hello), hello.version(), own.version());
    }
    if (!hello.cluster().equals(own.cluster())) {
      return ("%s belongs to the cluster '%s' and not to '%s'; it is refused: give them other"
              + " ports, or one --cluster")
          .formatted(who(hello), hello.cluster(), own.cluster());
    }
    if (!hello.clusterId().isEmpty()
        && !own.clusterId().isEmpty()
        && !hello.clusterId().equals(own.clusterId())) {
      return ("%s belongs to another cluster of the same name (id %s, here %s); it is refused: stop"
              + " it, and remove its state if it shall join this one")
          .formatted(who(hello), hello.clusterId(), own.clusterId());
    }
    return null;
  }

  private static String who(Hello hello) {
    return "the bus: " + shown(hello.member());
  }

  private static String cloned(Member old, Member now) {
    return ("CLONED: two nodes call themselves '%s'; pid %d at %s is the older and is refused, pid"
            + " %d at %s is not; stop one of them")
        .formatted(old.node(), old.pid(), place(old), now.pid(), place(now));
  }

  private static String shown(Member member) {
    return "node '%s' (%s, pid %d, at %s)"
        .formatted(
            member.node(),
            member.role() == Member.Role.HAM ? "HAM" : "Guardian",
            member.pid(),
            place(member));
  }

  private static String place(Member member) {
    return member.address().isEmpty() ? "an unknown place" : member.address();
  }
}
