package io.hamlet.it.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.client.Command;
import io.hamlet.client.Status;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Nodes on hosts of their own, and one more host that belongs to nobody. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OffLoopbackIT {
  private static final int NODES = 3;
  private static final int OUTSIDE = 3;

  private static final int NOBODY = 69;
  private static final int DENIED = 77;
  private static final int CONFIG = 78;

  /** A heap of 128 MiB, its JVM, and what the kernel counts of mapped files. */
  private static final long MOST_KIB = 400 * 1024;

  @TempDir static Path directory;
  private Hosts hosts;
  private HostKeys keys;
  private LiveCluster cluster;

  @RegisterExtension final Evidence evidence = Evidence.ofAll(() -> cluster);

  @BeforeAll
  void start() throws Exception {
    Needs.hosts();
    hosts = Hosts.make(NODES + 1);
    keys = HostKeys.make(directory.resolve("keys"));
    cluster = LiveCluster.start(hosts, keys, directory, NODES);
  }

  @AfterAll
  void stop() {
    if (cluster != null) {
      cluster.close();
    }
    if (hosts != null) {
      hosts.close();
    }
  }

  @Test
  void theySeeEachOther() throws Exception {
    Until.isTrue("a has a majority", () -> cluster.node("a").ham().status().cluster().quorate());
    assertThat(cluster.node("a").ham().status().cluster().members())
        .extracting(Status.Member::node)
        .containsExactly("a", "b", "c");
    cluster.awaitAll("up");
    assertThat(cluster.seen("a", "b").address()).isEqualTo(hosts.address(1) + ":4226");
    assertThat(cluster.seen("a", "b").hamPid()).isEqualTo(cluster.node("b").hamPid());
  }

  @Test
  void aCertificateSaysWhatMayBeDoneFromAfar() throws Exception {
    List<String> admin = keys.optionsOf("admin");
    ham(admin, "--node b attach far --keep-on-death -- /bin/sleep 1000").is(0);
    long pid = cluster.node("b").pid("far");
    assertThat(pid).isPositive();
    assertThat(cluster.node("a").object("far")).isNull();

    List<String> view = keys.optionsOf("view");
    ham(view, "cat b:far").is(0).with("\"pid\":" + pid);
    ham(view, "--node b entity sneaked")
        .is(DENIED)
        .explains("needs the role admin")
        .explains("yours is view");
    ham(keys.optionsOf("operate"), "state b:far 3").is(0);
    ham(keys.optionsOf("operate"), "--node b detach far").is(DENIED);

    HostKeys other = HostKeys.make(directory.resolve("other-keys"));
    ham(other.optionsOf("admin"), "--node b entity sneaked").is(DENIED);
    ham(List.of(), "--node b entity sneaked").is(NOBODY);
    assertThat(cluster.node("b").object("sneaked")).isNull();
    assertThat(cluster.node("b").pid("far")).isEqualTo(pid);
  }

  @Test
  void withoutSecretsNothingGoesOffLoopback() throws Exception {
    List<String> options = HostKeys.make(directory.resolve("more-keys")).options();
    List<String> key = options.subList(0, 2);
    List<String> tls = options.subList(2, options.size());
    run("--cluster x --bind %s".formatted(hosts.address(OUTSIDE)), tls)
        .is(CONFIG)
        .explains("a cluster-key is required");
    run("--cluster x --bind %s".formatted(hosts.address(OUTSIDE)), key)
        .is(CONFIG)
        .explains("TLS is required");
    run("--listen %s:4226".formatted(hosts.address(OUTSIDE)), List.of())
        .is(CONFIG)
        .explains("TLS is required");
    Files.setPosixFilePermissions(
        Path.of(key.get(1)), PosixFilePermissions.fromString("rw-r--r--"));
    run("--cluster x --bind %s".formatted(hosts.address(OUTSIDE)), options)
        .is(CONFIG)
        .explains("cluster.key");
  }

  @Test
  void whoHasAnotherKeyIsNobodyAndHarmsNobody() throws Exception {
    HostKeys other = HostKeys.make(directory.resolve("strange-keys"));
    List<String> words = new ArrayList<>(other.options());
    words.addAll(List.of("--cluster", cluster.name()));
    words.addAll(List.of("--bind", hosts.address(OUTSIDE), "--join", hosts.address(0)));
    words.addAll(List.of("--listen", hosts.address(OUTSIDE) + ":4226"));
    List<Long> before = pids();
    List<String> digests = digests();
    try (LiveNode x =
        LiveNode.prepare(
            directory.resolve("x"), "x", hosts.enter(OUTSIDE), words.toArray(String[]::new))) {
      x.launch();
      Until.isTrue(
          "x has knocked for a while", () -> x.ham().status().cluster().members().size() == 1);
      cluster.node("a").ham().connectNode("c").status();
      assertThat(cluster.seen("a", "x")).isNull();
      assertThat(cluster.seen("b", "x")).isNull();
      assertThat(x.ham().status().cluster().members())
          .extracting(Status.Member::node)
          .containsExactly("x");
    }
    assertUnharmed(before, digests);
  }

  @Test
  void garbageAtEveryPortHarmsNobody() throws Exception {
    long pid = cluster.node("c").ham().attach("calm", Command.of("/bin/sleep", "1000")).pid();
    List<Long> before = pids();
    List<String> digests = digests();
    List<String> command = new ArrayList<>(hosts.enter(OUTSIDE));
    command.add(Path.of(System.getProperty("java.home"), "bin/java").toString());
    command.addAll(List.of("-XX:+UseSerialGC", "-Xmx64m", "-XX:TieredStopAtLevel=1"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(Stranger.class.getName(), "1"));
    for (int host = 0; host < NODES; host++) {
      for (int port = LiveCluster.API; port < LiveCluster.BUS + 10; port++) {
        command.add(hosts.address(host) + ":" + port);
      }
    }
    Said thrown = Said.run(command).is(0);
    assertThat(Integer.parseInt(thrown.out().strip().split(" ")[1])).isPositive();

    assertUnharmed(before, digests);
    assertThat(cluster.node("c").pid("calm")).isEqualTo(pid);
    for (long manager : before) {
      assertThat(Proc.rssKib(manager)).as("memory of " + manager).isLessThan(MOST_KIB);
    }
  }

  /** HAM and Guardian of each node. */
  private List<Long> pids() throws InterruptedException {
    List<Long> all = new ArrayList<>();
    for (LiveNode node : cluster.nodes()) {
      all.add(node.hamPid());
      all.add(Until.given("a Guardian", () -> node.guardianPid() == 0 ? null : node.guardianPid()));
    }
    return all;
  }

  /** Of all trees. */
  private List<String> digests() throws InterruptedException {
    List<String> all = new ArrayList<>();
    for (LiveNode node : cluster.nodes()) {
      all.add(node.ham().statusWithDigest().digest());
    }
    all.add(cluster.node("a").ham().connectNode("*").statusWithDigest().digest());
    return all;
  }

  private void assertUnharmed(List<Long> before, List<String> digests) throws Exception {
    cluster.awaitAll("up");
    assertThat(pids()).isEqualTo(before);
    assertThat(digests()).isEqualTo(digests);
    for (LiveNode node : cluster.nodes()) {
      assertThat(node.ham().status().ham().failures()).isZero();
      assertThat(node.ham().connectNode("b").status().node()).isEqualTo("b");
    }
  }

  /** One command from outside, asked of node a. */
  private Said ham(List<String> tls, String line) throws Exception {
    List<String> command = new ArrayList<>(hosts.enter(OUTSIDE));
    command.add(LiveNode.program().toString());
    command.addAll(List.of("-o", "json", "--server", hosts.address(0) + ":" + LiveCluster.API));
    command.addAll(tls);
    command.addAll(List.of(line.split(" ")));
    return Said.run(command);
  }

  /** A node outside that must not start. */
  private Said run(String line, List<String> more) throws Exception {
    List<String> command = new ArrayList<>(hosts.enter(OUTSIDE));
    command.addAll(List.of(LiveNode.program().toString(), "run", "--node", "x"));
    command.addAll(List.of("--state", directory.resolve("refused").toString()));
    command.addAll(List.of("--socket", directory.resolve("refused.sock").toString()));
    command.addAll(List.of(line.split(" ")));
    command.addAll(more);
    return Said.run(command);
  }
}
