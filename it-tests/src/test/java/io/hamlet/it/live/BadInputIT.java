package io.hamlet.it.live;

import static io.hamlet.client.HamException.Reason.CANNOT_START;
import static io.hamlet.client.HamException.Reason.EXISTS;
import static io.hamlet.client.HamException.Reason.INVALID;
import static io.hamlet.client.HamException.Reason.NAME_TOO_LONG;
import static io.hamlet.client.HamException.Reason.NOT_FOUND;
import static io.hamlet.client.HamException.Reason.NOT_PERMITTED;
import static io.hamlet.client.HamException.Reason.NO_SUCH_PROCESS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.hamlet.client.Command;
import io.hamlet.client.Condition;
import io.hamlet.client.ConditionSpec;
import io.hamlet.client.ConditionType;
import io.hamlet.client.Deed;
import io.hamlet.client.Entity;
import io.hamlet.client.Flag;
import io.hamlet.client.Ham;
import io.hamlet.client.HamException;
import io.hamlet.client.Heartbeat;
import io.hamlet.client.RestartPolicy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whatever is wrong with a request is said, and nothing is changed by it. */
class BadInputIT extends LiveTest {
  private static final Command SLEEP = Command.of("/bin/sleep", "1000");
  private static final Deed LOG = Deed.log("x");

  private final SoftAssertions all = new SoftAssertions();
  private Ham ham;
  private Entity good;
  private Condition death;

  @BeforeEach
  void makeSomethingGood() throws InterruptedException {
    ham = node.ham();
    good = ham.attach("good", SLEEP);
    death = good.condition("dead", ConditionSpec.death());
    death.action("again", Deed.restart());
  }

  @Test
  void namesAndPaths() throws Exception {
    for (String bad :
        List.of("", "a/b", "/", ".", "..", ".info", ".global", "a\0b", "a\nb", "a\u007f")) {
      refused("entity '" + bad + "'", INVALID, () -> ham.entity(bad));
      refused("attach '" + bad + "'", INVALID, () -> ham.attach(bad, SLEEP));
      refused("condition '" + bad + "'", INVALID, () -> good.condition(bad, ConditionSpec.death()));
      refused("action '" + bad + "'", INVALID, () -> death.action(bad, LOG));
    }
    String big = "n".repeat(100_000);
    for (String tooLong : List.of("n".repeat(256), "\u00e4".repeat(128), big)) {
      refused("long entity", NAME_TOO_LONG, () -> ham.entity(tooLong));
      refused(
          "long condition", NAME_TOO_LONG, () -> good.condition(tooLong, ConditionSpec.death()));
      refused("long action", NAME_TOO_LONG, () -> death.action(tooLong, LOG));
    }
    refused("joined path", NAME_TOO_LONG, () -> death.action("a".repeat(250), LOG));
    refused("an entity twice", EXISTS, () -> ham.attach("good", SLEEP));
    refused("a placeholder twice", EXISTS, () -> ham.entity("good"));
    refused("a condition twice", EXISTS, () -> good.condition("dead", ConditionSpec.death()));
    refused("an action twice", EXISTS, () -> death.action("again", LOG));
    refused("no entity", NOT_FOUND, () -> ham.named("nobody").detach());
    refused("no condition", NOT_FOUND, () -> good.named("nothing").remove());
    refused("no action", NOT_FOUND, () -> death.named("nothing").remove());
    refused("no such tree", NOT_FOUND, () -> ham.read("nobody", 0));
    refused("no such node", NOT_FOUND, () -> ham.connectNode("elsewhere").entity("x"));
    refused("why of nobody", NOT_FOUND, () -> ham.why("nobody"));
    all.assertAll();
  }

  @Test
  void processes() throws Exception {
    refused("the manager itself", INVALID, () -> ham.adopt("x", node.hamPid(), null));
    refused("a kernel thread", NOT_PERMITTED, () -> ham.adopt("x", kernelThread(), null));
    refused("a negative pid", INVALID, () -> ham.adopt("x", -1, null));
    refused("no pid", NO_SUCH_PROCESS, () -> ham.adopt("x", 4_194_303, null));
    refused("beyond all pids", INVALID, () -> ham.adopt("x", Long.MAX_VALUE, null));
    Process ended = new ProcessBuilder("/bin/true").start();
    ended.waitFor();
    refused("an ended one", NO_SUCH_PROCESS, () -> ham.adopt("x", ended.pid(), null));
    refused("signal to it", NO_SUCH_PROCESS, () -> death.action("s", Deed.signal(ended.pid(), 15)));
    refused("a thread", NO_SUCH_PROCESS, () -> ham.adopt("x", thread(), null));
    refused("signal 0", INVALID, () -> death.action("s", Deed.signal(good.pid(), 0)));
    refused("signal 65", INVALID, () -> death.action("s", Deed.signal(good.pid(), 65)));
    all.assertAll();
  }

