package io.hamlet.manager.member;

import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.core.cluster.Leash;
import io.hamlet.core.lease.LeaseEvent;
import io.hamlet.core.lease.LeaseMachine;
import io.hamlet.core.lease.LeaseState;
import io.hamlet.core.lease.LeaseTimes;
import io.hamlet.core.lease.VoterSet;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Nothing starts for the cluster without a lease, and without a leash that would end it. */
class TetherTest {
  private static final LeaseTimes TIMES = LeaseTimes.DEFAULT;
  private static final Leash LEASH = new Leash(1, 1, "ab".repeat(32));

  private final Cord cord = new Cord();
  private long now;
  private LeaseState lease = LeaseState.begin("a", TIMES, 0);
  private boolean committed = true;
  private Tether tether;

  @BeforeEach
  void renewed() {
    tether = new Tether(() -> lease, TIMES, 0, () -> now, leash -> committed);
    apply(new LeaseEvent.SetChanged(0, new VoterSet(1, List.of("a", "b", "c"))));
    acknowledge();
    tether.hold(cord);
    tether.bind(true);
  }

  private void apply(LeaseEvent event) {
    lease = LeaseMachine.apply(lease, event).state();
  }

  private void acknowledge() {
    apply(new LeaseEvent.Acked("b", lease.number(), 1));
    apply(new LeaseEvent.Acked("c", lease.number(), 1));
  }

  @Test
  void aLeaseAndAnArmedLeashThatTheVotersKnowAreEnough() {
    assertThat(tether.refusal()).isNull();
    assertThat(cord.deadline).isEqualTo(TIMES.leaseNanos() + TIMES.rope(0));
  }

  @Test
  void withoutALeaseNothingStarts() {
    now = TIMES.leaseNanos() - 1;
    assertThat(tether.refusal()).isNull();
    now++;
    assertThat(tether.refusal()).contains("no majority");
  }

  @Test
  void whoseClockIsDoubtedStartsNothing() {
    now = 1_000_000;
    apply(new LeaseEvent.Doubted(now));
    assertThat(lease.holds(now)).isTrue();
    assertThat(tether.refusal()).contains("no majority");
    acknowledge();
    assertThat(tether.refusal()).isNull();
  }

  @Test
  void whileTheVotersDoNotKnowTheLeashNothingStarts() {
    committed = false;
    assertThat(tether.refusal()).contains("do not know the leash");
  }

  @Test
  void whileTheLeashIsNotArmedNothingStarts() {
    tether.bind(false);
    assertThat(tether.refusal()).contains("not armed");
  }

  /** A lease that is over moves no deadline: what runs is ended by then, or by the leash. */
  @Test
  void theLeashFollowsTheLeaseForAsLongAsThatIsHeld() {
    long first = cord.deadline;
    now = 250_000_000;
    apply(new LeaseEvent.Tick(now));
    acknowledge();
    tether.follow();
    assertThat(cord.deadline).isEqualTo(first + now);
    now += TIMES.leaseNanos();
    tether.follow();
    assertThat(cord.deadline).isEqualTo(first + 250_000_000);
  }

  /** A leash that does at once what it is told. */
  private static final class Cord implements Rope {
    private long deadline = NOTHING;

    @Override
    public void cover(long until) {
      deadline = until;
    }

    @Override
    public Standing standing() {
      return new Standing(LEASH, deadline);
    }

    @Override
    public String trouble() {
      return "";
    }
  }
}
