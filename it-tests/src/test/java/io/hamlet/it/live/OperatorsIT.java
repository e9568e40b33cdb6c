package io.hamlet.it.live;

import static io.hamlet.it.live.Operator.awaitStart;
import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.it.live.SoleProgram.Start;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * What people do to nodes that are well, with {@code ham} and nothing else: standby, drain,
 * maintenance. All tests share three nodes.
 */
class OperatorsIT {
  private static final Pattern MAINTENANCE =
      Pattern.compile("\"scope\":\"(.*?)\",\"owner\":\"(.*?)\"");
  private static final Pattern ATTACHED =
      Pattern.compile("\"path\":\"([^\"/]*)\",\"type\":\"ATTACHED\"");

  @TempDir static Path directory;
  private static LiveCluster cluster;
  private static Operator operator;

  @RegisterExtension static final Evidence EVIDENCE = Evidence.ofAll(() -> cluster);

  @BeforeAll
  static void start() {
    Needs.root();
    // On a busy machine a node that is well must not be lost.
    cluster = LiveCluster.start(directory, 3, "--lease", "6s");
    operator = new Operator(cluster.node("c"), directory);
  }

  @AfterAll
  static void stop() {
    if (cluster != null) {
      cluster.close();
    }
  }

  /** Leaves no duty, no maintenance and no program behind. */
  @AfterEach
  void undo() throws Exception {
    for (String node : List.of("a", "b", "c")) {
      operator.text("active " + node).is(0);
    }
    String going = list(operator);
    for (Matcher m = MAINTENANCE.matcher(going); m.find(); ) {
      String which = "--scope " + m.group(1) + " --owner " + m.group(2);
      operator.text("maintenance clear " + which).is(0);
    }
    String all = operator.json("--node * ls").is(0).out();
    for (Matcher m = ATTACHED.matcher(all); m.find(); ) {
      operator.text("detach *:" + m.group(1)).is(0);
    }
  }

  @Test
  void drainEmptiesANodeAndActiveLetsItHaveSomethingAgain() throws Exception {
    SoleProgram web = operator.attach("drained", "--prefer a,b,c");
    Start first = awaitStart(web, 1, "a");

    operator.json("drain a").is(0).has("node", "duty", "ack").with("\"duty\":\"drain\"");

    awaitStart(web, 2, "b");
    assertThat(Proc.isAlive(first.pid())).isFalse();
    for (LiveNode node : cluster.nodes()) {
      operator.at(node).awaitMember("a", "\"draining\":true", "\"held\":0");
    }
    operator.text("status").is(0).with("being drained");
    operator.text("move drained a").is(1).explains("being drained");

    operator.json("active a").is(0).has("node", "duty", "ack");
    operator.awaitMember("a", "\"draining\":false");
    assertThat(web.starts()).as("it fails back only if it is to").hasSize(2);
    operator.json("move drained a").is(0).has("entity", "to", "ack");
    awaitStart(web, 3, "a");
    operator.awaitTold(
        "a: draining , ", "b:drained relocated from a, given back on a", "a: active , ");
    operator
        .text("--latest why *:drained")
        .is(0)
        .with("a draining")
        .with("b:drained relocated from a");
    web.assertOneOwner();
  }

  @Test
  void whatIsDrainedRunsOnWhereNobodyElseCanTakeIt() throws Exception {
    SoleProgram web = operator.attach("lonely", "--prefer a");
    Start first = awaitStart(web, 1, "a");
    operator.text("standby b").is(0);
    operator.text("standby c").is(0);

    operator.text("drain a").is(0).with("being drained");

    operator.awaitMember("a", "\"draining\":true", "\"held\":1");
    operator.text("--latest cat *:lonely").is(0).with("Runs on         : a");
    assertThat(web.running()).isEqualTo(first);
    operator.text("active b").is(0);
    awaitStart(web, 2, "b");
    web.assertOneOwner();
  }

  @Test
  void standbyEmptiesANodeAtOnceAlsoWhereNobodyElseCanTakeIt() throws Exception {
    SoleProgram web = operator.attach("rested", "--prefer a");
    Start first = awaitStart(web, 1, "a");
    operator.text("standby b").is(0);
    operator.text("standby c").is(0);

    operator.json("standby a").is(0).has("node", "duty", "ack").with("\"duty\":\"standby\"");

    Until.isTrue("it is stopped", () -> !Proc.isAlive(first.pid()));
    Until.isTrue(
        "it is said why it runs nowhere",
        () ->
            operator
                .text("cat *:rested")
                .out()
                .contains("a is on standby, b is on standby, c is on standby"));
    operator.awaitMember("a", "\"standby\":true", "\"held\":0");
    operator.text("active c").is(0);
    awaitStart(web, 2, "c");
    operator.awaitTold("a: standby , ", "c: active , ");
    web.assertOneOwner();
  }