  @Test
  void programs() throws Exception {
    Path plain = Files.writeString(directory.resolve("plain"), "#!/bin/sh\n");
    starts("a missing program", CANNOT_START, Command.of("/no/such/program"));
    starts(
        "a long way to nowhere",
        CANNOT_START,
        Command.of("/" + "\u20ac".repeat(80) + "/" + "x/".repeat(1000)));
    starts("too long a way", CANNOT_START, Command.of("/" + "x/".repeat(50_000)));
    starts("a file that is not executable", CANNOT_START, Command.of(plain.toString()));
    starts("a directory", CANNOT_START, Command.of(directory.toString()));
    starts("a device", CANNOT_START, Command.of("/dev/null"));
    starts("a relative path", INVALID, Command.of("bin/sleep"));
    starts("no words", INVALID, Command.of(List.of()));
    starts("an empty word", INVALID, Command.of(""));
    starts("a NUL", INVALID, Command.of("/bin/sleep", "1\0"));
    starts("huge argv", NAME_TOO_LONG, Command.of("/bin/echo", "x".repeat(200_000)));
    starts("many words", NAME_TOO_LONG, Command.of(words(100_000)));
    starts("no directory", CANNOT_START, sleep().directory("/no/such").build());
    starts("a relative directory", INVALID, sleep().directory("tmp").build());
    starts("no log directory", CANNOT_START, sleep().logFile("/no/such/log").build());
    starts("an unknown limit", CANNOT_START, sleep().limit("nothing", 1).build());
    starts("a negative limit", INVALID, sleep().limit("nofile", -2).build());
    starts("too few files", CANNOT_START, sleep().limit("nofile", 1).build());
    starts("a variable with =", INVALID, sleep().env("A=B", "x").build());
    starts("a variable with NUL", INVALID, sleep().env("A", "\0").build());
    starts("a nameless variable", INVALID, sleep().env("", "x").build());
    starts("huge environment", NAME_TOO_LONG, sleep().env("A", "x".repeat(200_000)).build());
    starts("a hostile user", INVALID, sleep().user("root;reboot").build());
    starts("an unknown user", CANNOT_START, sleep().user("nobody-knows-me").build());
    if (Needs.isRoot()) {
      Files.setPosixFilePermissions(
          Files.createDirectory(directory.resolve("private")),
          PosixFilePermissions.fromString("rwx------"));
      String hidden = directory.resolve("private").toString();
      starts("not their directory", CANNOT_START, sleep().user("nobody").directory(hidden).build());
    }
    all.assertAll();
  }

  @Test
  void programsOfActions() throws Exception {
    Path plain = Files.writeString(directory.resolve("plain"), "#!/bin/sh\n");
    Condition other = ham.attach("other", SLEEP).condition("dead", ConditionSpec.death());
    for (String bad : List.of("/no/such/program", plain.toString(), "/dev/null", "/tmp")) {
      refused("execute " + bad, CANNOT_START, () -> death.action("x", Deed.execute(bad)));
      refused("else execute " + bad, CANNOT_START, () -> onFail(Deed.execute(bad)));
      refused("restart " + bad, CANNOT_START, () -> other.action("r", Deed.restart(bad)));
    }
    refused("execute a relative one", INVALID, () -> death.action("x", Deed.execute("bin/sh")));
    refused("execute a NUL", INVALID, () -> death.action("x", Deed.execute("/bin/sh\0")));
    refused("execute nothing", INVALID, () -> death.action("x", Deed.execute()));
    refused(
        "execute much",
        CANNOT_START,
        () -> death.action("x", Deed.execute("/" + "x/".repeat(50_000))));
    all.assertAll();
  }

