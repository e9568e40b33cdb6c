package io.hamlet.it.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.client.Sam;
import io.hamlet.client.SamProgram;
import io.hamlet.it.TestAbreast;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;

/** Programs that know nothing of SAM run under {@code ham supervise}. */
class SuperviseIT extends LiveTest {
  /**
   * Speaks sd_notify as the manual has it, and can be told to hang by a file. A file "deaf" makes
   * it ignore TERM.
   */
  private static final String PROGRAM =
      """
      import os, signal, socket, sys, time
      period = int(os.environ.get('WATCHDOG_USEC', '4000000')) / 1e6
      def say(words):
          try:
              with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as s:
                  s.sendto(words.encode(), os.environ['NOTIFY_SOCKET'])
          except OSError as e:
              print('nobody hears', e, flush=True)
      def end(*_):
          say('STOPPING=1')
          print('TERM', flush=True)
          sys.exit(0)
      signal.signal(signal.SIGTERM, signal.SIG_IGN if os.path.exists('deaf') else end)
      signal.signal(signal.SIGHUP, lambda *_: (say('RELOADING=1'), print('HUP', flush=True), say('READY=1')))
      signal.signal(signal.SIGUSR1, lambda *_: print('USR1', flush=True))
      while not os.path.exists('go'):
          time.sleep(0.01)
      say('READY=1\\nSTATUS=serving')
      print('ready', os.getpid(), os.environ.get('HAM_INSTANCE_ID'), flush=True)
      while not os.path.exists('hang') and not os.path.exists('leave'):
          time.sleep(min(0.05, period / 4))
          say('WATCHDOG=1')
      if os.path.exists('leave'):
          end()
      print('hangs', flush=True)
      while True:
          time.sleep(1000)
      """;

  private final List<Supervised> started = new ArrayList<>();

  @AfterEach
  void endAll() {
    started.forEach(Supervised::close);
  }

  private Supervised supervise(String... words) throws IOException {
    return supervise(node, words);
  }

  private Supervised supervise(LiveNode by, String... words) throws IOException {
    Supervised each = Supervised.start(work(), by, words);
    started.add(each);
    return each;
  }

  private Path work() throws IOException {
    return Files.createDirectories(directory.resolve("work"));
  }

  private Path file(String name) throws IOException {
    return Files.writeString(work().resolve(name), "x");
  }

  /** The program of this test, with options before it. */
  private Supervised python(String... options) throws IOException {
    Needs.program("python3");
    Path script = Files.writeString(work().resolve("program.py"), PROGRAM);
    List<String> words = new ArrayList<>(List.of(options));
    words.addAll(List.of("--", Needs.program("python3").toString(), script.toString()));
    return supervise(words.toArray(String[]::new));
  }

  private SamProgram look(String name) throws Exception {
    return Sam.named(node.ham(), name).look();
  }

  private void awaitState(String name, String state) {
    Until.isTrue(
        name + " is " + state, () -> look(name) != null && look(name).state().equals(state));
  }

  @TestAbreast
  void itExitsWithTheStatusOfItsProgram() throws Exception {
    Supervised three = supervise("--policy", "quit", "--", "/bin/sh", "-c", "echo said; exit 3");
    assertThat(three.exit()).isEqualTo(3);
    assertThat(three.printed()).isEqualTo("said\n");
    assertThat(supervise("--policy=quit", "--", "/bin/sh", "-c", "kill -9 $$").exit())
        .isEqualTo(137);
    assertThat(
            supervise("--policy=quit", "--compat=libsam", "--", "/bin/sh", "-c", "kill -9 $$")
                .exit())
        .isZero();
    assertThat(supervise("--success-exit", "7", "--", "/bin/sh", "-c", "exit 7").exit())
        .isEqualTo(7);
    assertThat(supervise("--", "no-such-program").exit()).isEqualTo(127);
    assertThat(supervise("--", "/etc/passwd").exit()).isEqualTo(126);
    assertThat(supervise("--health", "tcp:127.0.0.1:1", "--", "/bin/true").exit()).isEqualTo(64);
    assertThat(supervise((LiveNode) null, "--", "/bin/true").exit()).isEqualTo(69);
  }

