package io.hamlet.it.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.it.sim.ArrayBus;
import io.hamlet.manager.port.Member;
import io.hamlet.manager.port.Member.Role;
import io.hamlet.manager.port.Subject;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

class ArrayBusTest extends BusContract {
  private final ArrayBus wires = new ArrayBus();
  private int pids = 100;

  @Override
  protected Station join(String node, Role role) {
    Station station = new Station();
    station.self = new Member(node, role, pids++, 1, "");
    station.bus = wires.join(station.self, station);
    return station;
  }

  @Override
  protected void kill(Station station) {
    wires.leave(station.self);
  }

  @Override
  protected void until(String awaited, Callable<Boolean> fact) {
    try {
      for (int i = 0; i < 10_000 && !fact.call(); i++) {
        wires.look();
        wires.deliver();
      }
      assertThat(fact.call()).as(awaited).isTrue();
    } catch (Exception e) {
      throw new AssertionError(awaited, e);
    }
  }

  @Override
  protected Station stuck(String node) {
    return join(node, Role.HAM); // Nothing is delivered while the test fills what waits.
  }

  @Override
  protected void loosen(Station station) {
    wires.deliver();
  }

  @Test
  void aOneWayCutHoldsWhatIsSentThatWay() {
    Station a = join("a", Role.HAM);
    Station b = join("b", Role.HAM);
    wires.look();
    wires.cut("a", "b");
    assertThat(a.bus.send(b.self, Subject.ERRAND, new byte[1])).isTrue();
    assertThat(b.bus.send(a.self, Subject.ERRAND, new byte[1])).isTrue();
    assertThat(wires.deliver()).isEqualTo(1);
    assertThat(wires.deliver()).isZero();
    wires.heal("a", "b");
    assertThat(wires.deliver()).isEqualTo(1);
    assertThat(a.received).hasSize(1);
    assertThat(b.received).hasSize(1);
  }

  @Test
  void aCutThatIsNoticedLosesWhatWasUnderWay() {
    Station a = join("a", Role.HAM);
    Station b = join("b", Role.HAM);
    wires.look();
    wires.cut("a", "b");
    a.bus.send(b.self, Subject.ERRAND, new byte[1]);
    wires.look();
    assertThat(a.bus.view()).containsExactly(a.self);
    assertThat(a.bus.send(b.self, Subject.ERRAND, new byte[1])).isFalse();
    wires.heal("a", "b");
    wires.look();
    assertThat(wires.deliver()).isZero();
    assertThat(wires.drop(a.self, b.self)).isZero();
    assertThat(a.bus.view()).containsExactly(a.self, b.self);
  }
}
