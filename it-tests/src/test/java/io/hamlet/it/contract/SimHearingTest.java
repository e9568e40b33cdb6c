package io.hamlet.it.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.it.sim.SimAir;
import io.hamlet.manager.lease.LeaseDesk;
import io.hamlet.manager.lease.LeaseKey;
import io.hamlet.manager.port.Hearing;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

/** The datagrams of the simulator, with clocks that differ by hours. */
class SimHearingTest extends HearingContract {
  private static final long STEP = 1_000_000L;
  private static final long HOUR = 3_600_000_000_000L;

  private final SimAir air = new SimAir(7);

  @Override
  protected Manager start(
      String node, LeaseKey key, Hearing.Listener listener, List<String> notices) {
    air.weather(2, 5, 3_000_000L);
    SimAir.Station station = air.start(node, key, TIMES, ahead(node), listener, notices::add);
    return new Manager() {
      @Override
      public LeaseDesk desk() {
        return station.desk();
      }

      @Override
      public void kill() {
        station.kill();
      }
    };
  }

  private static long ahead(String node) {
    return (node.charAt(0) - 'a') * 5 * HOUR;
  }

  @Override
  protected void cut(String from, String to) {
    air.cut(from, to);
  }

  @Override
  protected void heal() {
    air.heal();
  }

  @Override
  protected long now(String node) {
    return air.now() + ahead(node);
  }

  @Override
  protected void until(String awaited, Callable<Boolean> fact) throws Exception {
    for (int i = 0; !fact.call(); i++) {
      if (i > 60_000) {
        throw new AssertionError("a minute passed in vain: " + awaited);
      }
      air.pass(STEP);
    }
  }

  /** Nobody's answers come through; on real sockets a cut of that kind needs hosts. */
  @Test
  void whoHearsNobodyIsTakenForSilentAndBackWhenItIsAnswered() throws Exception {
    three();
    cut("a", "c");
    cut("b", "c");
    until("c's lease is over", () -> !desk("c").lease().holds(now("c")));
    until(
        "a and b tell", () -> told().contains("a: c 1 silent") && told().contains("b: c 1 silent"));
    assertThat(desk("a").heardUnder("c", 1)).isFalse();
    assertThat(desk("a").lease().holds(now("a"))).isTrue();
    heal();
    until(
        "a and b hear it",
        () -> told().contains("a: c 1 heard") && told().contains("b: c 1 heard"));
    until("c holds its lease again", () -> desk("c").lease().holds(now("c")));
  }
}
