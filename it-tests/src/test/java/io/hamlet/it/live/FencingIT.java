package io.hamlet.it.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hamlet.client.Cluster;
import io.hamlet.client.ClusterPolicy;
import io.hamlet.client.ClusterPolicy.QuorumLoss;
import io.hamlet.client.Condition;
import io.hamlet.client.ConditionSpec;
import io.hamlet.client.Deed;
import io.hamlet.client.Ham;
import io.hamlet.client.HamException;
import io.hamlet.client.Proof;
import io.hamlet.client.Rearm;
import io.hamlet.it.live.PowerSwitch.Mode;
import io.hamlet.it.live.SoleProgram.Start;
import io.hamlet.it.live.Wounds.Fault;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * Lost nodes are turned off by a command, on hosts of their own; node c is the one that suffers.
 */
class FencingIT {
  /** On a busy machine a takeover may take longer than one of the default length has left. */
  private static final String LEASE = "3s";

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

  /** With a power switch for all of its nodes. */
  private void begin(String rule) throws Exception {
    Needs.hosts();
    siege =
        new Siege(
            directory,
            LEASE,
            (hosts, program) -> {
              power = new PowerSwitch(directory.resolve("power"), hosts, program.file());
              return power.options(rule);
            });
  }

  private Cluster cluster() {
    return siege.cluster().node("a").ham().withTimeout(Duration.ofSeconds(30)).cluster();
  }

  private Ham star() {
    return siege.cluster().node("a").ham().connectNode("*");
  }

  private Start webOnC() throws Exception {
    siege.move("c");
    return siege.owner("");
  }

  /** Of whoever leads. */
  private void awaitNotice(String words) {
    Until.isTrue(
        "it is told: " + words,
        () ->
            siege.cluster().node(siege.leader("a")).ham().status().notices().stream()
                .anyMatch(n -> n.contains(words)));
  }

  @Test
  void whatIsRequiredIsWaitedForUntilItSucceedsOrSomebodyVouches() throws Exception {
    begin("required");
    Start first = webOnC();
    power.turn(Mode.HANGS);
    siege.befall("c", Fault.CUT_OFF);
    awaitNotice("the node c cannot be turned off: fence_hosts off: no answer within 1000 ms");
    power.turn(Mode.FAILS);
    awaitNotice("the node c cannot be turned off: fence_hosts off: exit 1: nothing happens");
    Until.isTrue("its own lease is over", () -> !Proc.isAlive(first.pid()));
    Until.isTrue("it is tried again and again", () -> power.calls().size() > 3);
    assertThat(power.calls()).containsOnly("off c");
    assertThat(siege.program().last()).as("nobody starts it").isEqualTo(first);

    cluster().confirmFenced("c");
    Start second = siege.owner("c");
    assertThat(second.token()).isGreaterThan(first.token());
    assertProved("web", second, Proof.FENCED);
    siege.heal();

    Start third = webOnC();
    List<Long> managers = siege.cluster().node("c").managers();
    power.turn(Mode.WORKS);
    siege.befall("c", Fault.CUT_OFF);
    Start fourth = siege.owner("c");
    assertThat(power.seen()).as("before it runs elsewhere").endsWith(" " + third.pid());
    assertThat(managers).noneMatch(Proc::isAlive);
    assertThat(fourth.token()).isGreaterThan(third.token());
    assertProved("web", fourth, Proof.FENCED);
    siege.program().assertOneOwner();
  }

  @Test
  void whenUnsureOnlyWhatALeaseCannotEndIsTurnedOff() throws Exception {
    begin("when-unsure");
    Path told = directory.resolve("told");
    Condition lost =
        star()
            .named(".global")
            .condition("lost", ConditionSpec.nodeLost(Proof.LEASE).rearm(Rearm.ON));
    String note = "echo \"$HAM_REASON\" >>\"$0\"";
    lost.action("tell", Deed.execute("/bin/sh", "-c", note, told.toString()), Rearm.ON);
    Start web = webOnC();
    siege.befall("c", Fault.CUT_OFF);
    Start moved = siege.owner("c");
    assertThat(moved.token()).isGreaterThan(web.token());
    assertProved("web", moved, Proof.LEASE);
    Until.isTrue("the proof is told", () -> !Files.readString(told).isEmpty());
    assertThat(Files.readAllLines(told)).containsExactly("proof lease");
    assertThat(power.calls()).isEmpty();
    siege.heal();

    cannotBeKilled();
    isKept();
  }

