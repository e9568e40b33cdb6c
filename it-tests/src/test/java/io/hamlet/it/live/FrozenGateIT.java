package io.hamlet.it.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.client.Proof;
import io.hamlet.it.live.SoleProgram.Start;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * A start that is under way when its node loses all but its leash: the gate has its whole script,
 * and waits in the kernel, where no signal reaches it.
 */
class FrozenGateIT {
  @TempDir Path directory;
  private Siege siege;

  @RegisterExtension
  final Evidence evidence = Evidence.ofAll(() -> siege == null ? null : siege.cluster());

  @AfterEach
  void lift() {
    if (siege != null) {
      siege.close();
    }
  }

  /** It would have been the second owner, long after the leash had done its work. */
  @Test
  void whoHasItsScriptAndWakesLateNeverRunsIt() throws Exception {
    Needs.hosts();
    siege = new Siege(directory, "6s");
    LiveNode c = siege.cluster().node("c");
    LiveTest.restarted(c.ham().connectNode("*").named("web"));
    siege.move("c");
    Start first = siege.owner("");
    Start second;
    List<Long> gates;
    try (Freezer freezer = new Freezer()) {
      gates = Until.given("gates stand ready", () -> gatesBeside(first));
      for (long gate : gates) {
        freezer.freeze(gate);
      }
      Until.isTrue("they stand still", () -> gates.stream().allMatch(FrozenGateIT::waits));

      Proc.signal("KILL", first.pid());
      Until.isTrue("one is told what to run", () -> gates.stream().anyMatch(this::hasScript));
      c.killEverything();
      second = siege.owner("c");
      assertThat(gates).as("nothing could end them so far").allMatch(Proc::isAlive);
      assertThat(Handover.why(siege.cluster().node(second.node()), "web"))
          .as("the leash cannot say that nothing is left")
          .isEqualTo(Handover.proved("c", Proof.LEASE));
    }
    assertThat(gates).noneMatch(Proc::isAlive);
    c.launch();
    siege.heal();
    assertThat(siege.program().running()).isEqualTo(second);
    List<Start> starts = siege.program().starts();
    assertThat(starts.subList(starts.size() - 2, starts.size())).containsExactly(first, second);
    siege.program().assertOneOwner();
  }

  /** The shells that wait in the cgroup of what must stop; null: none yet. */
  private static List<Long> gatesBeside(Start start) throws IOException {
    String own = Files.readString(Path.of("/proc/" + start.pid() + "/cgroup"));
    String path = own.lines().filter(l -> l.startsWith("0::")).findFirst().orElseThrow();
    assertThat(path).contains("/must-stop/");
    Path home = Path.of(Needs.cgroup() + path.substring("0::".length()));
    List<Long> gates = new ArrayList<>();
    try (Stream<Path> homes = Files.list(home.getParent())) {
      for (Path each : homes.filter(h -> !h.equals(home) && Files.isDirectory(h)).toList()) {
        Files.readAllLines(each.resolve("cgroup.procs")).forEach(p -> gates.add(Long.valueOf(p)));
      }
    }
    return gates.isEmpty() ? null : gates;
  }

  private static boolean waits(long pid) {
    return Proc.state(pid).equals("D");
  }

  /** There is something in the pipe that it reads from. */
  private boolean hasScript(long gate) {
    try (FileInputStream pipe = new FileInputStream("/proc/" + gate + "/fd/0")) {
      return pipe.available() > 0;
    } catch (IOException e) {
      throw new AssertionError("the gate " + gate + " has no pipe", e);
    }
  }
}
