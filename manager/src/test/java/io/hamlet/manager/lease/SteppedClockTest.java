package io.hamlet.manager.lease;

import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.core.lease.LeaseTimes;
import io.hamlet.core.lease.VoterSet;
import io.hamlet.core.model.Moment;
import io.hamlet.manager.port.Hearing;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A time of day that jumps against the clock that leases go by: nobody knows which of the two is
 * wrong, as after a guest stood still together with its clock (architecture.md 4). Node n among the
 * voters a, b and n; only the clocks of n jump.
 */
class SteppedClockTest {
  private static final long MS = 1_000_000;
  private static final LeaseTimes TIMES = LeaseTimes.DEFAULT;
  private static final VoterSet THREE = new VoterSet(3, List.of("a", "b", "n"));

  private final TreeMap<String, LeaseDesk> desks = new TreeMap<>();
  private final Deque<Runnable> onTheWay = new ArrayDeque<>();
  private long now = 1_000_000 * MS;
  private long ahead;

  @BeforeEach
  void begin() {
    for (String node : THREE.voters()) {
      LeaseDesk desk = desk(node);
      desks.put(node, desk);
      desk.voters(THREE);
      desk.reign(1, 1);
      desk.ready();
      turn(node);
    }
    pass(TIMES.interval());
    assertThat(mayStart()).isTrue();
  }

  private LeaseDesk desk(String node) {
    return new LeaseDesk(
        node,
        LeaseKey.of(new byte[0], "village"),
        TIMES,
        () -> clock(node),
        new Wire(node),
        () -> {},
        new Deaf(),
        notice -> {});
  }

  private Moment clock(String node) {
    return new Moment(now, now + (node.equals("n") ? ahead : 0));
  }

  private void turn(String node) {
    desks.get(node).turn(clock(node));
  }

  /** All that was said reaches whom it was for, and so do the answers. */
  private void carry() {
    while (!onTheWay.isEmpty()) {
      onTheWay.poll().run();
    }
  }

  private void pass(long nanos) {
    for (long end = now + nanos; now < end; ) {
      now += 10 * MS;
      desks.keySet().forEach(this::turn);
      carry();
    }
  }

  private boolean mayStart() {
    return desks.get("n").lease().mayStart(now);
  }

  private boolean holds() {
    return desks.get("n").lease().holds(now);
  }

  private void step(long nanos) {
    now += MS;
    ahead += nanos;
    turn("n");
  }

  @ParameterizedTest
  @ValueSource(longs = {150, -150, 10_000, -3_600_000, 3_600_000})
  void aStepIsADoubtInWhichNothingIsStarted(long millis) {
    onTheWay.clear();
    step(millis * MS);
    assertThat(mayStart()).isFalse();
    assertThat(onTheWay).as("it asks at once").isNotEmpty();
    assertThat(desks.get("n").lease().end()).isEqualTo(now + TIMES.doubt());
  }

  /** A bad time server steps all at once, and must not stop what all of them run. */
  @Test
  void whoIsAnsweredAfterItHasItsLeaseAgainAndStopsNothing() {
    step(3_600_000 * MS);
    carry();
    assertThat(mayStart()).isTrue();
    pass(2 * TIMES.leaseNanos());
    assertThat(mayStart()).as("the step is not found again at each turn").isTrue();
  }

  @Test
  void whoIsNotAnsweredAfterItHasNothingButTheRestOfTheDoubt() {
    step(-10_000 * MS);
    onTheWay.clear();
    now += TIMES.doubt() - 1;
    assertThat(holds()).isTrue();
    now += 1;
    assertThat(holds()).isFalse();
  }

  /** What was said before it stood still proves nothing after it. */
  @Test
  void whatWasAskedBeforeTheStepDoesNotEndTheDoubt() {
    now += TIMES.interval();
    turn("n");
    List<Runnable> before = List.copyOf(onTheWay);
    onTheWay.clear();
    step(10_000 * MS);
    onTheWay.clear();
    onTheWay.addAll(before);
    carry();
    assertThat(mayStart()).isFalse();
    assertThat(desks.get("n").lease().end()).isEqualTo(now + TIMES.doubt());
  }

  /** 500 ppm is the most that a clock is slewed by; 50 ms a turn is a hundred times that. */
  @Test
  void aClockThatIsSlewedIsNoDoubt() {
    for (int i = 0; i < 100; i++) {
      now += 10 * MS;
      step(50 * MS);
      assertThat(mayStart()).isTrue();
      carry();
    }
  }

  /** Says things that arrive when the test has them carried. */
  private final class Wire implements Post {
    private final SocketAddress self;

    Wire(String node) {
      this.self = InetSocketAddress.createUnresolved(node, 1);
    }

    @Override
    public void toNode(String node, ByteBuffer datagram) {
      // The desk writes its next one into the same buffer.
      byte[] bytes = Arrays.copyOfRange(datagram.array(), datagram.position(), datagram.limit());
      onTheWay.add(() -> desks.get(node).received(ByteBuffer.wrap(bytes), self));
    }

    @Override
    public void toSlot(String node, SocketAddress slot, ByteBuffer datagram) {
      toNode(node, datagram);
    }

    @Override
    public void back(SocketAddress source, ByteBuffer datagram) {
      toNode(((InetSocketAddress) source).getHostString(), datagram);
    }
  }

  private static final class Deaf implements Hearing.Listener {
    @Override
    public void silent(String node, long incarnation) {}

    @Override
    public void heardAgain(String node, long incarnation) {}
  }
}
