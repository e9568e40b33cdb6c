package io.hamlet.it.live;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.model.ContainerNetwork;
import com.github.dockerjava.api.model.Network.Ipam;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.Container.ExecResult;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;
import org.testcontainers.utility.DockerImageName;
import org.testcontainers.utility.MountableFile;

/**
 * Nodes of one cluster in containers of the packed program, found by name, and what an engine can
 * do to them. The first three are the voters. Not thread-safe.
 */
final class Containers implements AutoCloseable {
  private static final String SUBNET = "198.19.7.0/24";
  private static final String EVERY = "nodes";
  private static final int VOTERS = 3;

  private final List<String> names;
  private final Make make;
  private final Map<String, GenericContainer<?>> nodes = new LinkedHashMap<>();
  private final DockerClient docker;
  private final ContainerImage image;
  private Network network;

  /** How containers differ from those that an engine makes by itself. */
  interface Make {
    /**
     * @return more words for {@code ham run}
     */
    List<String> of(String node, CreateContainerCmd container);
  }

  /** Starts them; who waits for what is the caller's business. */
  Containers(Path directory, List<String> names, Make make) throws Exception {
    needed();
    this.names = names;
    this.make = make;
    docker = DockerClientFactory.lazyClient();
    image = new ContainerImage(docker, directory);
    try {
      Ipam ipam = new Ipam().withConfig(new Ipam.Config().withSubnet(SUBNET));
      network = Network.builder().createNetworkCmdModifier(c -> c.withIpam(ipam)).build();
      HostKeys keys = HostKeys.make(directory.resolve("keys"));
      names.forEach(node -> nodes.put(node, container(node, keys)));
      nodes.values().parallelStream().forEach(GenericContainer::start);
    } catch (Exception | AssertionError e) {
      close();
      throw e;
    }
  }

  /** Skips a test that cannot have them. */
  static void needed() {
    Needs.that("docker", "a docker engine", DockerClientFactory.instance().isDockerAvailable());
    Needs.program("openssl");
  }

  private GenericContainer<?> container(String node, HostKeys keys) {
    GenericContainer<?> made =
        new GenericContainer<>(DockerImageName.parse(image.name()))
            .withImagePullPolicy(any -> false)
            .withNetwork(network)
            .withNetworkAliases(node, EVERY)
            .withEnv("HAM_AOT", "off")
            .withEnv("PATH", "/bin");
    copy(made, keys.key());
    copy(made, keys.authority());
    copy(made, keys.certificate());
    copy(made, keys.certificateKey());
    return made.withCreateContainerCmdModifier(
        c -> {
          List<String> words = new ArrayList<>(words(node, keys));
          words.addAll(make.of(node, c));
          c.withIpv4Address(address(node)).withCmd(words);
        });
  }

  private List<String> words(String node, HostKeys keys) {
    String line =
        "ham run --node %s --cluster boxes --voters %s --bind %s --join %s --listen %s:4226"
            + " --cluster-key %s --tls-ca /etc/hamlet/ca.pem"
            + " --tls-cert /etc/hamlet/manager.pem --tls-key /etc/hamlet/manager.key";
    String voters = String.join(",", names.subList(0, VOTERS));
    String key = "/etc/hamlet/" + keys.key().getFileName();
    return List.of(
        line.formatted(node, voters, address(node), seeds(node), address(node), key).split(" "));
  }

  private static void copy(GenericContainer<?> to, Path file) {
    to.withCopyFileToContainer(
        MountableFile.forHostPath(file, 0600), "/etc/hamlet/" + file.getFileName());
  }

  /** Each way of naming others by DNS. */
  private String seeds(String node) {
    List<String> others = names.subList(1, VOTERS);
    return node.equals(names.getFirst()) ? String.join(",", others) : "dns:" + EVERY;
  }

  private String address(String node) {
    return "198.19.7." + (11 + names.indexOf(node));
  }

  private String id(String node) {
    return nodes.get(node).getContainerId();
  }

  /** Runs one command there to its end. */
  ExecResult run(String node, String... command) throws Exception {
    return nodes.get(node).execInContainer(command);
  }

  /** Of one of its processes, words parted by blanks, as its own /proc tells; empty: it is gone. */
  String commandLine(String node, long pid) {
    Long first = docker.inspectContainerCmd(id(node)).exec().getState().getPidLong();
    return first == null || first == 0 ? "" : Proc.commandLine(first, pid);
  }

  /** What it has printed. */
  String said(String node) {
    return nodes.get(node).getLogs();
  }

  void pause(String node) {
    docker.pauseContainerCmd(id(node)).exec();
  }

  void unpause(String node) {
    docker.unpauseContainerCmd(id(node)).exec();
  }

  void disconnect(String node) {
    docker
        .disconnectFromNetworkCmd()
        .withNetworkId(network.getId())
        .withContainerId(id(node))
        .exec();
  }

  /** Puts one that was disconnected back where it was. */
  void connect(String node) {
    docker
        .connectToNetworkCmd()
        .withNetworkId(network.getId())
        .withContainerId(id(node))
        .withContainerNetwork(
            new ContainerNetwork()
                .withAliases(node, EVERY)
                .withIpamConfig(new ContainerNetwork.Ipam().withIpv4Address(address(node))))
        .exec();
  }

  /** SIGKILL to its first process, and so to all in it. */
  void kill(String node) {
    docker.killContainerCmd(id(node)).exec();
  }

  /** Starts one that has ended; what it has written is there. */
  void start(String node) {
    docker.startContainerCmd(id(node)).exec();
  }

  /** Ends one in order. */
  void stop(String node) {
    docker.stopContainerCmd(id(node)).exec();
  }

  @Override
  public void close() {
    nodes.values().parallelStream().forEach(GenericContainer::stop);
    if (network != null) {
      network.close();
    }
    image.close();
  }
}
