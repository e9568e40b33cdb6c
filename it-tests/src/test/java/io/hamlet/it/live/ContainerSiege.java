package io.hamlet.it.live;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.model.Bind;
import io.hamlet.client.ClusterPolicy;
import io.hamlet.client.Ham;
import io.hamlet.client.Status;
import io.hamlet.client.TreeObject;
import io.hamlet.it.live.SoleProgram.Start;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.testcontainers.DockerClientFactory;

/**
 * Three nodes in containers that may write their cgroups and one in a container as an engine makes
 * it by itself; on a volume that all share, a program that takes a lock, {@code web}, and one that
 * only claims, {@code loner}; and what is done to the containers. Not thread-safe.
 */
final class ContainerSiege implements AutoCloseable {
  static final List<String> OWNERS = List.of("a", "b", "c");

  /** Whose cgroups are read-only. */
  static final String WITNESS = "d";

  private static final List<String> ALL = List.of("a", "b", "c", WITNESS);
  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final Duration CALL = Duration.ofSeconds(5);

  private final Path volume;
  private final String lease;
  private final LentCgroup cgroup;
  private final Containers containers;
  private final Map<String, Ham> hams = new HashMap<>();
  private final SoleProgram web;
  private final Claimant loner;
  private final List<Runnable> undos = new ArrayList<>();

  /** What can befall a container. */
  enum Fault {
    PAUSED,
    DISCONNECTED,
    KILLED,
    MANAGERS_KILLED
  }

  /**
   * @param lease as {@code --lease} takes it
   */
  ContainerSiege(Path directory, String lease) throws Exception {
    this.lease = lease;
    Needs.root();
    Containers.needed();
    volume = Files.createDirectory(directory.resolve("volume"));
    web = SoleProgram.in(volume, this::runs);
    loner = claimant("loner");
    cgroup = new LentCgroup(DockerClientFactory.lazyClient());
    try {
      containers = new Containers(directory, ALL, this::make);
    } catch (Exception | AssertionError e) {
      cgroup.close();
      throw e;
    }
    try {
      ALL.forEach(node -> hams.put(node, Ham.connect("unix:" + socket(node)).withTimeout(CALL)));
      awaitWell();
      ham("a").cluster().attach("web", web.command(""), ClusterPolicy.ANYWHERE);
      ham("a").cluster().attach("loner", loner.command(), ClusterPolicy.ANYWHERE);
      owner("");
      claims("");
    } catch (Exception | AssertionError e) {
      System.err.println(evidence());
      close();
      throw e;
    }
  }

  private List<String> make(String node, CreateContainerCmd container) {
    List<Bind> binds = new ArrayList<>(List.of(Bind.parse(volume + ":" + volume)));
    if (OWNERS.contains(node)) {
      binds.add(cgroup.to(container));
    }
    container.getHostConfig().withBinds(binds);
    return List.of("--lease", lease, "--socket", socket(node).toString());
  }

  private Path socket(String node) {
    return volume.resolve(node + ".sock");
  }

  private boolean runs(Start start) {
    return containers.commandLine(start.node(), start.pid()).contains(volume.toString());
  }

  Ham ham(String node) {
    return hams.get(node);
  }

  /** What {@code ham status} says there. */
  String status(String node) throws Exception {
    String server = "unix:" + socket(node);
    return containers.run(node, "ham", "--server", server, "status").getStdout();
  }

  SoleProgram web() {
    return web;
  }

  Claimant loner() {
    return loner;
  }

  /** One more on the volume, which nobody starts yet. */
  Claimant claimant(String name) {
    return new Claimant(volume.resolve(name), this::runs);
  }

  /** Waits until the program with the lock runs, and somewhere else than there. */
  Start owner(String notOn) {
    return elsewhere("it runs, and not on '" + notOn + "': " + web, web::running, notOn);
  }

  /** Waits until the one that claims does so, and somewhere else than there. */
  Start claims(String notOn) {
    return elsewhere("it claims, and not on '" + notOn + "'", loner::running, notOn);
  }

