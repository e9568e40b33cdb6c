package io.hamlet.it.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.client.Command;
import io.hamlet.client.Condition;
import io.hamlet.client.ConditionSpec;
import io.hamlet.client.Deed;
import io.hamlet.client.Entity;
import io.hamlet.client.Event;
import io.hamlet.client.EventStream;
import io.hamlet.client.Flag;
import io.hamlet.client.Ham;
import io.hamlet.client.Proof;
import io.hamlet.client.Rearm;
import io.hamlet.client.WatchSpec;
import io.hamlet.client.Watched;
import io.hamlet.it.live.Wounds.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Five nodes on hosts of their own: one frozen, one cut off, one killed, alone and in pairs. Who is
 * lost is said once and by nobody but the majority, and all agree when all is over. All pairs there
 * are take half an hour: {@code -Dhamlet.siege=all}, and the times of a node as it is shipped are
 * seen with {@code -Dhamlet.siege.lease=1500ms} on a machine that has nothing else to do.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PartitionIT {
  private static final Logger LOG = LoggerFactory.getLogger(PartitionIT.class);
  private static final int NODES = 5;

  /** Ten managers on a busy machine are silent for longer than a second, and nobody is lost. */
  private static final String LEASE = System.getProperty("hamlet.siege.lease", "6s");

  @TempDir static Path directory;
  private final Map<String, Long> services = new LinkedHashMap<>();
  private Hosts hosts;
  private LiveCluster cluster;

  @RegisterExtension final Evidence evidence = Evidence.ofAll(() -> cluster);

  private Wounds wounds;

  /**
   * Whom it befalls.
   *
   * @param behind so many places behind the leader, in a ring; 0: the leader itself
   */
  private record Blow(Fault fault, int behind) {
    @Override
    public String toString() {
      return (behind == 0 ? "leader" : "leader+" + behind) + " " + fault;
    }
  }

  @BeforeAll
  void start() throws Exception {
    Needs.hosts();
    hosts = Hosts.make(NODES);
    HostKeys keys = HostKeys.make(directory.resolve("keys"));
    cluster = LiveCluster.start(hosts, keys, directory, NODES, "--lease", LEASE);
    wounds = new Wounds(hosts, cluster);
    for (LiveNode node : cluster.nodes()) {
      Entity service = sleeper(node, "service");
      services.put(node.name(), service.pid());
      Condition gone =
          service.condition("gone", ConditionSpec.nodeLost(Proof.NONE).rearm(Rearm.ON));
      gone.action("tell", note("$HAM_NODE"), Rearm.ON, Flag.OfAction.KEEP_ON_FAIL);
    }
    Entity all = cluster.node("a").ham().connectNode("*").named(".global");
    all.condition("gone", ConditionSpec.nodeLost(Proof.NONE).rearm(Rearm.ON))
        .action("tell", note("any $HAM_NODE"), Rearm.ON, Flag.OfAction.KEEP_ON_FAIL);
    awaitAgreement();
  }

  @AfterEach
  void undo() throws Exception {
    wounds.heal();
    Files.deleteIfExists(notes());
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

  @ParameterizedTest
  @MethodSource("rounds")
  void whoIsGoneIsLostOnceAndAllAgreeAgain(List<Blow> blows) throws Exception {
    String leader = leader();
    Map<String, Fault> gone = new LinkedHashMap<>();
    for (Blow blow : blows.stream().sorted(Comparator.comparing(Blow::fault)).toList()) {
      int place = (leader.charAt(0) - 'a' + blow.behind()) % NODES;
      gone.put(LiveCluster.nameOf(place), blow.fault());
    }
    long begin = System.nanoTime();
    for (Map.Entry<String, Fault> each : gone.entrySet()) {
      wounds.befall(each.getKey(), each.getValue());
    }
    awaitLost(gone.keySet(), leader, begin);
    heal();
    assertToldOnce(gone.keySet());
  }

  static Stream<List<Blow>> rounds() {
    if (!System.getProperty("hamlet.siege", "").equals("all")) {
      return Stream.of(
          List.of(new Blow(Fault.KILLED, 0)),
          List.of(new Blow(Fault.CUT_OFF, 1)),
          List.of(new Blow(Fault.FROZEN, 0)),
          List.of(new Blow(Fault.FROZEN, 1), new Blow(Fault.CUT_OFF, 0)),
          List.of(new Blow(Fault.KILLED, 0), new Blow(Fault.FROZEN, 3)),
          List.of(new Blow(Fault.CUT_OFF, 2), new Blow(Fault.KILLED, 4)));
    }
    List<Blow> blows =
        Fault.FATAL.stream()
            .flatMap(f -> IntStream.range(0, NODES).mapToObj(i -> new Blow(f, i)))
            .toList();
    Stream<List<Blow>> pairs =
        blows.stream()
            .flatMap(one -> blows.stream().map(other -> List.of(one, other)))
            .filter(p -> p.getFirst().fault().compareTo(p.getLast().fault()) < 0)
            .filter(p -> p.getFirst().behind() != p.getLast().behind());
    return Stream.concat(blows.stream().map(List::of), pairs);
  }

  @Test
  void theSmallerSideGoesOnWithItsOwnAndLosesNobody() throws Exception {
    List<LiveNode> small = List.of(cluster.node("a"), cluster.node("b"));
    for (LiveNode node : small) {
      Condition died = sleeper(node, "local").condition("died", ConditionSpec.death());
      died.action("again", Deed.restart());
    }
    // While it can be asked: a, that knows it, is cut off.
    String leader = leader();
    wounds.cutOff(List.of(0, 1));
    awaitLost(List.of("a", "b"), leader, System.nanoTime());
    Map<String, String> ledgers = Agreement.ledgers(cluster.nodes());
    assertThat(ledgers.get("a")).as("%s", ledgers).isNotEqualTo(ledgers.get("c"));
    for (LiveNode node : small) {
      long before = node.pid("local");
      Proc.signal("KILL", before);
      Until.isTrue("it is restarted", () -> node.pid("local") != before && node.pid("local") != 0);
      node.ham().entity("alone");
      assertThat(cluster.node("c").ham().connectNode(node.name()).read("", 1).objects())
          .noneMatch(o -> o.path().equals("alone"));
    }
    heal();
    for (LiveNode node : small) {
      assertThat(cluster.node("c").ham().connectNode(node.name()).read("alone", 0).objects())
          .hasSize(1);
    }
    assertToldOnce(List.of("a", "b"));
  }

  /**
   * One path is bad one way: from the leader to each of the others in turn, for one of them has the
   * say in the views of the bus. By the time somebody else is lost, a doubt about one of the two
   * would have led somewhere as well; one of them may learn of it only when it hears its leader.
   */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4})
  void whoIsNotHeardByOneAloneIsNotLost(int behind) throws Exception {
    int leader = Wounds.host(leader());
    int other = (leader + behind) % NODES;
    String gone = LiveCluster.nameOf((leader + 1 + behind % (NODES - 1)) % NODES);
    wounds.drop(leader, other);
    wounds.befall(gone, Fault.FROZEN);
    awaitTold(expected(List.of(gone)));
    heal();
    assertToldOnce(List.of(gone));
  }

  private void awaitLost(Iterable<String> lost, String leader, long begin) throws Exception {
    TreeSet<String> expected = expected(lost);
    awaitTold(expected);
    final long told = System.nanoTime() - begin;
    for (LiveNode node : cluster.nodes()) {
      if (!expected.contains(node.name())) {
        lost.forEach(gone -> cluster.await(node.name(), gone, "lost"));
      }
    }
    long known = System.nanoTime() - begin;
    LOG.info(
        "{} lost while {} led: told after {} ms, known to all after {} ms",
        lost,
        leader,
        told / 1_000_000,
        known / 1_000_000);
    assertServices();
  }

  private static void awaitTold(TreeSet<String> expected) {
    Until.isTrue("told is " + expected, () -> new TreeSet<>(told()).equals(expected));
  }

  /** What is done for a loss is said by its own entity, and by the global one of the cluster. */
  private static TreeSet<String> expected(Iterable<String> lost) {
    TreeSet<String> lines = new TreeSet<>();
    for (String node : lost) {
      lines.add(node);
      lines.add("any " + node);
    }
    return lines;
  }

  private void assertToldOnce(Iterable<String> lost) throws Exception {
    assertThat(told())
        .as("what the cluster knows: %s", history())
        .containsExactlyInAnyOrderElementsOf(expected(lost));
  }

  private List<String> history() throws InterruptedException {
    List<String> all = new ArrayList<>();
    Ham tree = cluster.node("a").ham().connectNode("*");
    try (EventStream events = tree.watch(WatchSpec.ALL.from("0").noFollow())) {
      for (Watched w = events.next(); w != null; w = events.next()) {
        if (w instanceof Event e) {
          all.add(
              e.time() + " " + e.node() + " " + e.event() + " " + e.reason() + " " + e.detail());
        }
      }
    }
    return all;
  }

  /** Whatever became of the managers, what they started runs on. */
  private void assertServices() {
    services.forEach((node, pid) -> assertThat(Proc.isAlive(pid)).as(node).isTrue());
  }

  /** Nobody helps but that what was done is undone. */
  private void heal() throws Exception {
    wounds.heal();
    long begin = System.nanoTime();
    cluster.awaitAll("up");
    long up = System.nanoTime() - begin;
    awaitAgreement();
    long agreed = System.nanoTime() - begin;
    LOG.info("all up after {} ms, agreed after {} ms", up / 1_000_000, agreed / 1_000_000);
    assertServices();
    for (LiveNode node : cluster.nodes()) {
      assertThat(node.pid("service")).isEqualTo(services.get(node.name()));
    }
  }

  /** The tree of the cluster, and of each node, is the same wherever it is kept. */
  private void awaitAgreement() {
    Agreement.await(cluster.nodes());
    for (LiveNode node : cluster.nodes()) {
      Until.isTrue(
          node.name() + " has nothing to say of replicas",
          () -> node.ham().status().notices().stream().noneMatch(n -> n.contains("replica")));
    }
  }

  private String leader() throws InterruptedException {
    return Until.given(
        "there is a leader",
        () -> {
          String leader = cluster.node("a").ham().status().cluster().leader();
          return leader.isEmpty() ? null : leader;
        });
  }

  private static Entity sleeper(LiveNode node, String name) throws InterruptedException {
    return node.ham().attach(name, Command.of("/bin/sleep", "86400"), Flag.OfEntity.KEEP_ON_DEATH);
  }

  private static Deed note(String what) {
    String script = "echo \"" + what + "\" >>\"$0\"";
    return Deed.execute("/bin/sh", "-c", script, notes().toString());
  }

  private static Path notes() {
    return directory.resolve("notes");
  }

  private static List<String> told() throws IOException {
    return Files.exists(notes()) ? Files.readAllLines(notes()) : List.of();
  }
}
