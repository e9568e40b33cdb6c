package io.hamlet.manager.lease;

import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.core.lease.LeaseEvent;
import io.hamlet.core.lease.LeaseMachine;
import io.hamlet.core.lease.LeaseState;
import io.hamlet.core.lease.LeaseTimes;
import io.hamlet.core.lease.VoterSet;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Node a of three, with a lease of 1.2 s: a turn each 200 ms. */
class LapseTest {
  private static final long MILLI = 1_000_000;
  private static final LeaseTimes TIMES = new LeaseTimes(1_200 * MILLI);
  private static final VoterSet SET = new VoterSet(1, List.of("a", "b", "c"));

  private final List<String> log = new ArrayList<>();
  private final Lapse lapse = new Lapse(log::add);
  private LeaseState lease = LeaseState.begin("a", TIMES, 0);

  private void turn(long millis, String... voters) {
    long now = millis * MILLI;
    lapse.turn(lease, now);
    apply(new LeaseEvent.SetChanged(now, SET));
    apply(new LeaseEvent.Tick(now));
    long number = lease.number();
    for (String voter : voters) {
      lapse.look(lease, now);
      apply(new LeaseEvent.Acked(voter, number, SET.index()));
    }
    lapse.look(lease, now);
  }

  private void apply(LeaseEvent event) {
    lease = LeaseMachine.apply(lease, event).state();
  }

  @Test
  void whoNeverHadALeaseIsNoNews() {
    turn(0);
    turn(200);
    assertThat(log).isEmpty();
  }

  @Test
  void silenceIsToldWithWhoAnswered() {
    turn(0, "a", "c");
    for (int now = 200; now <= 1_200; now += 200) {
      turn(now, "a");
    }
    assertThat(log)
        .containsExactly(
            "this node lost its lease; a renewal wants 2 of [a, b, c]; 1200 ms ago: [a, c];"
                + " 1000 ms ago: [a]; 800 ms ago: [a]; 600 ms ago: [a]; 400 ms ago: [a];"
                + " 200 ms ago: [a]");
    turn(1_400, "a", "b");
    assertThat(log).hasSize(2).last().isEqualTo("this node has a lease again, after 200 ms");
  }

  @Test
  void standingStillIsToldWithHowLong() {
    turn(0, "a", "c");
    turn(500);
    turn(700);
    assertThat(log).hasSize(1);
    assertThat(log.getFirst())
        .startsWith(
            "this node lost its lease; its clock was doubted 200 ms ago, for it stood still for"
                + " 300 ms; a renewal wants 2 of ");
  }

  @Test
  void fencedIsToldOnce() {
    turn(0, "a", "c");
    apply(new LeaseEvent.Fenced(100 * MILLI));
    turn(200);
    turn(400);
    assertThat(log)
        .containsExactly("this node was fenced: what it ran for the cluster goes elsewhere");
  }
}
