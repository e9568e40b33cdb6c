package io.hamlet.it.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.it.lease.LeaseTalker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Lease datagrams between hosts: silence is noticed by direction, and leases end with a cut. */
class LeaseHostsIT {
  private static final List<String> NODES = List.of("a", "b", "c");

  @TempDir Path directory;
  private final List<Process> talkers = new ArrayList<>();

  /** How many lines of each host belong to its start. */
  private final List<Integer> settled = new ArrayList<>();

  private Hosts hosts;

  @BeforeEach
  void start() throws IOException {
    Needs.root();
    Needs.that("netns", "network namespaces", Hosts.possible());
    hosts = Hosts.make(NODES.size());
    for (int i = 0; i < NODES.size(); i++) {
      talk(i, "ham");
      talk(i, "guardian");
    }
    for (int i = 0; i < NODES.size(); i++) {
      awaitLine(i, "lease");
      settle(i);
    }
  }

  /** Who started late was silent at first; from here on it counts. */
  private void settle(int host) throws IOException {
    Until.isTrue(
        NODES.get(host) + " hears all",
        () -> {
          List<String> lines = said(host);
          return NODES.stream()
              .allMatch(node -> count(lines, node + " silent") == count(lines, node + " heard"));
        });
    settled.add(said(host).size());
  }

  private static long count(List<String> lines, String line) {
    return lines.stream().filter(line::equals).count();
  }

  private void talk(int host, String role) throws IOException {
    List<String> command = new ArrayList<>(hosts.enter(host));
    command.add(Path.of(System.getProperty("java.home"), "bin/java").toString());
    command.addAll(List.of("-XX:+UseSerialGC", "-Xmx32m", "-XX:TieredStopAtLevel=1"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(LeaseTalker.class.getName(), role, NODES.get(host)));
    for (int i = 0; i < NODES.size(); i++) {
      command.add(NODES.get(i) + "=" + hosts.address(i) + ":4227");
    }
    talkers.add(
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(out(host, role).toFile())
            .start());
  }

  @AfterEach
  void stop() {
    talkers.forEach(Process::destroyForcibly);
    talkers.forEach(t -> Until.isTrue("a talker is gone", () -> !t.isAlive()));
    if (hosts != null) {
      hosts.close();
    }
  }

  private Path out(int host, String role) {
    return directory.resolve(NODES.get(host) + "." + role);
  }

  /** What a host's HAM has said since all was well, without the times. */
  private List<String> said(int host) throws IOException {
    return Files.readAllLines(out(host, "ham")).stream()
        .map(line -> line.substring(line.indexOf(' ') + 1))
        .skip(host < settled.size() ? settled.get(host) : 0)
        .toList();
  }

  private void awaitLine(int host, String line) {
    Until.isTrue(NODES.get(host) + " says: " + line, () -> said(host).contains(line));
  }

  @Test
  void oneWayIsNoticedByOneSideAndCostsNoLease() throws IOException {
    hosts.drop(2, 0);
    awaitLine(0, "c silent");
    hosts.heal();
    awaitLine(0, "c heard");
    assertThat(said(1)).isEmpty();
    assertThat(said(2)).isEmpty();
  }

  @Test
  void whoIsAloneLosesItsLeaseAndTheOthersKeepTheirs() throws IOException {
    hosts.isolate(List.of(2));
    awaitLine(0, "c silent");
    awaitLine(1, "c silent");
    awaitLine(2, "a silent");
    awaitLine(2, "b silent");
    awaitLine(2, "no lease");
    hosts.heal();
    awaitLine(0, "c heard");
    awaitLine(1, "c heard");
    // It may hear the others before that, or after.
    Until.isTrue(
        "c has a lease again",
        () -> said(2).lastIndexOf("lease") > said(2).lastIndexOf("no lease"));
    assertThat(said(0)).doesNotContain("no lease", "b silent");
    assertThat(said(1)).doesNotContain("no lease", "a silent");
  }

  @Test
  void aPulledCableIsTheSame() throws IOException {
    hosts.unplug(1);
    awaitLine(0, "b silent");
    awaitLine(2, "b silent");
    awaitLine(1, "no lease");
    hosts.plug(1);
    awaitLine(0, "b heard");
    awaitLine(2, "b heard");
    assertThat(said(0)).doesNotContain("no lease", "c silent");
  }

  @Test
  void oneOfThePairIsEnough() throws IOException {
    talkers.get(2).destroyForcibly();
    Until.isTrue("b's HAM is gone", () -> !talkers.get(2).isAlive());
    hosts.drop(2, 0);
    awaitLine(0, "c silent");
    assertThat(said(0)).doesNotContain("b silent");
    talkers.get(3).destroyForcibly();
    awaitLine(0, "b silent");
  }
}