  @TestAbreast
  void itIsGivenUpWhenItEndsTooOften() throws Exception {
    Supervised each = supervise("--name", "n", "--restart-limit", "2/1m", "--", "/bin/false");
    assertThat(each.exit()).isEqualTo(1);
    assertThat(each.told()).contains("instance 3 ended").doesNotContain("instance 4");
    assertThat(look("n").state()).isEqualTo("failed");
  }

  @TestAbreast
  void whatTheProgramIsTold() throws Exception {
    Supervised each =
        supervise("--health", "notify", "--interval", "1500ms", "--", "/bin/sh", "-c", "env; pwd");
    each.awaitPrinted("PWD=");
    assertThat(each.exit()).isZero();
    assertThat(each.printed().lines())
        .contains(
            "HAM_TEST=passed on",
            "WATCHDOG_USEC=1500000",
            "HAM_PROCESS=sh",
            "HAM_INSTANCE_ID=1",
            "HAM_SERVER=" + node.address(),
            work().toRealPath().toString())
        .noneMatch(line -> line.equals("NOTIFY_SOCKET=/nowhere") || line.startsWith("WATCHDOG_PID"))
        .anyMatch(line -> line.startsWith("NOTIFY_SOCKET=/"))
        .anyMatch(line -> line.startsWith("HAM_SAM_TOKEN="));
  }

  @TestAbreast
  void readyIsStartAndAHangIsWarnedAndItsNextInstanceServes() throws Exception {
    Supervised each = python("--name", "n", "--health", "notify", "--interval", "1s");
    long first = each.pid(1);
    awaitState("n", "registered");
    file("go");
    awaitState("n", "started");
    each.awaitTold("status: serving");

    file("hang");

    each.awaitWarned();
    Files.delete(work().resolve("hang"));
    long second = each.pid(2);
    // It said STOPPING=1, as it does on each TERM; that makes no end of its own of it.
    each.awaitPrinted("TERM");
    assertThat(Proc.isAlive(first)).isFalse();
    each.awaitPrinted("ready " + second + " 2");
    awaitState("n", "started");

    file("leave");
    assertThat(each.exit()).isZero();
    assertThat(look("n").state()).isEqualTo("ended");
    // One that ends faster than its word travels is started once more, and ended at once.
    assertThat(Proc.isAlive(second)).isFalse();
  }

  @TestAbreast
  void whoIgnoresTheWarningIsKilledWithAllThatItStarted() throws Exception {
    file("deaf");
    file("go");
    Supervised each = python("--name", "n", "--health", "notify", "--interval", "1s");
    each.awaitPrinted("ready");
    long first = each.pid(1);
    file("hang");
    each.awaitTold("instance 1 ended: signal 9 (silent)");
    Files.delete(work().resolve("hang"));
    assertThat(Proc.isAlive(first)).isFalse();
    each.awaitPrinted("ready " + each.pid(2) + " 2");
    Files.delete(work().resolve("deaf"));
  }

  @TestAbreast
  void signalsAreHandedOnAndTheEndIsNoFailure() throws Exception {
    file("go");
    Supervised each = python("--name", "n", "--health", "notify", "--interval", "5s");
    each.awaitPrinted("ready");
    each.signal("USR1");
    each.awaitPrinted("USR1");
    each.signal("HUP");
    each.awaitPrinted("HUP");
    awaitState("n", "started");
    each.signal("TERM");
    assertThat(each.exit()).isZero();
    assertThat(each.told()).doesNotContain("instance 2");
    assertThat(look("n").state()).isEqualTo("ended");
  }

  @TestAbreast
  void whatStrangersSayDoesNotCount() throws Exception {
    file("go");
    Supervised each = python("--name", "n", "--health", "notify", "--interval", "30s");
    each.awaitPrinted("ready");
    awaitState("n", "started");
    String socket = Proc.variable(each.pid(1), "NOTIFY_SOCKET");
    String send =
        """
        import socket, sys
        s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        for i in range(1000): s.sendto(b'STOPPING=1', sys.argv[1])
        """;
    Process stranger =
        new ProcessBuilder(Needs.program("python3").toString(), "-c", send, socket).start();
    assertThat(stranger.waitFor()).isZero();
    each.awaitTold("process " + stranger.pid() + " is not of the program");
    assertThat(look("n").state()).isEqualTo("started");
    assertThat(each.told().lines().count()).as("it is not told for ever").isLessThan(100);
  }