  /** It waits in the kernel: nobody else starts it, until it is gone or its node is off. */
  private void cannotBeKilled() throws Exception {
    power.turn(Mode.FAILS);
    try (DeafDisk disk = DeafDisk.mount(directory.resolve("disk"))) {
      Claimant deep = new Claimant(directory.resolve("deep"));
      Start first = stuckOnC(deep, disk);
      awaitNotice("the node c cannot be turned off");
      assertThatThrownBy(() -> cluster().move("deep", "a"))
          .isInstanceOf(HamException.Refused.class)
          .hasMessageContaining("cannot be stopped on 'c'");
      assertThat(deep.claims()).as("nobody else has started it").containsOnly(first);

      disk.vanish();
      Start second = deep.after(first.token());
      assertThat(second.node()).as("where it was to go").isEqualTo("b");
      assertThat(Handover.why(siege.cluster().node("b"), "deep"))
          .isEqualTo(Handover.givenBack("c"));
      assertThat(Proc.isAlive(first.pid())).isFalse();
    }
    cluster().move("deep", "a");
    Until.isTrue("it can be moved again", () -> stateOf("deep").equals("up"));
  }

  @Test
  void whatCannotBeKilledIsFreeWhenItsNodeIsOff() throws Exception {
    begin("when-unsure");
    power.turn(Mode.FAILS);
    try (DeafDisk disk = DeafDisk.mount(directory.resolve("disk"))) {
      Claimant deep = new Claimant(directory.resolve("deep"));
      Start first = stuckOnC(deep, disk);
      awaitNotice("the node c cannot be turned off");
      assertThat(deep.claims()).as("nobody else has started it").containsOnly(first);

      power.takesAlong(disk.server());
      power.turn(Mode.WORKS);
      Start second = deep.after(first.token());
      assertThat(second.node()).as("where it was to go").isEqualTo("b");
      assertThat(Proc.isAlive(first.pid())).as("it was turned off before").isFalse();
      assertProved("deep", second, Proof.FENCED);
    }
  }

  /** An entity that waits in the kernel there, and was to go to b. */
  private Start stuckOnC(Claimant deep, DeafDisk disk) throws Exception {
    // A node that has just come back may be up for all, and not be given anything yet.
    siege.move("c");
    ClusterPolicy policy = new ClusterPolicy(List.of("c"), QuorumLoss.STOP, false);
    cluster().attach("deep", deep.command("c", disk.file()), policy);
    Start first = deep.on("c");
    disk.awaitCall();
    cluster().move("deep", "b");
    Until.isTrue("it is stuck", () -> stateOf("deep").equals("stuck"));
    assertThat(Proc.state(first.pid())).isEqualTo("D");
    return first;
  }

  private void isKept() throws Exception {
    Claimant kept = new Claimant(directory.resolve("kept"));
    ClusterPolicy policy = new ClusterPolicy(List.of("c"), QuorumLoss.KEEP, false);
    cluster().attach("kept", kept.command(), policy);
    Start first = kept.on("c");
    power.turn(Mode.WORKS);
    siege.befall("c", Fault.CUT_OFF);
    Start second = kept.after(first.token());
    assertThat(second.node()).isNotEqualTo("c");
    assertProved("kept", second, Proof.FENCED);
    assertThat(Proc.isAlive(first.pid())).as("it was turned off before").isFalse();
  }

  private void assertProved(String entity, Start now, Proof proof) {
    assertThat(Handover.why(siege.cluster().node(now.node()), entity))
        .isEqualTo(Handover.proved("c", proof));
  }

  private String stateOf(String entity) throws InterruptedException {
    return star().read(entity, 0).objects().getFirst().state();
  }
}
