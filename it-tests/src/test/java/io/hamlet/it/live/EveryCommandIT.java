package io.hamlet.it.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.it.TestAbreast;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Every command of cli.md 2 and 3, called as a hand would call it. */
class EveryCommandIT extends LiveTest {
  private static final int USAGE = 64;
  private static final int NOBODY = 69;
  private static final String[] OBJECT = {
    "tree",
    "node",
    "path",
    "type",
    "pid",
    "restarts",
    "deaths",
    "beats_missed",
    "created",
    "last_death",
    "token"
  };

  @TestAbreast
  void theTreeIsBuiltChangedReadAndTakenDown() throws Exception {
    json("attach svc --keep-on-death --env A=b --cwd /tmp --limit nofile=100 -- /bin/sleep 1000")
        .is(0)
        .has("node", "path", "pid", "type", "ack")
        .with("\"type\":\"ATTACHED\"");
    assertThat(node.pid("svc")).isPositive();
    json("entity later --keep-on-death").is(0).has("node", "path");
    json("attach svc -- /bin/sleep 1").is(1);
    text("attach bad -- /no/such").is(1).explains("/no/such");
    conditions();
    actions();
    json("flags svc/dead").is(0).has("path", "flags", "names").with("\"rearm\"");
    json("flags svc/dead +keep-on-empty").is(0).with("keep-on-empty");
    json("flags svc/dead -keep-on-empty").is(0);
    json("flags svc/dead =rearm").is(0).with("[\"rearm\"]");
    json("disable svc --recurse").is(0);
    assertThat(node.object("svc/dead/note").enabled()).isFalse();
    json("enable svc --recurse").is(0);
    assertThat(node.object("svc/dead/note").enabled()).isTrue();
    json("state svc 3").is(0);
    json("raise svc 1 2 3").is(0);
    text("resume svc").is(1).explains("svc");
    json("cat svc").is(0).has(OBJECT);
    json("cat svc/dead").is(0).has(OBJECT);
    json("cat svc/dead/again").is(0).has(OBJECT);
    text("cat svc").is(0).with("Entity Pid");
    text("cat nobody").is(1).explains("nobody");
    assertThat(json("ls").is(0).out().strip()).startsWith("[").contains("\"path\":\"svc\"");
    text("ls svc").is(0).with("dead");
    text("tree").is(0).with("again");
    json("tree svc").is(0);
    json("remove svc/dead/wait --on-fail-of no").is(1);
    json("remove svc/dead/note").is(0);
    json("remove svc/state").is(0);
    json("remove later").is(0);
    long pid = node.pid("svc");
    json("detach svc").is(0);
    // It runs on, and is nobody's now.
    assertThat(Proc.isAlive(pid)).isTrue();
    Proc.signal("KILL", pid);
    assertThat(node.object("later")).isNull();
  }

  private void conditions() throws Exception {
    json("condition svc/dead death --rearm").is(0).has("node", "path", "type");
    for (String type :
        List.of(
            "abnormal-death",
            "detach",
            "attach",
            "restart",
            "beat-missed-low",
            "beat-missed-high",
            "any")) {
      json("condition svc/" + type + " " + type + " --keep-on-empty").is(0);
      assertThat(node.object("svc/" + type)).isNotNull();
    }
    json("condition svc/state state --from 1 --to-set 6 --invert-from --independent").is(0);
    json("condition svc/raise raise --type 1 --class 2 --severity 3 --no-wait").is(0);
    json("condition svc/dead death").is(1);
    text("condition svc/x no-such-type").is(USAGE).explains("no-such-type");
    text("condition svc/x death --from 1").is(USAGE);
  }