  @Test
  void rulesOfTheModel() throws Exception {
    Condition restart = good.condition("up", ConditionSpec.of(ConditionType.RESTART));
    Condition hasty = good.condition("hasty", ConditionSpec.death().with(Flag.OfCondition.NO_WAIT));
    Condition dead2 = good.condition("dead2", ConditionSpec.death());
    refused("restart elsewhere", INVALID, () -> restart.action("r", Deed.restart()));
    refused("a second restart", EXISTS, () -> dead2.action("r", Deed.restart()));
    refused("waitfor 0", INVALID, () -> death.action("w", Deed.waitFor(Duration.ZERO)));
    refused("waitfor -1", INVALID, () -> death.action("w", Deed.waitFor(Duration.ofMillis(-1))));
    refused("waitfor in a hurry", INVALID, () -> hasty.action("w", pause(1)));
    Deed relative = new Deed.WaitFor("x", Duration.ofMillis(1));
    refused("waitfor a relative path", INVALID, () -> death.action("w", relative));
    refused("waitfor for ever", INVALID, () -> death.action("w", pause(Long.MAX_VALUE / 2)));
    refused("healthy as alternate", INVALID, () -> onFail(Deed.healthy()));
    refused("restart as alternate", INVALID, () -> onFail(Deed.restart()));
    refused("a long message", NAME_TOO_LONG, () -> death.action("l", Deed.log("x".repeat(5000))));
    refused("do-now of a log", INVALID, () -> death.named("again").addFlags(Flag.OfAction.DO_NOW));
    refused("removal of an entity", INVALID, () -> good.remove());
    refused("detach of it as self", INVALID, () -> good.detachSelf());
    refused("removal of global", INVALID, () -> ham.named(".global").remove());
    refused("detach of global", INVALID, () -> ham.named(".global").detach());
    refused("resume of what runs", INVALID, () -> good.resume());
    Heartbeat crossed = new Heartbeat(Duration.ofSeconds(1), 5, 2);
    refused("crossed marks", INVALID, () -> ham.attachSelf("me", crossed));
    Heartbeat hasty1 = new Heartbeat(Duration.ofNanos(5), 1, 2);
    refused("a period of 5 ns", INVALID, () -> ham.attachSelf("me", hasty1));
    RestartPolicy bad = RestartPolicy.NONE.backOff(Duration.ofSeconds(5), Duration.ofSeconds(1));
    Condition other = ham.attach("other", SLEEP).condition("dead", ConditionSpec.death());
    refused("back-off", INVALID, () -> other.action("r", new Deed.Restart(List.of(), bad)));
    RestartPolicy much = RestartPolicy.NONE.budget(1_000_000, Duration.ofSeconds(1));
    refused("budget", INVALID, () -> other.action("r", new Deed.Restart(List.of(), much)));
    all.assertAll();
  }

  private Object onFail(Deed deed) throws InterruptedException {
    return death.named("again").onFail("f", deed);
  }

  private static Deed pause(long millis) {
    return Deed.waitFor(Duration.ofMillis(millis));
  }

  private void starts(String what, HamException.Reason reason, Command command)
      throws InterruptedException {
    refused(what, reason, () -> ham.attach("x", command));
  }

  private static Command.Builder sleep() {
    return Command.builder(List.of("/bin/sleep", "1000"));
  }

  private static List<String> words(int count) {
    return java.util.stream.Stream.concat(
            java.util.stream.Stream.of("/bin/echo"),
            java.util.stream.IntStream.range(0, count).mapToObj(i -> "word"))
        .toList();
  }

  /** The first that is there; a container shows none. */
  private static long kernelThread() {
    return Proc.commandLine(2).isEmpty() && Proc.isAlive(2) ? 2 : -5;
  }

  /**
   * A thread of this process that is not the first: it has an entry in /proc, but is no process.
   */
  private static long thread() {
    String[] tasks = Path.of("/proc/self/task").toFile().list();
    return java.util.Arrays.stream(tasks)
        .mapToLong(Long::parseLong)
        .filter(t -> t != ProcessHandle.current().pid())
        .findFirst()
        .orElseThrow();
  }

  private void refused(String what, HamException.Reason reason, Callable<?> call)
      throws InterruptedException {
    String before = ham.statusWithDigest().digest();
    Throwable thrown = catchThrowable(call::call);
    all.assertThat(thrown).as(what).isInstanceOf(HamException.Refused.class);
    if (thrown instanceof HamException.Refused refusal) {
      all.assertThat(refusal.reason()).as(what + ": " + refusal.getMessage()).isEqualTo(reason);
      all.assertThat(refusal.getMessage()).as(what).hasSizeBetween(10, 2_000);
    }
    all.assertThat(ham.statusWithDigest().digest()).as(what + " changes nothing").isEqualTo(before);
    assertThat(before).isNotEmpty();
  }
}