  private interface Newest {
    Start now() throws Exception;
  }

  private static Start elsewhere(String awaited, Newest newest, String notOn) {
    return Until.given(
        awaited,
        () -> {
          Start now = newest.now();
          return now == null || now.node().equals(notOn) ? null : now;
        });
  }

  /** Waits until one that had to end has done so. */
  void awaitEnd(Start start) {
    Until.isTrue(start + " has ended", () -> !runs(start));
  }

  /** Has the program with the lock run there. */
  void move(String to) {
    // A refusal for want of a majority says: ask again.
    Until.isTrue(
        "it is moved to " + to,
        () -> {
          ham(to).cluster().move("web", to);
          return true;
        });
    Until.isTrue("it runs on " + to, () -> owner("").node().equals(to));
  }

  void befall(String node, Fault fault) throws Exception {
    switch (fault) {
      case PAUSED -> {
        containers.pause(node);
        undos.add(() -> containers.unpause(node));
      }
      case DISCONNECTED -> {
        containers.disconnect(node);
        undos.add(() -> containers.connect(node));
      }
      case KILLED -> {
        containers.kill(node);
        undos.add(() -> containers.start(node));
      }
      case MANAGERS_KILLED -> {
        Status status = ham(node).status();
        String ham = Long.toString(status.ham().pid());
        String guardian = Long.toString(status.guardian().pid());
        assertThat(containers.run(node, "kill", "-KILL", ham, guardian).getExitCode()).isZero();
      }
    }
  }

  /** Undoes what was done, waits until all are well again, and all know who runs what. */
  void heal() {
    lift();
    awaitWell();
    OWNERS.forEach(this::release);
    awaitTold("web", () -> owner(""));
    awaitTold("loner", () -> claims(""));
  }

  private void lift() {
    undos.forEach(Runnable::run);
    undos.clear();
  }

  /**
   * Who loses its managers for the third time in a minute holds its effects until somebody does
   * what it says.
   */
  private void release(String node) {
    if (notices(node).stream().anyMatch(n -> n.contains("effects are held"))) {
      containers.stop(node);
      containers.start(node);
      awaitWell();
    }
  }

  private void awaitTold(String entity, Newest newest) {
    Until.isTrue(
        "all know who runs " + entity + ", and it is so",
        LIMIT,
        () -> {
          Start start = newest.now();
          for (String node : ALL) {
            Ham star = ham(node).connectNode("*");
            TreeObject told = star.read(entity, 0).objects().getFirst();
            assertThat(told.token()).as("%s", told).isEqualTo(start.token());
            assertThat(told.runsOn()).as("%s", told).isEqualTo(start.node());
          }
          return true;
        });
  }

  /** Each sees all, with both managers, and each voter answers for leases. */
  private void awaitWell() {
    for (String node : ALL) {
      Until.isTrue(
          node + " is well and sees that all are",
          LIMIT,
          () -> {
            Status.Cluster cluster = ham(node).status().cluster();
            assertThat(cluster.leader()).isNotEmpty();
            assertThat(cluster.members()).hasSize(ALL.size()).allMatch(ContainerSiege::isWell);
            assertThat(notices(node)).noneMatch(n -> n.contains(LiveCluster.CATCHING_UP));
            return true;
          });
    }
  }

  private static boolean isWell(Status.Member node) {
    return node.state().equals("up") && node.hamPid() != 0 && node.guardianPid() != 0;
  }

  private List<String> notices(String node) {
    return Until.given("the notices of " + node, () -> ham(node).status().notices());
  }

  /** What the nodes have printed. */
  String evidence() {
    StringBuilder all = new StringBuilder();
    ALL.forEach(node -> all.append("--- ").append(node).append('\n').append(containers.said(node)));
    return all.toString();
  }

  /** Leaves nothing; an engine cannot end who is paused. */
  @Override
  public void close() {
    lift();
    hams.values().forEach(Ham::close);
    containers.close();
    cgroup.close();
  }
}