  private void actions() throws Exception {
    json("action svc/dead/first execute --now -- /bin/true").is(0).has("node", "path", "type");
    json("action svc/dead/again restart --rearm --budget 5/1m --backoff 10ms..1s").is(0);
    json("action svc/dead/wait waitfor --delay 50ms --path /tmp --keep-on-fail").is(0);
    json("action svc/dead/signal signal --pid self CONT --break-on-fail").is(0);
    json("action svc/dead/note log --prefix --verbosity 1 hello").is(0);
    json("action svc/beat-missed-high/kill signal --pid self KILL").is(0);
    json("action svc/beat-missed-low/healthy healthy").is(0);
    json("action svc/dead/else log --on-fail-of wait missed").is(0).has("on_fail");
    json("remove svc/dead/else --on-fail-of wait").is(0);
    json("action svc/dead/second restart").is(1);
    text("action svc/dead/x pulse --pid 1").is(USAGE);
    text("action svc/dead/x waitfor").is(USAGE);
    text("action svc/dead/x dance").is(USAGE).explains("dance");
    text("action svc/dead/x signal --pid self NOSUCH").is(USAGE);
  }

  @TestAbreast
  void whatHappensIsWatchedExplainedAndLogged() throws Exception {
    json("attach talker -- /bin/sh -c", "echo spoken; exec /bin/sleep 1000").is(0);
    json("condition talker/dead death --rearm").is(0);
    json("action talker/dead/again restart --rearm").is(0);
    Until.isTrue("captured", () -> text("logs talker").out().contains("spoken"));
    long pid = node.pid("talker");
    Proc.signal("KILL", pid);
    successor("talker", pid);

    Said watched = json("watch talker --from 0 --no-follow").is(0);
    assertThat(watched.out().lines())
        .isNotEmpty()
        .allMatch(l -> l.startsWith("{") && l.contains("\"position\":"))
        .anyMatch(l -> l.contains("\"event\":\"death\"") && l.contains("\"signal 9\""))
        .anyMatch(l -> l.contains("\"event\":\"restart\""));
    assertThat(json("watch --from 0 --count 1").is(0).out().lines()).hasSize(1);
    json("why talker").is(0);
    text("why talker").is(0).with("signal 9");
    text("why nobody").is(1).explains("nobody");
    text("logs nobody").is(1).explains("nobody");
  }

  @TestAbreast
  void aNodeTellsHowItIsAndIsStopped() throws Exception {
    json("status")
        .is(0)
        .has("node", "version", "role", "boot", "ham", "guardian", "epoch", "entities")
        .has("conditions", "actions", "cluster")
        .with("\"node\":\"one\"");
    text("status --digest").is(0).with("digest");
    json("verbose 2").is(0);
    text("verbose +1").is(0).with("3");
    text("verbose -2").is(0).with("1");
    json("heartbeat suspend").is(0);
    text("heartbeat query").is(0).with("suspended");
    json("heartbeat active").is(0);
    text("--version").is(0);
    text("--help").is(0).with("attach");
    text("help attach").is(0);
    text("completion bash").is(0).with("complete");
    text("completion zsh").is(0);
    text("completion fish").is(0);
    text("dance").is(USAGE).explains("dance");
    text("move a").is(USAGE);
    text("move a b").is(1).explains("in no cluster");
    text("attach").is(USAGE);
    text("status --no-such-option").is(USAGE).explains("no-such-option");
    text("--timeout soon status").is(USAGE);
    text("--server unix:/no/such.sock status").is(NOBODY).explains("/no/such.sock");
    text("--node elsewhere ls").is(1).explains("elsewhere");
    json("attach left -- /bin/sleep 1000").is(0);
    long pid = node.pid("left");
    assertThat(text("logs left").is(0).err()).contains("has written nothing so far");
    long ham = node.hamPid();
    json("stop --entities").is(0).has("node", "entities", "ended").with("\"ended\":true");
    assertThat(Proc.isAlive(ham)).isFalse();
    assertThat(Proc.isAlive(pid)).isFalse();
    assertThat(node.awaitEnd()).isZero();
    text("status").is(NOBODY);
    text("watch").is(NOBODY).explains("no manager");
  }

  @TestAbreast
  void aStopReturnsWhenTheNodeCanBeRunAgain() throws Exception {
    for (int round = 0; round < 3; round++) {
      long ham = node.hamPid();
      text("stop").is(0).with("has ended");
      assertThat(Proc.isAlive(ham)).isFalse();
      node.awaitEnd();
      node.launch();
    }
  }

