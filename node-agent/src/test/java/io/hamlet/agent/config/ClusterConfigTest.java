package io.hamlet.agent.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClusterConfigTest {
  @TempDir Path directory;

  @Test
  void withoutANameThereIsNoCluster() throws ConfigException {
    assertThat(read(Map.of()).cluster()).isEmpty();
    assertThat(read(Map.of()).tls()).isEmpty();
  }

  @Test
  void aNameIsEnough() throws ConfigException {
    ClusterConfig cluster = read(Map.of("cluster", "c")).cluster().orElseThrow();
    assertThat(cluster.name()).isEqualTo("c");
    assertThat(cluster.bind()).isEqualTo(new Bind(InetAddress.ofLiteral("127.0.0.1"), 4227));
    assertThat(cluster.join()).isEmpty();
    assertThat(cluster.voters()).isEmpty();
    assertThat(cluster.key()).isEmpty();
    assertThat(cluster.lease()).isEqualTo(Duration.ofMillis(1500));
  }

  @Test
  void everythingIsRead() throws Exception {
    Map<String, String> options = offLoopback();
    options.put("bind", "[2001:db8::1]:5000");
    options.put("join", "beta, gamma:6000 ,[::1]:7000,dns:ham.example,multicast");
    options.put("voters", "alpha,beta , gamma");
    options.put("lease", "2s");
    NodeConfig config = read(options);
    ClusterConfig cluster = config.cluster().orElseThrow();
    assertThat(cluster.bind()).isEqualTo(new Bind(InetAddress.ofLiteral("2001:db8::1"), 5000));
    assertThat(cluster.join())
        .containsExactly(
            new Join.Host("beta", 5000),
            new Join.Host("gamma", 6000),
            new Join.Host("::1", 7000),
            new Join.Dns("ham.example", 5000),
            new Join.Multicast(InetAddress.ofLiteral(Join.DEFAULT_GROUP), 4236));
    assertThat(cluster.voters()).containsExactly("alpha", "beta", "gamma");
    assertThat(cluster.lease()).isEqualTo(Duration.ofSeconds(2));
    assertThat(cluster.key().orElseThrow().read()).hasSize(32);
    assertThat(config.tls()).isPresent();
  }

  @ParameterizedTest
  @CsvSource({
    "bind,0.0.0.0:4227",
    "bind,example.org",
    "bind,127.0.0.1:0",
    "bind,127.0.0.1:65527",
    "bind,::1",
    "bind,239.0.0.1",
    "cluster,a b",
    "lease,499ms",
    "lease,61s",
    "lease,1500",
    "lease,1m",
    "voters,'a,,b'",
    "voters,'a,a'",
    "voters,'a,b c'",
    "voters,'a,b,c,d,e,f,g,h,i,j'",
    "join,'a,a'",
    "join,a:0",
    "join,a:65527",
    "join,dns:",
    "join,dns:10.0.0.1",
    "join,multicast:10.0.0.1",
    "join,-x",
    "join,a:b:c",
    "cluster-key,none",
    "capacity,-1",
    "capacity,many",
    "capacity,100001",
    "quorum-stop-grace,61s",
    "quorum-stop-grace,-1s",
    "quorum-stop-grace,1"
  })
  void refusesABadValue(String key, String value) {
    Map<String, String> options = new HashMap<>(Map.of("cluster", "c"));
    options.put(key, value);
    assertThat(problems(options)).singleElement().asString().startsWith("--" + key + ": ");
  }

  @Test
  void aNodeTakesSoManyOrNoneOrAll() throws Exception {
    assertThat(read(Map.of("cluster", "c")).cluster().orElseThrow().capacity())
        .isEqualTo(ClusterConfig.UNLIMITED);
    for (int capacity : new int[] {0, 7, 100_000}) {
      Map<String, String> options = Map.of("cluster", "c", "capacity", "" + capacity);
      assertThat(read(options).cluster().orElseThrow().capacity()).isEqualTo(capacity);
    }
    assertThat(problems(Map.of("capacity", "1"))).singleElement().asString().contains("--cluster");
  }

  @Test
  void fencingNeedsACommand() throws Exception {
    Map<String, String> options = new HashMap<>(Map.of("cluster", "c", "fencing", "required"));
    assertThat(problems(options)).singleElement().asString().contains("give fence-agent");
    options.put("fence-agent", "/none");
    assertThat(problems(options))
        .singleElement()
        .asString()
        .isEqualTo("--fence-agent: /none is not a file that can be executed");
    options.put("fence-agent", "/bin/sh");
    FenceConfig fencing = read(options).cluster().orElseThrow().fencing().orElseThrow();
    assertThat(fencing)
        .isEqualTo(
            new FenceConfig(true, Path.of("/bin/sh"), Optional.empty(), Duration.ofSeconds(60)));
    options.put("fencing", "when-unsure");
    options.put("fence-timeout", "2s");
    assertThat(read(options).cluster().orElseThrow().fencing().orElseThrow().required()).isFalse();
    options.put("fence-timeout", "11m");
    assertThat(problems(options)).singleElement().asString().contains("11m");
  }

  @Test
  void aFenceAgentWithoutFencingSaysNothing() {
    assertThat(problems(Map.of("cluster", "c", "fence-agent", "/bin/sh")))
        .singleElement()
        .asString()
        .contains("says nothing without fencing");
    assertThat(problems(Map.of("cluster", "c", "fencing", "maybe")))
        .singleElement()
        .asString()
        .contains("none, when-unsure or required");
  }

  @ParameterizedTest
  @ValueSource(strings = {"bind", "join", "voters", "lease"})
  void saysThatAClusterIsMissing(String key) {
    String value = Map.of("bind", "127.0.0.1", "lease", "2s").getOrDefault(key, "a");
    assertThat(problems(Map.of(key, value)))
        .singleElement()
        .asString()
        .isEqualTo("--" + key + ": says nothing without a cluster: give its name (--cluster)");
  }

  @ParameterizedTest
  @ValueSource(strings = {"bind", "listen"})
  void offLoopbackAClusterNeedsAKeyAndTls(String key) throws Exception {
    Map<String, String> bare = new HashMap<>(Map.of("cluster", "c", key, "198.18.0.1:4000"));
    assertThat(problems(bare))
        .hasSize(2)
        .allMatch(p -> p.startsWith("--" + key + ": is not on loopback, so "))
        .anyMatch(p -> p.contains("TLS is required: give tls-cert, tls-key and tls-ca"))
        .anyMatch(p -> p.contains("a cluster-key is required: a file of 32 random bytes"));
    assertThat(refused(bare).isUsage()).as("the options are well said").isFalse();
    bare.putAll(offLoopback());
    assertThat(read(bare).cluster()).isPresent();
  }

  @Test
  void whatIsSaidWronglyIsAnotherMatterThanAFileThatDoesNotServe() {
    assertThat(refused(Map.of("cluster", "c", "lease", "soon")).isUsage()).isTrue();
    assertThat(refused(Map.of("cluster", "c", "cluster-key", "/none")).isUsage()).isFalse();
  }

  @Test
  void offLoopbackANodeOfItsOwnNeedsTls() throws Exception {
    Map<String, String> bare = new HashMap<>(Map.of("listen", "0.0.0.0:4226"));
    assertThat(problems(bare)).singleElement().asString().contains("TLS is required");
    bare.putAll(offLoopback());
    bare.remove("cluster");
    bare.remove("cluster-key");
    assertThat(read(bare).tls()).isPresent();
  }

  @Test
  void tlsIsAllOrNothing() throws Exception {
    Map<String, String> options = offLoopback();
    options.remove("tls-ca");
    options.put("tls-cert", directory.resolve("none").toString());
    assertThat(problems(options))
        .hasSize(2)
        .anyMatch(p -> p.startsWith("tls-ca: is missing"))
        .anyMatch(p -> p.startsWith("--tls-cert: ") && p.contains("not a file that can be read"));
  }

  @ParameterizedTest
  @CsvSource({"31,rw-------", "4097,rw-------", "32,rw-r--r--", "32,rw--w----", "32,rw-----w-"})
  void aKeyIsRefusedThatIsTooShortTooLongOrOpenToOthers(int size, String mode) throws IOException {
    Path key = secret("weak", size, mode);
    assertThat(problems(Map.of("cluster", "c", "cluster-key", key.toString())))
        .singleElement()
        .asString()
        .startsWith("--cluster-key: " + key + (size == 32 ? " may be" : " has " + size));
  }

  private Map<String, String> offLoopback() throws IOException {
    Map<String, String> options = new HashMap<>();
    options.put("cluster", "c");
    options.put("cluster-key", secret("key", 32, "rw-------").toString());
    options.put("tls-cert", secret("cert", 1, "rw-r--r--").toString());
    options.put("tls-key", secret("tls", 1, "rw-------").toString());
    options.put("tls-ca", secret("ca", 1, "rw-r--r--").toString());
    return options;
  }

  private Path secret(String name, int size, String mode) throws IOException {
    Path file = Files.write(directory.resolve(name), new byte[size]);
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
  }

  private List<String> problems(Map<String, String> options) {
    return refused(options).problems();
  }

  private ConfigException refused(Map<String, String> options) {
    return catchThrowableOfType(ConfigException.class, () -> read(options));
  }

  private NodeConfig read(Map<String, String> options) throws ConfigException {
    return NodeConfig.of(options, directory, Map.of("HOME", directory.toString()));
  }
}
