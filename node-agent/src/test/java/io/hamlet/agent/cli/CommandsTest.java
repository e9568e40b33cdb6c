package io.hamlet.agent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.v1.AckLevel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** From the words of a command to what a manager is asked, and from its answer to the output. */
class CommandsTest {
  private static RecordingServer server;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @BeforeAll
  static void open() throws IOException {
    server = new RecordingServer();
  }

  @AfterAll
  static void close() {
    server.close();
  }

  @BeforeEach
  void forget() {
    server.forget();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        // A node.
        "stop | StopRequest",
        "stop --entities | StopRequest entities: true",
        "stop --entities --kill-after 3s | StopRequest entities: true kill_after_ms: 3000",
        "status | StatusRequest",
        "status --digest | StatusRequest digest: true",
        "verbose | SetVerbosityRequest verb: GET",
        "verbose 3 | SetVerbosityRequest verb: SET value: 3",
        "verbose +2 | SetVerbosityRequest verb: INCREASE value: 2",
        "verbose -2 | SetVerbosityRequest verb: DECREASE value: 2",
        "heartbeat suspend | ControlHeartbeatRequest verb: SUSPEND",
        "heartbeat active | ControlHeartbeatRequest verb: ACTIVE",
        "heartbeat query | ControlHeartbeatRequest verb: QUERY",
        // Entities.
        "attach e -- /x a | AttachRequest name: \"e\" spec { argv: \"/x\" argv: \"a\" }",
        "attach e --pid 7 --keep-on-death | AttachRequest name: \"e\" pid: 7 flags: 2",
        "attach e --pid 7 --cwd d -- ./x | AttachRequest name: \"e\" pid: 7"
            + " spec { argv: \"/here/x\" directory: \"/here/d\" }",
        "attach e --env A=b=c --env B= -- /x | AttachRequest name: \"e\" spec { argv: \"/x\""
            + " environment { name: \"A\" value: \"b=c\" } environment { name: \"B\" } }",
        "attach e --user u:g --log l -- /x | AttachRequest name: \"e\" spec { argv: \"/x\""
            + " user: \"u:g\" log_file: \"/here/l\" }",
        "attach e --limit as=1MiB --limit core=unlimited -- /x | AttachRequest name: \"e\""
            + " spec { argv: \"/x\" limits { resource: \"as\" value: 1048576 }"
            + " limits { resource: \"core\" value: -1 } }",
        "attach e --forking --kill process -- /x | AttachRequest name: \"e\" spec { argv: \"/x\""
            + " forking: true kill: KILL_MODE_PROCESS }",
        "attach e --forking --pid-file p --kill group --scope node -- /x | AttachRequest"
            + " name: \"e\" spec { argv: \"/x\" forking: true pid_file: \"/here/p\" }",
        "entity e | CreateEntityRequest name: \"e\"",
        "entity e --keep-on-death | CreateEntityRequest name: \"e\" flags: 2",
        "detach e | DetachRequest entity { path: \"e\" }",
        "state e -4 | PublishStateRequest entity { path: \"e\" } state: -4",
        "raise e 1 0x10 3 | PublishRaiseRequest entity { path: \"e\" } type: 1 class: 16"
            + " severity: 3",
        "resume e | ResumeRequest entity { path: \"e\" }",
        "forget b | ForgetRequest forgotten: \"b\"",
        // The cluster.
        "attach e --scope cluster --prefer a,b --quorum-loss keep --failback -- /x | AttachRequest"
            + " name: \"e\" spec { argv: \"/x\" } owner { prefer: \"a\" prefer: \"b\""
            + " quorum_loss: KEEP failback: true }",
        "attach *:e -- /x | AttachRequest name: \"e\" spec { argv: \"/x\" }"
            + " owner { quorum_loss: STOP }",
        "move e b | ArrangeRequest move { entity: \"e\" node: \"b\" }",
        "move *:e b | ArrangeRequest move { entity: \"e\" node: \"b\" }",
        "standby b | ArrangeRequest standby { node: \"b\" on: true }",
        "active b | ArrangeRequest standby { node: \"b\" }",
        "drain b | ArrangeRequest drain: \"b\"",
        "maintenance set --owner o --reason r --for 2s | ArrangeRequest maintain {"
            + " scope: \"cluster\" owner: \"o\" reason: \"r\" for_ms: 2000 }",
        "maintenance clear --owner o --scope node:b | ArrangeRequest end_maintenance {"
            + " scope: \"node:b\" owner: \"o\" }",
        "maintenance list | StatusRequest",
        "simulate --lose a,b | SimulateRequest lost: \"a\" lost: \"b\"",
        "fence confirm b | ConfirmFencedRequest fenced: \"b\"",
        "voter add b | SetVoterRequest node: \"b\" votes: true",
        "voter remove b | SetVoterRequest node: \"b\"",
        // Objects of any kind.
        "remove e/c | RemoveRequest target { path: \"e/c\" }",
        "remove e/c/i --on-fail-of a | RemoveFailItemRequest action { path: \"e/c/a\" }"
            + " name: \"i\"",
        "enable e | ControlRequest target { path: \"e\" } verb: ENABLE",
        "disable e/c --recurse | ControlRequest target { path: \"e/c\" } verb: DISABLE"
            + " recurse: true",
        "flags e | ControlRequest target { path: \"e\" } verb: GET_FLAGS",
        "flags e +keep-on-death | ControlRequest target { path: \"e\" } verb: ADD_FLAGS flags: 2",
        "flags e/c -rearm,no-wait | ControlRequest target { path: \"e/c\" } verb: REMOVE_FLAGS"
            + " flags: 5",
        "flags e/c/a =keep-on-fail | ControlRequest target { path: \"e/c/a\" } verb: SET_FLAGS"
            + " flags: 8",
        "flags e/c = | ControlRequest target { path: \"e/c\" } verb: SET_FLAGS",
        // Looking.
        "ls | ReadRequest depth: 1",
        "ls e/c | ReadRequest path: \"e/c\" depth: 1",
        "tree | ReadRequest depth: -1",
        "tree e | ReadRequest path: \"e\" depth: -1",
        "cat .global | ReadRequest path: \".global\"",
        "watch --no-follow | WatchRequest no_follow: true batched: true",
        "watch e --from 0 --count 1 | WatchRequest path: \"e\" from: \"0\" batched: true",
        "why e | WhyRequest entity: \"e\"",
        "logs e | ReadOutputRequest entity: \"e\"",
        "logs e -f --tail 4KiB | ReadOutputRequest entity: \"e\" follow: true tail_bytes: 4096"
      })
  void asks(String line, String request) {
    assertThat(run(line)).as(err.toString(StandardCharsets.UTF_8)).isEqualTo(ExitCode.DONE);
    assertThat(server.request()).isEqualTo(request.strip());
  }

  @ParameterizedTest
  @CsvSource({
    "death,DEATH",
    "abnormal-death,ABNORMAL_DEATH",
    "detach,DETACH",
    "attach,ATTACH",
    "restart,RESTART",
    "beat-missed-low,BEAT_MISSED_LOW",
    "beat-missed-high,BEAT_MISSED_HIGH",
    "state,STATE",
    "raise,RAISE",
    "any,"
  })
  void asksForConditions(String word, String type) {
    assertThat(run("condition e/c " + word)).isEqualTo(ExitCode.DONE);
    String kind = type == null ? "" : " type: CONDITION_TYPE_" + type;
    assertThat(server.request())
        .isEqualTo("AddConditionRequest entity { path: \"e\" } name: \"c\"" + kind);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "death --rearm --independent | type: CONDITION_TYPE_DEATH flags: 2 rearm: REARM_ON",
        "death --no-rearm --no-wait --keep-on-empty | type: CONDITION_TYPE_DEATH flags: 20"
            + " rearm: REARM_OFF",
        "state --from 1 --to 2 | type: CONDITION_TYPE_STATE from_state: 1 to_state: 2",
        "state --from-set 0x3 --to-set 4 --invert-from --invert-to | type: CONDITION_TYPE_STATE"
            + " from_state: 3 to_state: 4 flags: 61440",
        "raise --type 1 --class -2 --severity 3 | type: CONDITION_TYPE_RAISE raise_type: 1"
            + " raise_class: -2 raise_severity: 3"
      })
  void asksForConditionsWithOptions(String words, String fields) {
    assertThat(run("condition e/c " + words)).isEqualTo(ExitCode.DONE);
    assertThat(server.request())
        .isEqualTo("AddConditionRequest entity { path: \"e\" } name: \"c\" " + fields.strip());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "restart | restart { policy { } }",
        "restart --budget 5/1m --backoff 100ms..2s -- ./x y | restart { argv: \"/here/x\""
            + " argv: \"y\" policy { most: 5 period_ms: 60000 least_ms: 100 longest_ms: 2000 } }",
        "execute -- /x | execute { argv: \"/x\" }",
        "execute --to-node n -- x | execute { argv: \"x\" node: \"n\" }",
        "waitfor --delay 50ms | wait_for { delay_ms: 50 }",
        "waitfor --delay 1s --path p | wait_for { path: \"/here/p\" delay_ms: 1000 }",
        "signal --pid self KILL | signal { signal: 9 }",
        "signal --pid 7 RTMIN+1 --code 2 --value -3 --to-node n | signal { node: \"n\" pid: 7"
            + " signal: 35 code: 2 value: -3 }",
        "pulse --pid 7 --channel 1 --pulse -2 --value 3 --to-node n | pulse { node: \"n\" pid: 7"
            + " channel: 1 code: -2 value: 3 }",
        "log hello | log { message: \"hello\" }",
        "log --prefix --verbosity 2 hello | log { message: \"hello\" prefix: true verbosity: 2 }",
        "healthy | heartbeat_healthy { }"
      })
  void asksForActionsAndAlternates(String words, String deed) {
    String tail = "deed { " + deed.strip() + " }";
    assertThat(run("action e/c/a " + words)).isEqualTo(ExitCode.DONE);
    assertThat(server.request())
        .isEqualTo("AddActionRequest condition { path: \"e/c\" } name: \"a\" " + tail);
    server.forget();
    assertThat(run("action e/c/i --on-fail-of a " + words)).isEqualTo(ExitCode.DONE);
    assertThat(server.request())
        .isEqualTo("AddFailItemRequest action { path: \"e/c/a\" } name: \"i\" " + tail);
  }

  @Test
  void asksForActionsWithFlags() {
    assertThat(run("action e/c/a execute --now --rearm --break-on-fail --keep-on-fail -- /x"))
        .isEqualTo(ExitCode.DONE);
    assertThat(server.request()).endsWith("flags: 14 rearm: REARM_ON");
    server.forget();
    assertThat(run("action e/c/a log --no-rearm m")).isEqualTo(ExitCode.DONE);
    assertThat(server.request()).endsWith("rearm: REARM_OFF");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "action e/c/a nonesuch",
        "action e/c log m",
        "action e/c/a log",
        "action e/c/a log m n",
        "action e/c/a restart --delay 1s",
        "action e/c/a restart --budget 5",
        "action e/c/a restart --budget x/1m",
        "action e/c/a restart --backoff 1s",
        "action e/c/a execute",
        "action e/c/a waitfor",
        "action e/c/a waitfor --delay 5",
        "action e/c/a signal TERM",
        "action e/c/a signal --pid 0 TERM",
        "action e/c/a signal --pid 1 FOO",
        "action e/c/a pulse --pid 1 --channel 1",
        "action e/c/a healthy -- /x",
        "action e/c/a log m --rearm --no-rearm",
        "action e/c/i log m --on-fail-of a --rearm",
        "condition e death",
        "condition e/c nonesuch",
        "condition e/c node-lost --proof some",
        "condition e/c death --proof lease",
        "condition e/c death --from 1",
        "condition e/c state --type 1",
        "condition e/c state --from 1 --from-set 1",
        "condition e/c state --from x",
        "attach e",
        "attach e --pid x",
        "attach e --pid-file p -- /x",
        "attach e --scope cluster",
        "attach e --scope cluster --pid 7",
        "attach e --prefer a -- /x",
        "attach e --env A -- /x",
        "attach e --limit nofile=many -- /x",
        "stop --kill-after 1s",
        "flags e rearm",
        "flags e +rearm",
        "detach e/c",
        "heartbeat now",
        "watch --count 0",
        "logs e --tail x",
        "state e x",
        "move e",
        "maintenance now",
        "simulate",
        "fence node n",
        "apply",
        "nonesuch",
        "",
        "--server nonsense status",
        "--timeout soon status"
      })
  void refusesWrongUsageAndAsksNobody(String line) {
    assertThat(run(line)).isEqualTo(ExitCode.USAGE);
    assertThat(err.toString(StandardCharsets.UTF_8)).isNotEmpty();
    assertThat(out.toString(StandardCharsets.UTF_8)).isEmpty();
  }

  @Test
  void globalOptionsStandBeforeOrBehind() {
    for (String line : List.of("--node n --ack local detach e", "detach e --node=n --ack local")) {
      assertThat(run(line)).isEqualTo(ExitCode.DONE);
      assertThat(server.lastHeader().getNode()).isEqualTo("n");
      assertThat(server.lastHeader().getAck()).isEqualTo(AckLevel.ACK_LEVEL_LOCAL);
    }
  }

  @Test
  void aNodeThatEndsWaitsForItsOwnDiskOnly() {
    assertThat(run("stop")).isEqualTo(ExitCode.DONE);
    assertThat(server.lastHeader().getAck()).isEqualTo(AckLevel.ACK_LEVEL_DURABLE);
    assertThat(run("stop --entities --ack replica")).isEqualTo(ExitCode.NO);
    assertThat(server.lastHeader().getAck()).isEqualTo(AckLevel.ACK_LEVEL_REPLICA);
  }

  @Test
  void aPathMayNameANode() {
    assertThat(run("detach other:e")).isEqualTo(ExitCode.DONE);
    assertThat(server.lastHeader().getNode()).isEqualTo("other");
    assertThat(server.request()).isEqualTo("DetachRequest entity { path: \"e\" }");
    server.forget();
    assertThat(run("detach :a:b")).isEqualTo(ExitCode.DONE);
    assertThat(server.request()).isEqualTo("DetachRequest entity { path: \"a:b\" }");
  }

  @Test
  void aLevelThatWasAskedForAndNotReachedIsAnAnswerOfNo() {
    assertThat(run("detach e --ack durable -o json")).isEqualTo(ExitCode.NO);
    assertThat(out.toString(StandardCharsets.UTF_8))
        .isEqualTo("{\"node\":\"understudy\",\"path\":\"e\",\"ack\":\"local\"}\n");
    assertThat(err.toString(StandardCharsets.UTF_8)).contains("the change stands");
  }

  /** In a node's own tree its name would be in every line. */
  @Test
  void whatHappensInTheClusterSaysOnWhichNode() {
    assertThat(run("watch --no-follow")).isEqualTo(ExitCode.DONE);
    assertThat(run("watch --node * --no-follow")).isEqualTo(ExitCode.DONE);
    assertThat(run("watch *:web --no-follow")).isEqualTo(ExitCode.DONE);
    String time = "1970-01-01T00:00:00.000000001Z ";
    assertThat(out.toString(StandardCharsets.UTF_8).lines())
        .containsExactly(
            time + "web death signal 9",
            time + "understudy:web death signal 9",
            time + "understudy:web death signal 9");
  }

  @Test
  void tooFewEventsAreAnAnswerOfNo() {
    assertThat(run("watch --no-follow --count 2")).isEqualTo(ExitCode.NO);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "attach e -o json -- /x | {\"node\":\"understudy\",\"path\":\"e\",\"pid\":4711,"
            + "\"type\":\"ATTACHED\",\"ack\":\"local\"}",
        "cat web -o json | {\"tree\":\"understudy\",\"node\":\"understudy\",\"path\":\"web\","
            + "\"type\":\"ATTACHED\",\"pid\":4711,\"restarts\":0,\"deaths\":0,\"beats_missed\":0,"
            + "\"created\":\"1970-01-01T00:00:01.000000007Z\",\"last_death\":null,\"token\":0,",
        "ls -o json | [{\"tree\":\"understudy\",",
        "watch --no-follow -o json | {\"position\":\"1.1.1\","
            + "\"time\":\"1970-01-01T00:00:00.000000001Z\",\"node\":\"understudy\","
            + "\"path\":\"web\",\"event\":\"death\",\"reason\":\"signal 9\",\"detail\":\"\"}",
        "status -o json | {\"node\":\"understudy\",\"version\":\"0\",\"role\":\"ham\","
            + "\"boot\":\"b\",\"ham\":{\"pid\":2,\"since\":\"1970-01-01T00:00:00.000000001Z\","
            + "\"failures\":0},\"guardian\":null,\"epoch\":0,\"entities\":1,\"conditions\":0,"
            + "\"actions\":0,\"cluster\":null,",
        "verbose -o json | {\"level\":0}",
        "logs web -o json | {\"entity\":\"web\",\"line\":\"hello\"}"
      })
  void printsOneDocumentToALine(String line, String beginning) {
    assertThat(run(line)).isEqualTo(ExitCode.DONE);
    String printed = out.toString(StandardCharsets.UTF_8);
    assertThat(printed).startsWith(beginning.strip()).endsWith("\n");
    assertThat(printed.lines()).hasSize(1);
    assertThat(err.toString(StandardCharsets.UTF_8)).isEmpty();
  }

  @Test
  void saysWhenNobodyIsThere() {
    assertThat(run("--server unix:/nonesuch/ham.sock status")).isEqualTo(ExitCode.UNREACHABLE);
    assertThat(err.toString(StandardCharsets.UTF_8)).contains("/nonesuch/ham.sock");
  }

  private ExitCode run(String line) {
    List<String> words = new ArrayList<>();
    for (String word : line.strip().split(" +")) {
      if (!word.isEmpty()) {
        words.add(word);
      }
    }
    Caller caller =
        new Caller(
            Map.of("HAM_SERVER", server.address()),
            Path.of("/here"),
            new PrintStream(out, false, StandardCharsets.UTF_8),
            new PrintStream(err, false, StandardCharsets.UTF_8));
    return ExitCode.of(Cli.run(words, caller));
  }
}
