package io.hamlet.it.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.hamlet.client.Command;
import io.hamlet.client.RecoveryPolicy;
import io.hamlet.client.Sam;
import io.hamlet.client.SamContract;
import io.hamlet.client.SamException;
import io.hamlet.client.SamGroup;
import io.hamlet.client.SamGroupEvent;
import io.hamlet.client.SamStatus;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Supervised programs of three nodes as a group: they hear the same, in the same order. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class GroupIT {
  private static final String GROUP = "choir";
  private static final int EACH = 40;

  @TempDir Path directory;

  /** A member that writes down what it hears, on a thread of its own. */
  private static final class Member implements AutoCloseable {
    final Sam sam;
    final SamGroup group;
    private final List<String> heard = new ArrayList<>();
    private final Thread hearing = new Thread(this::hear, "hearing");

    Member(LiveNode node) throws Exception {
      SamContract contract = SamContract.of(Duration.ZERO, RecoveryPolicy.QUIT);
      Command sleep = Command.of("/bin/sleep", "1000");
      sam = Sam.launch(node.ham(), "singer", contract, sleep, new byte[0]);
      group = sam.join(GROUP);
      hearing.setDaemon(true);
      hearing.start();
    }

    private void hear() {
      try {
        for (SamGroupEvent e = group.next(); e != null; e = group.next()) {
          String said = new String(e.message(), StandardCharsets.UTF_8);
          note(e.kind() + " " + e.member() + " " + e.why() + said + " " + e.members());
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    private synchronized void note(String line) {
      heard.add(line);
    }

    synchronized List<String> heard() {
      return List.copyOf(heard);
    }

    void awaitHeard(String line) {
      Until.isTrue(
          group.member() + " hears '" + line + "'",
          () -> heard().stream().anyMatch(h -> h.startsWith(line)));
    }

    Thread singing() {
      return Thread.ofPlatform()
          .start(
              () -> {
                try {
                  for (int i = 0; i < EACH; i++) {
                    group.send((" " + i).getBytes(StandardCharsets.UTF_8));
                  }
                } catch (SamException e) {
                  note("cannot send: " + e.getMessage());
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                }
              });
    }

    @Override
    public void close() {
      group.close();
    }
  }

  @Test
  void allHearTheSameInTheSameOrder() throws Exception {
    // A paused JVM of a node whose other one is dead is no loss.
    try (LiveCluster cluster = LiveCluster.start(directory, 3, "--lease", "6s")) {
      cluster.awaitWhole();
      try (Member a = new Member(cluster.node("a"));
          Member b = new Member(cluster.node("b"));
          Member c = new Member(cluster.node("c"))) {
        singTogether(cluster, List.of(a, b, c));
        whoEndsLeaves(a, b, c);
        whoseNodeIsLostLeaves(cluster, a, c);
      }
    }
  }

  private static void singTogether(LiveCluster cluster, List<Member> all) throws Exception {
    List<Thread> singing = all.stream().map(Member::singing).toList();
    // A manager that is taken over in the middle costs neither a message nor their order.
    LiveNode a = cluster.node("a");
    Until.isTrue("a Guardian stands by", () -> a.guardianPid() != 0);
    a.kill(List.of(a.hamPid()));
    for (Thread each : singing) {
      each.join();
    }
    Member first = all.getFirst();
    Until.isTrue("all is heard", () -> messages(first.heard()).size() == all.size() * EACH);
    List<String> order = messages(first.heard());
    assertThat(order).doesNotHaveDuplicates();
    for (Member each : all) {
      Until.isTrue("it is heard by all", () -> messages(each.heard()).size() == order.size());
      assertThat(messages(each.heard())).isEqualTo(order);
      List<String> own = order.stream().filter(m -> m.contains(each.group.member())).toList();
      for (int i = 0; i < EACH; i++) {
        assertThat(own.get(i)).contains(" " + i + " ");
      }
    }
  }

  private static List<String> messages(List<String> heard) {
    assertThat(heard).noneMatch(h -> h.startsWith("cannot send") || h.startsWith("MISSED"));
    return heard.stream().filter(h -> h.startsWith("MESSAGE")).toList();
  }

  private static void whoEndsLeaves(Member a, Member b, Member c) throws Exception {
    Proc.signal("KILL", b.sam.look().pid());
    String line = "LEFT b:singer#1 ended [a:singer#1, c:singer#1]";
    a.awaitHeard(line);
    c.awaitHeard(line);
    b.awaitHeard(line);
    Until.isTrue("it hears no more", b.group::isOver);
    assertThatExceptionOfType(SamException.class)
        .isThrownBy(() -> b.group.send(new byte[] {1}))
        .satisfies(e -> assertThat(e.status()).isEqualTo(SamStatus.BAD_HANDLE));
  }

  private static void whoseNodeIsLostLeaves(LiveCluster cluster, Member a, Member c)
      throws Exception {
    assertThat(Sam.groups(cluster.node("b").ham()).getFirst().members())
        .containsExactly("a:singer#1", "c:singer#1");
    cluster.node("c").killEverything();
    a.awaitHeard("LEFT c:singer#1 lost [a:singer#1]");
    a.group.send("alone".getBytes(StandardCharsets.UTF_8));
    a.awaitHeard("MESSAGE a:singer#1 alone");
    a.group.leave();
    a.awaitHeard("LEFT a:singer#1 left []");
    Until.isTrue("nobody is left", () -> Sam.groups(cluster.node("b").ham()).isEmpty());
  }

  @Test
  void shellsTalkAcrossNodesAndWhoIsStoppedLeaves() throws Exception {
    try (LiveCluster cluster = LiveCluster.start(directory, 3)) {
      cluster.awaitWhole();
      String ham = LiveNode.program().toString();
      Path heard = directory.resolve("heard");
      shell(
          cluster.node("a"),
          ham + " sam group join g && " + ham + " sam group listen g > " + heard + "; sleep 1000");
      LiveNode a = cluster.node("a");
      Until.isTrue("it has joined", () -> Sam.groups(a.ham()).size() == 1);
      shell(
          cluster.node("b"),
          ham + " sam group join g && " + ham + " sam group send g hello; sleep 1000");
      awaitLine(heard, "message b:shell#1 hello");
      cluster.node("b").ham().stop();
      awaitLine(heard, "left b:shell#1 stopped [a:shell#1]");
      assertThat(
              a.run(
                  Map.of("HAM_SERVER", a.address()),
                  ham,
                  "sam",
                  "group",
                  "send",
                  "g",
                  "x",
                  "--name",
                  "nobody"))
          .as("refused")
          .isEqualTo(1);
    }
  }

  private static void shell(LiveNode node, String script) throws Exception {
    Sam.launch(
        node.ham(),
        "shell",
        SamContract.of(Duration.ZERO, RecoveryPolicy.QUIT),
        Command.of("/bin/sh", "-c", script),
        new byte[0]);
  }

  private static void awaitLine(Path file, String line) {
    Until.isTrue("it hears " + line, () -> java.nio.file.Files.readAllLines(file).contains(line));
  }
}