  /** By two owners at once; whoever is lifted last gives it free. */
  @Test
  void whatDiesInMaintenanceStaysDownUntilTheLastOneIsLifted() throws Exception {
    SoleProgram web = operator.attach("tended", "--prefer a,b,c");
    Start first = awaitStart(web, 1, "a");
    maintain("--scope tended --owner alice --for 1h --reason", "new disk");
    maintain("--scope node:a --owner bob --reason", "a fan");
    String alice =
        "\"scope\":\"entity:tended\",\"owner\":\"alice\",\"reason\":\"new disk\",\"until\":\"2";
    String bob = "\"scope\":\"node:a\",\"owner\":\"bob\",\"reason\":\"a fan\",\"until\":null";
    for (LiveNode node : cluster.nodes()) {
      Operator there = operator.at(node);
      Until.isTrue(
          node.name() + " knows of both, and all know the same",
          () -> {
            assertThat(list(there)).contains(alice).contains(bob).isEqualTo(list(operator));
            return true;
          });
      there.json("status").is(0).with(alice).with(bob);
      there.text("status").is(0).with("maintenance of node:a by bob: a fan");
    }
    operator
        .text("--latest cat *:tended")
        .is(0)
        .with("Maintenance     : entity:tended by alice: new disk, until 2")
        .with("Maintenance     : node:a by bob: a fan\n");
    operator.text("move tended b").is(1).explains("in maintenance");

    Proc.signal("KILL", first.pid());
    Until.isTrue(
        "it is given back", () -> operator.text("cat *:tended").out().contains("unplaced"));

    // The same again by the same owner is a new end.
    maintain("--scope tended --owner alice --for 2s --reason", "new disk");
    Until.isTrue("alice's is lifted by itself", () -> !list(operator).contains("alice"));
    for (LiveNode node : cluster.nodes()) {
      Operator there = operator.at(node);
      Until.isTrue(node.name() + " knows of that", () -> !list(there).contains("alice"));
      assertThat(list(there)).contains(bob);
    }
    assertThat(web.starts()).as("bob's goes on").containsExactly(first);

    operator
        .json("maintenance clear --scope node:a --owner bob")
        .is(0)
        .has("scope", "owner", "ack");
    awaitStart(web, 2, "b");
    Until.isTrue("nothing is left", () -> list(operator).contains("\"maintenances\":[]"));
    operator.text("maintenance clear --scope node:a --owner bob").is(1).explains("no maintenance");
    tellsOfMaintenance();
    web.assertOneOwner();
  }

  private void tellsOfMaintenance() throws Exception {
    operator.awaitTold(
        "a: maintenance-begun node:a by bob, a fan",
        "*:tended maintenance-ended entity:tended by alice, its time is over",
        "a: maintenance-ended node:a by bob, cleared");
    operator
        .text("--latest why *:tended")
        .is(0)
        .with("tended maintenance-begun entity:tended by alice new disk, ends in ")
        .with("a maintenance-begun node:a by bob a fan")
        .with("tended maintenance-changed entity:tended by alice new disk, ends in ")
        .with("tended unplaced in maintenance: ")
        .with("a maintenance-ended node:a by bob cleared");
  }

  @Test
  void whatHasARuleIsRestartedWhereItRunsInMaintenanceToo() throws Exception {
    SoleProgram web = operator.attach("ruled", "--prefer a");
    operator.text("condition *:ruled/died death --rearm").is(0);
    operator.text("action *:ruled/died/again restart --rearm").is(0);
    Start first = awaitStart(web, 1, "a");
    Until.isTrue(
        "its node has the rule", () -> cluster.node("a").object("*ruled/died/again") != null);
    maintain("--owner carol --reason", "all of it");

    Proc.signal("KILL", first.pid());

    awaitStart(web, 2, "a");
    operator.text("maintenance clear --scope cluster --owner carol").is(0);
    operator.awaitTold(
        "*: maintenance-begun cluster by carol, all of it",
        "*: maintenance-ended cluster by carol, cleared");
    web.assertOneOwner();
  }

  @Test
  void whatCannotBeIsRefusedWithTheReason() throws Exception {
    operator.text("drain nobody").is(1).explains("there is no node 'nobody'");
    operator.text("standby nobody").is(1).explains("there is no node 'nobody'");
    operator.text("maintenance set --scope node:nobody").is(1).explains("nobody");
    operator.text("maintenance set --scope nothing").is(1).explains("there is no entity 'nothing'");
    operator.text("maintenance clear --owner nobody").is(1).explains("no maintenance");
    operator.text("maintenance dance").is(64).explains("dance");
    operator.text("simulate").is(64).explains("--lose");
    operator.text("simulate --lose nobody").is(1).explains("there is no node 'nobody'");
    operator.text("fence confirm a").is(1).explains("'a' is up");
  }

  private static void maintain(String options, String reason) throws Exception {
    operator.json("maintenance set " + options, reason).is(0).has("scope", "owner", "ack");
  }

  private static String list(Operator there) throws Exception {
    return there.json("maintenance list").is(0).has("maintenances").out();
  }
}
