package io.hamlet.it.sim;

import io.hamlet.manager.port.ClusterBus;
import io.hamlet.manager.port.Member;
import io.hamlet.manager.port.Subject;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The wires between nodes, rougher than a bus may be: each message can be lost, doubled or late.
 * Messages are numbered in the order in which they are sent. One thread.
 */
public final class SimBus {
  private static final long WAY = 1_000_000L;

  private final Agenda agenda;
  private final Map<Member, Listener> members = new TreeMap<>(ORDER);
  private final Fates fates;
  private boolean silent;
  private boolean apart;
  private long now;
  private int sent;

  private static final Comparator<Member> ORDER =
      Comparator.comparing(Member::node).thenComparing(Member::role).thenComparing(Member::pid);

  /** What becomes of a message. */
  public interface Fates {
    /** All is well. */
    Fates KIND = number -> new long[] {0};

    /** By how much more than usual each copy of it is late, in nanoseconds; empty: it is lost. */
    long[] of(int number);
  }

  /** A process on it. */
  interface Listener extends ClusterBus.Listener {}

  SimBus(Agenda agenda, Fates fates) {
    this.agenda = agenda;
    this.fates = fates;
  }

  /** How many messages were sent. */
  int count() {
    return sent;
  }

  void time(long nanos) {
    now = nanos;
  }

  /** Nothing arrives, and nobody notices. */
  void silent(boolean value) {
    silent = value;
  }

  /** Nodes do not see each other. */
  void apart(boolean value) {
    apart = value;
    tell();
  }

  ClusterBus join(Member self, Listener listener) {
    members.put(self, listener);
    tell();
    return new ClusterBus() {
      @Override
      public boolean send(Member to, Subject subject, byte[] message) {
        return members.containsKey(self) && SimBus.this.send(self, to, subject, message);
      }

      @Override
      public List<Member> view() {
        return seenBy(self);
      }
    };
  }

  void leave(Member member) {
    members.remove(member);
    tell();
  }

  private List<Member> seenBy(Member self) {
    List<Member> seen = new ArrayList<>(members.keySet());
    seen.removeIf(member -> apart && !member.node().equals(self.node()));
    return seen;
  }

  private void tell() {
    for (Map.Entry<Member, Listener> each : List.copyOf(members.entrySet())) {
      each.getValue().viewChanged(seenBy(each.getKey()));
    }
  }

  private boolean send(Member from, Member to, Subject subject, byte[] message) {
    if (!seenBy(from).contains(to)) {
      return false;
    }
    long[] copies = fates.of(sent++);
    if (!silent) {
      for (long late : copies) {
        agenda.plan(now + WAY + late, () -> arrive(from, to, subject, message));
      }
    }
    return true;
  }

  private void arrive(Member from, Member to, Subject subject, byte[] message) {
    Listener listener = members.get(to);
    if (listener != null) {
      listener.received(from, subject, message);
    }
  }
}
