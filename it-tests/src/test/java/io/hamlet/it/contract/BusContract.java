package io.hamlet.it.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hamlet.it.TestAbreast;
import io.hamlet.manager.port.ClusterBus;
import io.hamlet.manager.port.Member;
import io.hamlet.manager.port.Member.Role;
import io.hamlet.manager.port.Subject;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;

/** What every bus does. */
abstract class BusContract {
  record Received(Member from, Subject subject, byte[] message) {}

  /** One member and all it heard. */
  static class Station implements ClusterBus.Listener {
    final List<Received> received = new CopyOnWriteArrayList<>();
    final List<List<Member>> views = new CopyOnWriteArrayList<>();
    ClusterBus bus;
    Member self;

    @Override
    public void received(Member from, Subject subject, byte[] message) {
      received.add(new Received(from, subject, message));
    }

    @Override
    public void viewChanged(List<Member> members) {
      views.add(members);
    }

    Member sees(String node, Role role) {
      return bus.view().stream()
          .filter(m -> m.node().equals(node) && m.role() == role)
          .findFirst()
          .orElse(null);
    }
  }

  protected abstract Station join(String node, Role role);

  /** It is gone from one moment to the next. */
  protected abstract void kill(Station station);

  /** Waits for the fact, and lets everything happen meanwhile. */
  protected abstract void until(String awaited, Callable<Boolean> fact);

  @TestAbreast
  void membersSeeEachOtherInOrder() {
    List<Station> all = List.of(join("b", Role.HAM), join("a", Role.GUARDIAN), join("a", Role.HAM));
    for (Station station : all) {
      until("all are seen", () -> station.bus.view().size() == 3);
      assertThat(station.bus.view())
          .extracting(m -> m.node() + " " + m.role())
          .containsExactly("a HAM", "a GUARDIAN", "b HAM");
      assertThat(station.bus.view()).contains(station.self);
      until("it was told", () -> station.views.getLast().equals(station.bus.view()));
      assertThat(station.bus.ham("a").role()).isEqualTo(Role.HAM);
      assertThat(station.bus.ham("c")).isNull();
    }
  }

  @TestAbreast
  void messagesArriveInOrderOnceAndUnharmed() {
    Station a = join("a", Role.HAM);
    Station b = join("b", Role.HAM);
    until("they meet", () -> a.sees("b", Role.HAM) != null && b.sees("a", Role.HAM) != null);
    Subject[] subjects = {Subject.ERRAND, Subject.REPLICA, Subject.PROPOSAL, Subject.CLUSTER_TREE};
    int count = 1000;
    for (int i = 0; i < count; i++) {
      byte[] message = new byte[4 + (i * 37) % 3000];
      Arrays.fill(message, (byte) i);
      ByteBuffer.wrap(message).putInt(i);
      assertThat(a.bus.send(b.self, subjects[i % 4], message)).isTrue();
    }
    until("all arrive", () -> b.received.size() == count);
    for (int i = 0; i < count; i++) {
      Received one = b.received.get(i);
      assertThat(ByteBuffer.wrap(one.message()).getInt()).isEqualTo(i);
      assertThat(one.message()).hasSize(4 + (i * 37) % 3000).endsWith(tail(i));
      assertThat(one.subject()).isEqualTo(subjects[i % 4]);
      assertThat(one.from()).isEqualTo(a.self);
    }
  }

  private static byte[] tail(int i) {
    byte[] tail = new byte[(i * 37) % 3000];
    Arrays.fill(tail, (byte) i);
    return tail;
  }

  @TestAbreast
  void whatItSendsToItselfArrivesToo() {
    Station a = join("a", Role.HAM);
    until("it sees itself", () -> a.sees("a", Role.HAM) != null);
    assertThat(a.bus.send(a.self, Subject.ERRAND, new byte[] {1})).isTrue();
    assertThat(a.bus.send(a.self, Subject.ERRAND, new byte[] {2})).isTrue();
    until("both arrive", () -> a.received.size() == 2);
    assertThat(a.received).extracting(r -> r.message()[0]).containsExactly((byte) 1, (byte) 2);
  }

  @TestAbreast
  void theLongestMessageArrivesAndALongerOneIsRefused() {
    Station a = join("a", Role.HAM);
    Station b = join("b", Role.HAM);
    until("they meet", () -> a.sees("b", Role.HAM) != null && b.sees("a", Role.HAM) != null);
    byte[] longest = new byte[ClusterBus.MOST_BYTES];
    Arrays.fill(longest, (byte) 7);
    assertThat(a.bus.send(b.self, Subject.REPLICA, longest)).isTrue();
    assertThat(a.bus.send(b.self, Subject.REPLICA, new byte[0])).isTrue();
    assertThatThrownBy(
            () -> a.bus.send(b.self, Subject.REPLICA, new byte[ClusterBus.MOST_BYTES + 1]))
        .isInstanceOf(IllegalArgumentException.class);
    until("both arrive", () -> b.received.size() == 2);
    assertThat(b.received.get(0).message()).isEqualTo(longest);
    assertThat(b.received.get(1).message()).isEmpty();
  }

  @TestAbreast
  void whoIsGoneIsSeenGoneAndCannotBeSentTo() {
    Station a = join("a", Role.HAM);
    Station b = join("b", Role.HAM);
    Station c = join("c", Role.HAM);
    for (Station station : List.of(a, b, c)) {
      until("all are seen", () -> station.bus.view().size() == 3);
    }
    kill(b);
    for (Station station : List.of(a, c)) {
      until("b is seen gone", () -> station.sees("b", Role.HAM) == null);
      assertThat(station.bus.send(b.self, Subject.ERRAND, new byte[1])).isFalse();
    }
    assertThat(a.bus.send(c.self, Subject.ERRAND, new byte[] {9})).isTrue();
    until("the others go on", () -> c.received.size() == 1);
    assertThat(b.bus.send(a.self, Subject.ERRAND, new byte[1])).isFalse();
  }

  @TestAbreast
  void whoTakesNothingCostsNobodyElse() throws Exception {
    Station a = join("a", Role.HAM);
    Station b = stuck("b");
    Station c = join("c", Role.HAM);
    until("all are seen", () -> a.bus.view().size() == 3);
    byte[] much = new byte[100_000];
    int taken = 0;
    while (taken < 1000 && a.bus.send(b.self, Subject.REPLICA, much)) {
      taken++;
    }
    assertThat(taken).as("what waits has a bound").isBetween(10, 999);
    assertThat(a.bus.send(c.self, Subject.ERRAND, new byte[] {1})).isTrue();
    until("c gets its message", () -> c.received.size() == 1);
    loosen(b);
  }

  /** A member that takes no message until it is let loose. */
  protected abstract Station stuck(String node);

  protected abstract void loosen(Station station);
}
