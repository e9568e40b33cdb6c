package io.hamlet.it.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.client.Command;
import io.hamlet.client.Ham;
import io.hamlet.client.Status;
import io.hamlet.manager.cluster.BusConfig;
import io.hamlet.manager.cluster.JGroupsBus;
import io.hamlet.manager.port.ClusterBus;
import io.hamlet.manager.port.Member;
import io.hamlet.manager.port.Subject;
import io.hamlet.manager.wire.Hello;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Who does not belong to a cluster, and who only seems to: it is told, and nothing changes. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class IntrudersIT {
  private static final int CONFIGURATION = 78;

  @TempDir static Path directory;
  private LiveCluster cluster;

  @RegisterExtension final Evidence evidence = Evidence.ofAll(() -> cluster);
  private Map<String, String> before;
  private Map<String, Long> services;

  @BeforeAll
  void start() throws Exception {
    // On a busy machine nobody is to be lost for another reason.
    cluster = LiveCluster.start(directory, 3, "--lease", "6s");
    services = new LinkedHashMap<>();
    for (LiveNode node : cluster.nodes()) {
      long pid = node.ham().attach("service", Command.of("/bin/sleep", "86400")).pid();
      services.put(node.name(), pid);
    }
    cluster.node("a").ham().connectNode("*").named(".global").publishState(1);
  }

  @AfterAll
  void stop() {
    if (cluster != null) {
      cluster.close();
    }
  }

  @BeforeEach
  void look() throws InterruptedException {
    before = digests();
  }

  @AfterEach
  void nothingHasChanged() throws InterruptedException {
    cluster.awaitAll("up");
    assertThat(digests()).isEqualTo(before);
    for (LiveNode node : cluster.nodes()) {
      assertThat(node.pid("service")).isEqualTo(services.get(node.name()));
      assertThat(node.ham().status().ham().failures()).isZero();
    }
  }

  /** Of every tree, by whom it is asked. */
  private Map<String, String> digests() throws InterruptedException {
    Map<String, String> digests = new LinkedHashMap<>();
    for (LiveNode node : cluster.nodes()) {
      digests.put(node.name(), node.ham().statusWithDigest().digest());
      Ham all = node.ham().connectNode("*");
      digests.put("* at " + node.name(), all.statusWithDigest().digest());
    }
    return digests;
  }

  @Test
  void garbageAtEveryPort() throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin/java").toString());
    command.addAll(List.of("-XX:+UseSerialGC", "-Xmx64m", "-XX:TieredStopAtLevel=1"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(Stranger.class.getName(), "2"));
    for (LiveNode node : cluster.nodes()) {
      for (int i = 0; i < Ports.OF_A_NODE; i++) {
        command.add("127.0.0.1:" + (cluster.port(node.name()) + i));
      }
    }
    Path out = directory.resolve("stranger.out");
    Process stranger =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(out.toFile()).start();
    assertThat(stranger.waitFor(3, TimeUnit.MINUTES)).isTrue();
    assertThat(stranger.exitValue()).as(Files.readString(out)).isZero();
    assertThat(Files.readString(out)).contains("taken ").doesNotContain("taken 0");
    cluster.node("a").ham().connectNode("c").handle("service");
  }

  @Test
  void aNodeOfANameThatIsInUse() throws Exception {
    refusedFor(LiveNode.prepare(directory.resolve("other"), "b", options("other")));
  }

  @Test
  void aCopyOfAStateDirectoryBesideItsOriginal() throws Exception {
    Path clone = Files.createDirectory(directory.resolve("clone"));
    LiveNode b = cluster.node("b");
    assertThat(b.run(Map.of(), "cp", "-a", b.state().toString(), clone + "/state")).isZero();
    refusedFor(LiveNode.prepare(clone, "b", options("clone")));
  }

  private void refusedFor(LiveNode node) throws Exception {
    try (node) {
      node.begin();
      assertThat(node.awaitEnd()).isEqualTo(CONFIGURATION);
      assertThat(Files.readString(node.output()))
          .contains("the node name 'b' is in use")
          .contains("pid " + cluster.node("b").hamPid())
          .doesNotContain("\tat ");
    }
    assertThat(cluster.node("b").ham().status().notices()).noneMatch(n -> n.contains("CLONED"));
  }

  private String[] options(String ports) {
    List<String> options = new ArrayList<>(cluster.options(ports));
    options.addAll(List.of("--voters", "a,b,c", "--lease", "6s"));
    return options.toArray(String[]::new);
  }

  @Test
  void oneThatSpeaksAnotherVersionOfTheBus() throws Exception {
    Member self = new Member("d", Member.Role.HAM, ProcessHandle.current().pid(), 1, "127.0.0.1:1");
    Hello newer = new Hello(Hello.VERSION + 1, cluster.name(), "", self, 1, 0, "");
    InetAddress here = InetAddress.getLoopbackAddress();
    BusConfig.Seed seed = new BusConfig.Seed("127.0.0.1", cluster.port("a"));
    int port = Ports.freeRange();
    BusConfig config = new BusConfig(here, port, List.of(seed), null, null);
    try (JGroupsBus bus = new JGroupsBus(config, newer, System::nanoTime, new Deaf())) {
      bus.start();
      for (LiveNode node : cluster.nodes()) {
        String words =
            "speaks version %d of the bus and this node %d"
                .formatted(Hello.VERSION + 1, Hello.VERSION);
        Until.isTrue(
            node.name() + " tells of it",
            () -> node.ham().status().notices().stream().anyMatch(n -> n.contains(words)));
        assertThat(node.ham().status().cluster().members())
            .extracting(Status.Member::node)
            .containsExactly("a", "b", "c");
      }
      assertThat(bus.view()).containsExactly(self);
    }
  }

  private static final class Deaf implements ClusterBus.Listener {
    @Override
    public void received(Member from, Subject subject, byte[] message) {
      throw new AssertionError("nobody of another version is told anything: " + subject);
    }

    @Override
    public void viewChanged(List<Member> members) {}
  }
}
