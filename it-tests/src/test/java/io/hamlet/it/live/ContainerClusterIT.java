package io.hamlet.it.live;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.BuildImageResultCallback;
import com.github.dockerjava.api.model.ContainerNetwork;
import com.github.dockerjava.api.model.Network.Ipam;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.Container.ExecResult;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;
import org.testcontainers.utility.DockerImageName;
import org.testcontainers.utility.MountableFile;

/** Nodes in containers of the packed program, found by name, and what an engine can do to them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ContainerClusterIT {
  private static final List<String> NODES = List.of("a", "b", "c");
  private static final String SUBNET = "198.19.7.0/24";
  private static final String EVERY = "nodes";
  private static final Duration LIMIT = Duration.ofSeconds(90);

  @TempDir static Path directory;
  private final String image = "hamlet-it:" + ProcessHandle.current().pid();
  private final Map<String, GenericContainer<?>> nodes = new LinkedHashMap<>();
  private DockerClient docker;
  private Network network;

  @BeforeAll
  void start() throws Exception {
    Needs.that("docker", "a docker engine", DockerClientFactory.instance().isDockerAvailable());
    Needs.program("openssl");
    docker = DockerClientFactory.lazyClient();
    makeImage();
    Ipam ipam = new Ipam().withConfig(new Ipam.Config().withSubnet(SUBNET));
    network = Network.builder().createNetworkCmdModifier(c -> c.withIpam(ipam)).build();
    HostKeys keys = HostKeys.make(directory.resolve("keys"));
    NODES.forEach(node -> nodes.put(node, container(node, keys)));
    nodes.values().parallelStream().forEach(GenericContainer::start);
    awaitAll();
  }

  @AfterAll
  void stop() {
    nodes.values().parallelStream().forEach(GenericContainer::stop);
    if (network != null) {
      network.close();
      docker.removeImageCmd(image).exec();
    }
  }

  private void makeImage() throws IOException, InterruptedException {
    Path context = Files.createDirectory(directory.resolve("image"));
    Path root = context.resolve("root.tar");
    Path said = directory.resolve("image.out");
    Process process =
        new ProcessBuilder(LiveNode.program().resolveSibling("image").toString(), root.toString())
            .redirectErrorStream(true)
            .redirectOutput(said.toFile())
            .start();
    assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue()).as(Files.readString(said)).isZero();
    Files.writeString(context.resolve("Dockerfile"), "FROM scratch\nADD root.tar /\n");
    docker
        .buildImageCmd(context.toFile())
        .withTags(Set.of(image))
        .exec(new BuildImageResultCallback())
        .awaitImageId(5, TimeUnit.MINUTES);
  }

  private GenericContainer<?> container(String node, HostKeys keys) {
    String address = address(node);
    GenericContainer<?> made =
        new GenericContainer<>(DockerImageName.parse(image))
            .withImagePullPolicy(any -> false)
            .withNetwork(network)
            .withNetworkAliases(node, EVERY)
            .withCreateContainerCmdModifier(c -> c.withIpv4Address(address))
            .withEnv("HAM_AOT", "off")
            .withEnv("PATH", "/bin");
    String key = "/etc/hamlet/" + keys.key().getFileName();
    copy(made, keys.key());
    copy(made, keys.authority());
    copy(made, keys.certificate());
    copy(made, keys.certificateKey());
    return made.withCommand(
        ("ham run --node %s --cluster boxes --voters a,b,c --bind %s --join %s --listen %s:4226"
                + " --cluster-key %s --tls-ca /etc/hamlet/ca.pem"
                + " --tls-cert /etc/hamlet/manager.pem --tls-key /etc/hamlet/manager.key")
            .formatted(node, address, seeds(node), address, key)
            .split(" "));
  }

  private static void copy(GenericContainer<?> to, Path file) {
    to.withCopyFileToContainer(
        MountableFile.forHostPath(file, 0600), "/etc/hamlet/" + file.getFileName());
  }

  /** Each way of naming others by DNS. */
  private static String seeds(String node) {
    return node.equals("a") ? "b,c" : "dns:" + EVERY;
  }

  private static String address(String node) {
    return "198.19.7." + (11 + NODES.indexOf(node));
  }

  @Test
  void whoIsPausedIsLostAndComesBackAsItWas() throws Exception {
    long pid = attach("b", "paused");
    docker.pauseContainerCmd(nodes.get("b").getContainerId()).exec();
    awaitState("a", "b", "lost");
    awaitState("c", "b", "lost");
    awaitState("a", "c", "up");
    docker.unpauseContainerCmd(nodes.get("b").getContainerId()).exec();
    awaitAll();
    assertThat(pid("b", "paused")).isEqualTo(pid);
  }

  @Test
  void whoIsDisconnectedIsLostAndComesBackAsItWas() throws Exception {
    long pid = attach("b", "disconnected");
    String id = nodes.get("b").getContainerId();
    docker.disconnectFromNetworkCmd().withNetworkId(network.getId()).withContainerId(id).exec();
    awaitState("a", "b", "lost");
    awaitState("c", "b", "lost");
    // Alone it can call nobody lost.
    await("b", "it has no majority", "\"quorate\":false");
    assertThat(pid("b", "disconnected")).as("it runs on alone").isEqualTo(pid);
    docker
        .connectToNetworkCmd()
        .withNetworkId(network.getId())
        .withContainerId(id)
        .withContainerNetwork(
            new ContainerNetwork()
                .withAliases("b", EVERY)
                .withIpamConfig(new ContainerNetwork.Ipam().withIpv4Address(address("b"))))
        .exec();
    awaitAll();
    assertThat(pid("b", "disconnected")).isEqualTo(pid);
  }

  @Test
  void whoIsKilledIsLostAndItsTreeIsThereWhenItIsStartedAgain() throws Exception {
    attach("c", "killed");
    docker.killContainerCmd(nodes.get("c").getContainerId()).exec();
    awaitState("a", "c", "lost");
    awaitState("b", "c", "lost");
    docker.startContainerCmd(nodes.get("c").getContainerId()).exec();
    awaitAll();
    assertThat(ham("a", "cat c:killed").getStdout()).contains("\"path\":\"killed\"");
  }

  private long attach(String node, String entity) throws Exception {
    String line = "--node %s attach %s --keep-on-death -- /bin/sleep 100000";
    ExecResult made = ham("a", line.formatted(node, entity));
    assertThat(made.getExitCode()).as(made.getStderr()).isZero();
    return pid(node, entity);
  }

  /** As its own node tells it. */
  private long pid(String node, String entity) throws Exception {
    String said = ham(node, "cat " + entity).getStdout();
    assertThat(said).contains("\"pid\":");
    return Long.parseLong(said.replaceAll("(?s).*\"pid\":(\\d+).*", "$1"));
  }

  private void awaitAll() {
    NODES.forEach(by -> NODES.forEach(node -> awaitState(by, node, "up")));
  }

  private void awaitState(String by, String node, String state) {
    await(
        by,
        "it sees " + node + " " + state,
        "{\"node\":\"%s\",\"state\":\"%s\"".formatted(node, state));
  }

  private void await(String by, String what, String words) {
    Until.isTrue(
        by + " says that " + what, LIMIT, () -> ham(by, "status").getStdout().contains(words));
  }

  /** One command, called in the container of a node. */
  private ExecResult ham(String in, String line) throws Exception {
    return nodes.get(in).execInContainer(("ham -o json " + line).split(" "));
  }
}
