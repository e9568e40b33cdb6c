package io.hamlet.it.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.client.Command;
import io.hamlet.client.Condition;
import io.hamlet.client.ConditionSpec;
import io.hamlet.client.Deed;
import io.hamlet.client.Flag;
import io.hamlet.client.Ham;
import io.hamlet.client.HamException;
import io.hamlet.client.Rearm;
import io.hamlet.client.TreeObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A pid is not an identity: in a namespace of its own, pids are given out again at will. */
class SamePidIT {
  @TempDir Path directory;
  private Process namespace;
  private long init;
  private Process launcher;
  private Ham ham;

  @BeforeEach
  void makeNamespace() throws IOException {
    Needs.root();
    Needs.that("programs", "unshare and nsenter", Files.isExecutable(Path.of("/usr/bin/nsenter")));
    // A shell that waits buries the orphans, as an init must.
    String shell = "sleep 100000; :";
    namespace =
        start("unshare", "--pid", "--fork", "--mount-proc", "--kill-child", "sh", "-c", shell);
    init =
        Until.given(
            "the namespace has its first process",
            () ->
                Proc.children(namespace.pid()).stream()
                    .filter(p -> Proc.commandLine(p).equals("sh -c " + shell))
                    .findFirst()
                    .orElse(null));
    ham = Ham.connect("unix:" + directory.resolve("ham.sock"));
    launch();
  }

  @AfterEach
  void endNamespace() throws InterruptedException, IOException {
    Path memory = memory();
    if (ham != null) {
      ham.close();
    }
    if (namespace != null) {
      // With its first process everything in it ends.
      Proc.signal("KILL", init);
      namespace.waitFor();
    }
    LiveNode.removeMemory(memory);
  }

  /** Where the node inside has its live log; it is seen from outside too. */
  private Path memory() throws IOException {
    String state = directory.resolve("state").toString();
    for (long pid : Proc.all().toList()) {
      String words = Proc.commandLine(pid);
      if (words.contains("io.hamlet.agent.Main node") && words.contains(state)) {
        return Proc.mapped(pid, "log");
      }
    }
    return null;
  }

  @Test
  void aStrangerAtThePidOfAnEntityThatDiedUnseenIsNotTakenForIt() throws Exception {
    long pid = watched("service");
    long ham = this.ham.status().ham().pid();
    long guardian = this.ham.status().guardian().pid();
    inside("kill", "-KILL", "" + launcherInside(), "" + guardian, "" + ham, "" + pid);
    Until.isTrue("its pid is free", () -> !isThere(pid));
    stranger(pid);

    launch();

    TreeObject service = up("service", pid);
    assertThat(service.restarts()).isEqualTo(1);
    assertThat(inside("kill", "-0", "" + pid)).as("the stranger lives").isZero();
    inside("kill", "-KILL", "" + service.pid());
    Until.isTrue("it is watched again", () -> object("service").restarts() == 2);
    assertThat(inside("kill", "-0", "" + pid)).as("the stranger lives on").isZero();
  }

  @Test
  void theEndOfAStrangerAtAnOldPidIsNobodysDeath() throws Exception {
    long pid = watched("service");
    inside("kill", "-KILL", "" + pid);
    TreeObject second = up("service", pid);
    Until.isTrue("its pid is free", () -> !isThere(pid));
    stranger(pid);
    inside("kill", "-KILL", "" + pid);
    Until.isTrue("the stranger is gone", () -> !isThere(pid));

    inside("kill", "-KILL", "" + second.pid());

    Until.isTrue("two deaths", () -> object("service").deaths() == 2);
    up("service", second.pid());
    assertThat(object("service").restarts()).isEqualTo(2);
  }

