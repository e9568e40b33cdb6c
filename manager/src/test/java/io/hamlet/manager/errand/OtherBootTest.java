package io.hamlet.manager.errand;

import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.core.model.Deed;
import io.hamlet.core.model.EffectId;
import io.hamlet.core.model.EntryId;
import io.hamlet.core.model.Errand;
import io.hamlet.core.model.ErrandId;
import io.hamlet.core.model.Moment;
import io.hamlet.core.recovery.Effect;
import io.hamlet.core.recovery.HamEvent;
import io.hamlet.manager.port.ClusterBus;
import io.hamlet.manager.port.Courier;
import io.hamlet.manager.port.Member;
import io.hamlet.manager.port.Subject;
import io.hamlet.manager.port.Ticker;
import io.hamlet.manager.wire.ErrandMessage;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Leader a asks d for what only the boot of d that the cluster knows may do. */
class OtherBootTest {
  private static final Member D = new Member("d", Member.Role.HAM, 4, 1, "");
  private static final EffectId ID = new EffectId(new EntryId(0, 0, 135), 3);

  private final List<ErrandMessage.Body> sent = new ArrayList<>();
  private final List<HamEvent> answers = new ArrayList<>();
  private boolean leads = true;
  private final Errands errands =
      new Errands(
          new Errands.Own("a", "boot-a", event -> {}, pid -> null), bus(), new Still(), () -> {});

  private ClusterBus bus() {
    return new ClusterBus() {
      @Override
      public boolean send(Member to, Subject subject, byte[] message) {
        return sent.add(ErrandMessage.decode(message).body());
      }

      @Override
      public List<Member> view() {
        return List.of(D);
      }
    };
  }

  /** Time stands still. */
  private static final class Still implements Ticker {
    @Override
    public Moment now() {
      return new Moment(1_000_000_000L, 0);
    }

    @Override
    public void await(long untilBootNanos) {}

    @Override
    public void ring() {}
  }

  private void ask() {
    Courier courier = errands.ofCluster(answers::add, () -> leads);
    Errand errand = new Errand(new Deed.Execute(List.of("/bin/true"), "d"), List.of());
    courier.ask(new Effect.Ask(ID, errand, 2_000_000_000L, true, "boot-d"));
  }

  private void hear(String boot, ErrandMessage.Body body) {
    byte[] message = new ErrandMessage(7_000_000_000L, boot, body).encode();
    errands.received(D, Subject.ERRAND, message);
  }

  private ErrandMessage.Body.Ask asked() {
    return (ErrandMessage.Body.Ask) sent.getLast();
  }

  private void expired(String boot) {
    ErrandId id = new ErrandId("*", ID);
    hear(boot, new ErrandMessage.Body.Report(id, new Errand.Fate.Expired(), asked().attempt()));
  }

  @Test
  void whoSpeaksFromTheBootThatIsKnownIsAskedInItsTime() {
    hear("boot-d", new ErrandMessage.Body.Greeting(false));
    ask();
    assertThat(asked().boot()).isEqualTo("boot-d");
    assertThat(asked().expiry()).isEqualTo(8_000_000_000L);
  }

  /** What was heard may be old: it has joined in a later boot, and says so. */
  @Test
  void whoWasLastHeardFromAnotherBootIsAskedWhichItIs() {
    hear("boot-before", new ErrandMessage.Body.Greeting(false));
    ask();
    assertThat(asked().boot()).isEmpty();
    expired("boot-d");
    assertThat(asked().boot()).isEqualTo("boot-d");
    assertThat(answers).isEmpty();
  }

  /** Found by a seed: after a pause of its host, d had done it and forgotten that. */
  @Test
  void whoLeadsNoMoreAsksNobodyAgain() {
    hear("boot-d", new ErrandMessage.Body.Greeting(false));
    ask();
    leads = false;
    expired("boot-d");
    errands.viewChanged(List.of(D));
    errands.due(1_900_000_000L);
    assertThat(sent.stream().filter(ErrandMessage.Body.Ask.class::isInstance)).hasSize(1);
    assertThat(answers).isEmpty();
    leads = true;
    errands.due(2_900_000_000L);
    assertThat(sent.stream().filter(ErrandMessage.Body.Ask.class::isInstance)).hasSize(2);
  }

  /** It has rebooted, and has not joined again. */
  @Test
  void whoIsInAnotherBootDoesNothing() {
    ask();
    assertThat(asked().boot()).isEmpty();
    expired("boot-later");
    assertThat(sent).hasSize(1);
    assertThat(answers)
        .containsExactly(new HamEvent.Failed(ID, "outcome unknown: node 'd' began anew"));
  }
}
