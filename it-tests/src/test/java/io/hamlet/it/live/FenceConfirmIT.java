package io.hamlet.it.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.it.live.PowerSwitch.Mode;
import io.hamlet.it.live.SoleProgram.Start;
import io.hamlet.it.live.Wounds.Fault;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Under {@code fencing: required}, with nothing that works: the word of a person frees it. */
class FenceConfirmIT {
  @TempDir Path directory;
  private Siege siege;
  private PowerSwitch power;

  @RegisterExtension
  final Evidence evidence = Evidence.ofAll(() -> siege == null ? null : siege.cluster());

  @AfterEach
  void lift() {
    if (siege != null) {
      siege.close();
    }
  }

  @Test
  void whatWaitsForAFenceIsFreedByWhoKnowsThatItsNodeIsDown() throws Exception {
    Needs.hosts();
    siege =
        new Siege(
            directory,
            "3s",
            (hosts, program) -> {
              power = new PowerSwitch(directory.resolve("power"), hosts, program.file());
              return power.options("required");
            });
    Operator operator = new Operator(siege.cluster().node("a"), directory);
    siege.move("c");
    Start first = siege.owner("");
    operator
        .json("--latest simulate --lose c")
        .is(0)
        .with("\"why\":\"when c is turned off, or confirmed to be down\"");
    operator.text("fence confirm c").is(1).explains("'c' is up");

    power.turn(Mode.FAILS);
    siege.befall("c", Fault.CUT_OFF);
    Until.isTrue("it was tried to turn it off", () -> power.calls().size() > 2);
    Until.isTrue("its own lease is over", () -> !Proc.isAlive(first.pid()));
    operator.text("--latest cat *:web").is(0).with("Runs on         : c");
    assertThat(siege.program().last()).as("nobody else starts it").isEqualTo(first);

    operator.json("fence confirm c").is(0).has("confirmed", "ack");

    Start second = siege.owner("c");
    assertThat(second.token()).isGreaterThan(first.token());
    operator.awaitMember("c", "\"state\":\"lost\"", "\"fenced\":true");
    siege.program().assertOneOwner();
  }
}
