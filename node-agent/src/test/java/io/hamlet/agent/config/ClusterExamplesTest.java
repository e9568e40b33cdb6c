package io.hamlet.agent.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.agent.cli.RunVerb;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The shipped examples of clusters are read as an operator would have them read. */
class ClusterExamplesTest {
  private static final Path EXAMPLES = Path.of("../deploy/etc");
  private static final List<String> NODES = List.of("alpha", "beta", "gamma");

  @TempDir Path etc;

  @BeforeEach
  void keys() throws IOException {
    for (String name : List.of("cluster.key", "node.pem", "node.key", "ca.pem")) {
      Path file = Files.write(etc.resolve(name), new byte[64]);
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }
  }

  @Test
  void threeHostsMakeOneCluster() throws Exception {
    Map<String, NodeConfig> read = new TreeMap<>();
    for (String name : NODES) {
      Path copy = etc.resolve(name + ".conf");
      Files.copy(EXAMPLES.resolve("cluster").resolve(name + ".conf"), copy);
      read.put(name, NodeConfig.of(Map.of("config", copy.toString()), etc, Map.of()));
    }
    Set<Bind> places = new HashSet<>();
    List<Join> joined = new ArrayList<>();
    read.forEach(
        (name, config) -> {
          ClusterConfig cluster = config.cluster().orElseThrow();
          assertThat(config.node()).isEqualTo(name);
          assertThat(config.tls()).isPresent();
          assertThat(cluster.key()).isPresent();
          assertThat(cluster.voters()).isEqualTo(NODES);
          assertThat(cluster.name()).isEqualTo(read.get("alpha").cluster().orElseThrow().name());
          assertThat(places.add(cluster.bind())).isTrue();
          joined.add(
              new Join.Host(cluster.bind().address().getHostAddress(), cluster.bind().port()));
        });
    assertThat(read.values())
        .allSatisfy(c -> assertThat(c.cluster().orElseThrow().join()).isEqualTo(joined));
  }

  /** Without cgroups that it can write it is a witness on each host, and has no more rights. */
  @Test
  void aHostOfKubernetesHasAllRightsOnlyWhenSomebodySaysSo() throws IOException {
    List<String> lines = Files.readAllLines(EXAMPLES.resolve("kubernetes.yaml"));
    assertThat(lines).noneMatch(l -> l.strip().startsWith("privileged"));
    int at = lines.indexOf("          # securityContext:");
    assertThat(lines.get(at + 1)).isEqualTo("          #   privileged: true");
    assertThat(lines.indexOf("      containers:")).isLessThan(at).isPositive();
    assertThat(lines.indexOf("      volumes:")).isGreaterThan(at);
  }

  @Test
  void aHostOfKubernetesIsANode() throws Exception {
    List<String> words =
        Files.readString(EXAMPLES.resolve("kubernetes.yaml"))
            .lines()
            .map(String::strip)
            .filter(line -> line.startsWith("- --"))
            .map(line -> line.substring(2).replace("$(NODE)", "worker-2"))
            .map(line -> line.replace("$(ADDRESS)", "192.0.2.7"))
            .map(line -> line.replace("/etc/hamlet", etc.toString()))
            .toList();
    NodeConfig config = NodeConfig.of(RunVerb.options(words), etc, Map.of());
    ClusterConfig cluster = config.cluster().orElseThrow();
    assertThat(cluster.voters()).contains(config.node()).hasSize(3);
    assertThat(cluster.join())
        .containsExactly(new Join.Dns("hamlet.default.svc.cluster.local", cluster.bind().port()));
    assertThat(config.listen()).isPresent();
  }
}