  @Test
  void anEntityThatIsStartedAgainAtItsOldPidIsANewProcess() throws Exception {
    long pid = watched("service");
    long before = -1;
    for (int tries = 1; before != pid && tries <= 100; tries++) {
      // Gates are made ahead, so some restarts pass before the old number comes up.
      long now = up("service", -1).pid();
      if (tries % 20 == 0) {
        // A thread of a manager may have got that one, and keep it.
        pid = now;
      }
      before = now;
      long deaths = object("service").deaths();
      inside("sh", "-c", nextIs(pid) + "kill -KILL " + now);
      Until.isTrue("seen", () -> object("service").deaths() == deaths + 1);
      before = up("service", now).pid();
    }
    assertThat(before).as("the old pid came up again").isEqualTo(pid);
    long deaths = object("service").deaths();
    assertThat(object("service").restarts()).isEqualTo(deaths);
    inside("kill", "-KILL", "" + before);
    Until.isTrue("seen at the old pid too", () -> object("service").deaths() == deaths + 1);
    up("service", -1);
    assertThat(object("service").restarts()).isEqualTo(deaths + 1);
  }

  @Test
  void aSignalActionDoesNotHitAStrangerAtThePidOfItsRecipient() throws Exception {
    long recipient = watched("recipient");
    watched("service");
    Condition death = ham.named("service").named("dead");
    death.action("tell", Deed.signal(recipient, 9), Rearm.ON, Flag.OfAction.KEEP_ON_FAIL);
    inside("kill", "-KILL", "" + recipient);
    up("recipient", recipient);
    Until.isTrue("its pid is free", () -> !isThere(recipient));
    stranger(recipient);

    long pid = object("service").pid();
    inside("kill", "-KILL", "" + pid);

    up("service", pid);
    Until.isTrue(
        "the signal has failed",
        () ->
            ham.why("service").events().stream()
                .anyMatch(e -> e.path().endsWith("tell") && e.event().equals("action-failed")));
    assertThat(inside("kill", "-0", "" + recipient)).as("the stranger lives").isZero();
  }

  private long watched(String name) throws InterruptedException {
    ham.attach(name, Command.of("/bin/sleep", "1000"), Flag.OfEntity.KEEP_ON_DEATH)
        .condition("dead", ConditionSpec.death().rearm(Rearm.ON))
        .action("again", Deed.restart(), Rearm.ON);
    return up(name, -1).pid();
  }

  private TreeObject object(String name) throws InterruptedException {
    return ham.read(name, 0).objects().getFirst();
  }

  private TreeObject up(String name, long otherThan) {
    return Until.given(
        name + " is up",
        () -> {
          TreeObject o = object(name);
          return o.pid() > 0 && o.pid() != otherThan && o.state().equals("up") ? o : null;
        });
  }

  /** Makes somebody else's process at a pid that is free. */
  private void stranger(long pid) {
    Until.isTrue(
        "a stranger at pid " + pid,
        () -> {
          inside(
              "sh", "-c", nextIs(pid) + "sleep 5000 & echo $! >" + directory.resolve("stranger"));
          long got = Long.parseLong(Files.readString(directory.resolve("stranger")).strip());
          if (got != pid) {
            inside("kill", "-KILL", "" + got);
          }
          return got == pid;
        });
  }

  private static String nextIs(long pid) {
    return "echo " + (pid - 1) + " >/proc/sys/kernel/ns_last_pid; ";
  }

  private boolean isThere(long pid) throws Exception {
    return inside("test", "-e", "/proc/" + pid) == 0;
  }

  private void launch() throws IOException {
    launcher =
        start(
            into(
                LiveNode.program().toString(),
                "run",
                "--node",
                "inside",
                "--state",
                directory.resolve("state").toString(),
                "--socket",
                directory.resolve("ham.sock").toString(),
                "--listen",
                "127.0.0.1:0"));
    Until.isTrue("the node inside answers", this::answers);
  }

  private boolean answers() throws InterruptedException {
    try {
      return ham.status().ham().pid() > 0;
    } catch (HamException e) {
      return false;
    }
  }

  private long launcherInside() throws IOException {
    String lock = Files.readString(directory.resolve("state/launcher.lock")).strip();
    assertThat(launcher.isAlive()).isTrue();
    return Long.parseLong(lock);
  }

  private int inside(String... command) throws InterruptedException, IOException {
    return start(into(command)).waitFor();
  }

  private String[] into(String... command) {
    List<String> words =
        new ArrayList<>(List.of("nsenter", "-t", Long.toString(init), "-p", "-m", "--"));
    words.addAll(List.of(command));
    return words.toArray(String[]::new);
  }

  private Process start(String... command) throws IOException {
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(directory.resolve("output").toFile()))
        .start();
  }
}
