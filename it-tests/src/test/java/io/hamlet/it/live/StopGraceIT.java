package io.hamlet.it.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.it.live.SoleProgram.Start;
import io.hamlet.it.live.Wounds.Fault;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What may not go on is asked to end before it is killed, and others wait for that. */
class StopGraceIT {
  @TempDir Path directory;
  private Siege siege;

  @RegisterExtension
  final Evidence evidence = Evidence.ofAll(() -> siege == null ? null : siege.cluster());

  private Start webOnC(String grace) throws Exception {
    Needs.hosts();
    String[] options = {"--quorum-stop-grace", grace};
    siege = new Siege(directory, "1500ms", (hosts, program) -> options);
    siege.move("c");
    return siege.owner("");
  }

  @AfterEach
  void lift() {
    if (siege != null) {
      siege.close();
    }
  }

  @Test
  void whatIsCutOffWritesDownItsEndBeforeItRunsElsewhere() throws Exception {
    Start first = webOnC("3s");
    siege.befall("c", Fault.CUT_OFF);
    assertThat(siege.owner("c").token()).isGreaterThan(first.token());
    assertThat(siege.program().ends()).contains(first);
    siege.program().assertOneOwner();
    siege.heal();
  }

  /** The leash asks nobody. It waits as long as the managers would, and the others longer. */
  @Test
  void underFrozenManagersItIsKilledBeforeItRunsElsewhere() throws Exception {
    Start first = webOnC("1s");
    siege.befall("c", Fault.FROZEN);
    assertThat(siege.owner("c").token()).isGreaterThan(first.token());
    assertThat(siege.program().ends()).doesNotContain(first);
    siege.program().assertOneOwner();
    siege.heal();
  }

  @Test
  void withoutAGraceItIsKilledAtOnce() throws Exception {
    Start first = webOnC("0s");
    siege.befall("c", Fault.CUT_OFF);
    assertThat(siege.owner("c").token()).isGreaterThan(first.token());
    assertThat(siege.program().ends()).doesNotContain(first);
    siege.program().assertOneOwner();
  }
}