  @TestAbreast
  void anAcknowledgementThatCannotBeReachedIsSaidAndTheChangeStands() throws Exception {
    // The answer comes a moment before the deadline only, and may be late.
    Until.isTrue(
        "it is said and the change stands",
        () -> {
          String name = "far" + System.nanoTime();
          json("--ack majority --timeout 2s entity " + name).is(2).has("ack");
          return node.object(name) != null;
        });
    json("--ack local entity near").is(0).with("\"ack\":");
    json("--ack durable entity disk").is(0).with("\"ack\":\"durable\"");
  }

  /** Each word of {@code ham sam}. */
  @TestAbreast
  void aProgramIsSupervisedWordByWord() throws Exception {
    Process program = new ProcessBuilder("/bin/sleep", "1000").start();
    try {
      supervised(program.pid());
      grouped();
      doomed();
    } finally {
      program.destroyForcibly();
    }
    json("sam list").is(0).with("\"name\":\"other\"").with("\"state\":\"failed\"");
    json("sam clear other").is(0).has("name", "done");
    text("sam clear other").is(1).explains("(9)");
    text("sam list").is(0);
    text("sam dance --name app").is(USAGE).explains("dance");
    text("sam hc").is(USAGE).explains("HAM_PROCESS");
    text("sam warn-signal --name app").is(USAGE).explains("SIGNAL");
    text("sam group --name app").is(USAGE).explains("join");
    text("sam group dance g --name app").is(USAGE).explains("dance");
  }

  private void supervised(long pid) throws Exception {
    json("sam init --name app --policy quit --interval 1h --publish --pid " + pid)
        .is(0)
        .has("name", "done");
    text("sam start --name app").is(1).explains("(9)");
    json("sam register --name app").is(0).has("name", "instance_id");
    json("sam warn-signal USR1 --name app").is(0);
    json("sam warn-signal none --name app").is(0);
    json("sam store --name app").is(0);
    json("sam size --name app").is(0).has("name", "size").with("\"size\":0");
    assertThat(text("sam restore --name app").is(0).out()).isEmpty();
    text("sam cancel-start --name app").is(1).explains("(9)");
    json("sam start --wait 10s --name app").is(0).has("name", "done");
    json("sam hc --name app").is(0);
    json("sam list")
        .is(0)
        .has("name", "state", "pid", "instance_id", "interval_ms", "recovery", "warning")
        .has("data_size", "end")
        .with("\"state\":\"started\"");
    json("sam keys app").is(0).has("name", "keys").with("running");
    text("sam keys").is(0).with("resources.process.by-name.app.state = running");
  }

  private void grouped() throws Exception {
    json("sam group join g --name app").is(0).has("group", "member");
    json("sam group send g hello --name app").is(0);
    json("sam group list").is(0).has("group", "members");
    assertThat(json("sam group listen g --count 2 --name app").is(0).out().lines())
        .anyMatch(l -> l.contains("\"event\":\"joined\""))
        .anyMatch(l -> l.contains("\"data\":\"aGVsbG8=\""));
    json("sam group leave g --name app").is(0);
    assertThat(text("sam group list").is(0).out()).isEmpty();
  }

  private void doomed() throws Exception {
    json("sam unhealthy --name app").is(0);
    text("sam list").is(0).with("warned");
    json("sam stop --name app").is(0);
    json("sam finalize --name app").is(0);
    text("sam finalize --name app").is(1).explains("(9)");
    Process other = new ProcessBuilder("/bin/sleep", "1000").start();
    json("sam init --name other --policy quit --publish --pid " + other.pid()).is(0);
    text("sam register --name other").is(0).with("1");
    json("sam mark-failed enough --name other").is(0).has("name", "done");
    other.waitFor();
    Until.isTrue("it has failed", () -> text("sam list").out().contains("failed"));
  }

  private Said json(String line, String... more) throws Exception {
    return call("-o json " + line, more);
  }

  private Said text(String line, String... more) throws Exception {
    return call(line, more);
  }

  private Said call(String line, String... more) throws Exception {
    List<String> command = new ArrayList<>(List.of(LiveNode.program().toString()));
    command.addAll(List.of(line.split(" ")));
    command.addAll(List.of(more));
    return Said.run(Map.of("HAM_SERVER", node.address()), command);
  }
}
