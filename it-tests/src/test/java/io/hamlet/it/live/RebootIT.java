package io.hamlet.it.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.client.Ack;
import io.hamlet.client.Command;
import io.hamlet.client.Condition;
import io.hamlet.client.ConditionSpec;
import io.hamlet.client.Deed;
import io.hamlet.client.Entity;
import io.hamlet.client.Ham;
import io.hamlet.client.Rearm;
import io.hamlet.it.live.SoleProgram.Start;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * The host of a node dies and comes back: it has its processes in a namespace of its own, so they
 * end with it, and the next one is another boot (architecture.md 2). Whatever was registered is
 * there again, and its recovery runs, once.
 */
class RebootIT {
  private static final Duration LONG = Duration.ofMinutes(1);
  private static final List<String> HOST =
      List.of("unshare", "--pid", "--fork", "--mount-proc", "--kill-child");

  @TempDir Path directory;
  private LiveCluster cluster;
  private LiveNode b;

  @RegisterExtension final Evidence evidence = Evidence.of(() -> b);

  @BeforeEach
  void start() throws Exception {
    Needs.root();
    Needs.program("unshare");
    cluster = LiveCluster.start(directory, 3, node -> node.equals("b") ? HOST : List.of());
    b = cluster.node("b");
    Ham ham = b.ham().withAck(Ack.MAJORITY).withTimeout(LONG);
    ham.entity("kept");
    Entity service = ham.attach("service", shell("echo $$ >>" + starts() + ";exec sleep 1000"));
    Condition died = service.condition("died", ConditionSpec.death().rearm(Rearm.ON));
    died.action("again", Deed.restart(), Rearm.ON);
    List<String> words = List.of("/bin/sh", "-c", "echo $HAM_EVENT $HAM_REASON >>" + notes());
    died.action("note", new Deed.Execute(words, ""), Rearm.ON);
    Until.isTrue("it runs", () -> lines(starts()).size() == 1);
  }

  @AfterEach
  void stop() {
    if (cluster != null) {
      cluster.close();
    }
  }

  @Test
  void itsTreeIsOnItsDisk() throws Exception {
    powerCut();
    b.launch();
    isAsItWas();
  }

  @Test
  void itsTreeComesFromTheOthersWhenItsDiskIsLost() throws Exception {
    powerCut();
    try (var files = Files.list(b.state().resolve("log"))) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    b.launch();
    isAsItWas();
  }

  /** No lease ends what is kept, and a rejoin is no proof: a person has to say so. */
  @Test
  void whatTheClusterKeepsThereWaitsForAWordAboutTheBootBefore() throws Exception {
    Operator operator = new Operator(cluster.node("a"), directory);
    SoleProgram db = operator.attach("db", "--prefer b --quorum-loss keep");
    Start first = Operator.awaitStart(db, 1, "b");
    powerCut();
    b.launch();
    cluster.awaitAll("up");
    Until.isTrue(
        "it is told whose word is missing",
        () -> {
          operator.text("status").is(0).with("'b' holds 'db' from before it was booted");
          return true;
        });
    assertThat(db.last()).isEqualTo(first);
    operator.text("fence confirm c").is(1).explains("'c' is up");

    operator.json("fence confirm b").is(0).with("\"confirmed\":\"b\"");

    Start second = Operator.awaitStart(db, 2, "b");
    assertThat(second.token()).isGreaterThan(first.token());
    db.assertOneOwner();
    assertThat(operator.text("status").is(0).out()).doesNotContain("from before it was booted");
  }

  private void powerCut() {
    b.killEverything();
    LiveNode.removeMemory(b.memory());
    cluster.await("a", "b", "lost");
  }

  private void isAsItWas() throws Exception {
    assertThat(b.object("kept")).isNotNull();
    Until.isTrue("the service runs again", () -> b.pid("service") != 0);
    Until.isTrue("it was noted", () -> !lines(notes()).isEmpty());
    cluster.awaitAll("up");
    // The shell tells a moment after it is up.
    Until.isTrue("it has told its start", () -> lines(starts()).size() >= 2);
    assertThat(lines(starts())).hasSize(2);
    assertThat(lines(notes())).containsExactly("death REBOOT");
    assertThat(b.object("service").restarts()).isEqualTo(1);
    // It is watched as before, and another end of it is not taken for the first.
    Proc.signal("KILL", outside(b.pid("service")));
    Until.isTrue("it was noted too", () -> lines(notes()).size() == 2);
    assertThat(lines(notes()).getLast()).isEqualTo("death signal 9");
    Until.isTrue("it has told that start too", () -> lines(starts()).size() >= 3);
    assertThat(lines(starts())).hasSize(3);
    for (LiveNode each : cluster.nodes()) {
      Until.isTrue(
          each.name() + " knows it",
          () ->
              each.ham().connectNode("b").read("service", 0).objects().getFirst().restarts() == 2);
    }
  }

  /** The pid here of what is that pid in the namespace of b. */
  private long outside(long inside) {
    return Until.given(
        "it sleeps",
        () ->
            Proc.all()
                .filter(p -> Proc.commandLine(p).equals("sleep 1000"))
                .filter(p -> Proc.namespacePids(p).getLast() == inside)
                .findFirst()
                .orElse(null));
  }

  private static Command shell(String script) {
    return Command.of("/bin/sh", "-c", script);
  }

  private Path starts() {
    return directory.resolve("starts");
  }

  private Path notes() {
    return directory.resolve("notes");
  }

  private static List<String> lines(Path file) throws IOException {
    return Files.exists(file) ? Files.readAllLines(file) : List.of();
  }
}