  @TestAbreast
  void systemdsOwnProgramSpeaksForAScript() throws Exception {
    Path notify = Needs.program("systemd-notify");
    String script =
        notify
            + " --ready --status=up && while :; do "
            + notify
            + " WATCHDOG=1; sleep 0.1; [ ! -e hang ] || exec sleep 1000; done";
    Supervised each =
        supervise(
            "--name", "n", "--health", "notify", "--interval", "3s", "--", "/bin/sh", "-c", script);
    awaitState("n", "started");
    each.awaitTold("status: up");
    file("hang");
    each.awaitWarned();
    Files.delete(work().resolve("hang"));
    each.pid(2);
    awaitState("n", "started");
  }

  @TestAbreast
  void aProgramIsTakenUpByTheNextWrapperUntouched() throws Exception {
    file("go");
    String[] options = {"--name", "n", "--health", "notify", "--interval", "20s"};
    Supervised first = python(options);
    first.awaitPrinted("ready");
    awaitState("n", "started");
    long pid = first.pid(1);
    Supervised twice = python(options);
    assertThat(twice.exit()).isEqualTo(1);
    assertThat(twice.told()).contains("another ham supervise");

    first.signal("KILL");
    first.exit();
    Supervised other = python("--name", "n", "--health", "notify", "--interval", "21s");
    assertThat(other.exit()).as("with other options").isEqualTo(1);
    Supervised next = python(options);
    assertThat(next.pid(1)).isEqualTo(pid);
    next.awaitTold("runs on as process");
    next.signal("HUP");
    next.awaitPrinted("HUP");
    assertThat(next.printed()).as("only what is new").doesNotContain("ready");
    awaitState("n", "started");
    next.signal("TERM");
    assertThat(next.exit()).isZero();
  }

  @TestAbreast
  void aHangIsFoundAfterTheManagerWasKilled() throws Exception {
    file("go");
    Supervised each = python("--name", "n", "--health", "notify", "--interval", "10s");
    each.awaitPrinted("ready");
    awaitState("n", "started");
    long pid = each.pid(1);
    node.awaitGuard();
    long ham = node.hamPid();
    Proc.signal("KILL", ham);
    Until.isTrue("it has taken over", () -> node.hamPid() != ham);
    assertThat(look("n").pid()).isEqualTo(pid);
    assertThat(look("n").state()).isEqualTo("started");

    file("hang");

    each.awaitWarned();
    Files.delete(work().resolve("hang"));
    each.awaitPrinted("ready " + each.pid(2) + " 2");
  }

  @TestAbreast
  void detachedItIsTheManagersAndSurvivesItsOwnDeath() throws Exception {
    file("go");
    Supervised call = python("--name", "n", "--health", "notify", "--interval", "20s", "--detach");
    assertThat(call.exit()).isZero();
    awaitState("n", "started");
    long pid = look("n").pid();
    long wrapper = node.pid("n.supervise");
    Proc.signal("KILL", wrapper);
    long next = successor("n.supervise", wrapper);
    Until.isTrue("it is served again", () -> Proc.isAlive(next));
    assertThat(look("n").pid()).isEqualTo(pid);

    file("leave");

    Until.isTrue("both are gone", () -> node.object("n.supervise") == null);
    assertThat(look("n").state()).isEqualTo("ended");
    assertThat(Proc.isAlive(pid)).isFalse();
  }

  @TestAbreast
  void withoutAManagerItSupervisesByTheSameRules() throws Exception {
    file("go");
    file("deaf");
    Needs.program("python3");
    Path script = Files.writeString(work().resolve("program.py"), PROGRAM);
    String python = Needs.program("python3").toString();
    Supervised each =
        supervise(
            (LiveNode) null,
            "--standalone",
            "--name",
            "n",
            "--health",
            "notify",
            "--interval",
            "1s",
            "--",
            python,
            script.toString());
    each.awaitPrinted("ready " + each.pid(1));
    file("hang");
    each.awaitTold("instance 1 ended: signal 9 (silent)");
    Files.delete(work().resolve("hang"));
    Files.delete(work().resolve("deaf"));
    each.awaitPrinted("ready " + each.pid(2));
    Proc.signal("KILL", each.pid(2));
    each.awaitPrinted("ready " + each.pid(3));
    each.signal("TERM");
    assertThat(each.exit()).isZero();
  }
}
