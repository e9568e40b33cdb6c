package io.hamlet.it.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.client.Cluster;
import io.hamlet.client.ClusterPolicy;
import io.hamlet.client.Command;
import io.hamlet.client.Condition;
import io.hamlet.client.ConditionSpec;
import io.hamlet.client.Deed;
import io.hamlet.client.Entity;
import io.hamlet.client.Flag;
import io.hamlet.client.Ham;
import io.hamlet.client.Proof;
import io.hamlet.client.Rearm;
import io.hamlet.client.RestartPolicy;
import io.hamlet.client.TreeObject;
import io.hamlet.it.live.SoleProgram.Start;
import io.hamlet.it.live.Wounds.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A siege, and what is at stake in it: an entity of each node, {@code own}; and of the cluster one
 * that takes a lock, {@code web}, one that only claims, {@code loner}, and one that is kept without
 * a majority, {@code kept}. Not thread-safe.
 */
final class Stakes {
  private static final Duration LONG = Duration.ofMinutes(1);

  private final Path notes;
  private final Siege siege;
  private final Claimant loner;
  private final Claimant kept;

  /**
   * @param directory of the test
   * @param lease as {@code --lease} takes it
   */
  Stakes(Path directory, String lease) throws Exception {
    notes = directory.resolve("notes");
    loner = new Claimant(directory.resolve("loner"));
    kept = new Claimant(directory.resolve("kept"));
    siege = new Siege(directory, lease);
    try {
      attach();
    } catch (Exception | AssertionError e) {
      siege.close();
      throw e;
    }
  }

  private void attach() throws Exception {
    for (LiveNode node : siege.cluster().nodes()) {
      Entity own =
          node.ham().attach("own", Command.of("/bin/sleep", "1000"), Flag.OfEntity.KEEP_ON_DEATH);
      LiveTest.restarted(own);
      Condition gone = own.condition("gone", ConditionSpec.nodeLost(Proof.NONE).rearm(Rearm.ON));
      String note = "echo \"$HAM_NODE\" >>\"$0\"";
      gone.action(
          "tell",
          Deed.execute("/bin/sh", "-c", note, notes.toString()),
          Rearm.ON,
          Flag.OfAction.KEEP_ON_FAIL);
    }
    Cluster cluster = node("a").ham().cluster();
    Entity one = cluster.attach("loner", loner.command(), ClusterPolicy.ANYWHERE);
    Condition dead = one.condition("dead", ConditionSpec.death().rearm(Rearm.ON));
    RestartPolicy once = RestartPolicy.NONE.budget(1, LONG);
    dead.action("again", new Deed.Restart(List.of(), once), Rearm.ON);
    ClusterPolicy keep = new ClusterPolicy(List.of(), ClusterPolicy.QuorumLoss.KEEP, false);
    cluster.attach("kept", kept.command(), keep);
    loner.after(0);
    kept.after(0);
  }

  LiveNode node(String name) {
    return siege.cluster().node(name);
  }

  Siege siege() {
    return siege;
  }

  Claimant loner() {
    return loner;
  }

  Claimant kept() {
    return kept;
  }

  /** Has all three of the cluster on their nodes. */
  void place(String web, String lonely, String keeper) throws Exception {
    move("web", web);
    move("loner", lonely);
    move("kept", keeper);
    Until.isTrue("web is on " + web, () -> siege.owner("").node().equals(web));
    loner.on(lonely);
    kept.on(keeper);
    siege.heal();
  }

  /** One that goes elsewhere at that moment for another reason is moved after that. */
  private void move(String entity, String to) {
    Until.isTrue(
        entity + " runs on " + to,
        () -> {
          TreeObject now = star("a").read(entity, 0).objects().getFirst();
          if (!now.runsOn().equals(to)) {
            node("a").ham().cluster().move(entity, to);
          }
          return now.runsOn().equals(to) && now.state().equals("up");
        });
  }

  /**
   * All of a node's own tree that outlives whatever befalls it: by path its number, pid and deaths.
   */
  Map<String, String> tree(String node) throws InterruptedException {
    Map<String, String> tree = new TreeMap<>();
    for (TreeObject o : node(node).ham().read("", -1).objects()) {
      // What it runs for the cluster comes and goes.
      if (!o.path().startsWith("*") && o.kind() != TreeObject.Kind.ROOT) {
        tree.put(o.path(), o.uid() + " " + o.pid() + " " + o.deaths());
      }
    }
    return tree;
  }

  long own(String node) throws InterruptedException {
    return node(node).pid("own");
  }

  /** Waits until what is a node's own runs again there, as another process. */
  long ownAfter(String node, long before) {
    return Until.given(
        "own of " + node + " is restarted",
        () -> own(node) == 0 || own(node) == before ? null : own(node));
  }

  /** What was done for lost nodes, on whichever node, since it was forgotten. */
  List<String> told() throws IOException {
    return Files.exists(notes) ? Files.readAllLines(notes) : List.of();
  }

  void forgetTold() throws IOException {
    Files.deleteIfExists(notes);
  }

  /** The leashes of a node, as the kernel shows them. */
  List<Long> leashes(String node) throws IOException {
    List<Long> found = new ArrayList<>();
    for (long manager : node(node).managers()) {
      String cgroup = Files.readString(Path.of("/proc/" + manager + "/cgroup"));
      String home = cgroup.replaceAll("(?s).*\n0::(.*)/pair-.*", "$1/");
      Proc.all()
          .filter(p -> Proc.commandLine(p).startsWith("hamlet-leash "))
          .filter(p -> Proc.commandLine(p).contains(home) && !found.contains(p))
          .forEach(found::add);
    }
    assertThat(found).as("leashes of " + node).isNotEmpty();
    return found;
  }

  /** All that keeps a node: its leashes first, its launcher, its managers. */
  List<Long> keepers(String node) throws IOException {
    List<Long> all = new ArrayList<>(leashes(node));
    all.add(node(node).launcherPid());
    all.addAll(node(node).managers());
    return all;
  }

  /** These at one instant, and then whatever else there is of the node but its entities. */
  void kill(String node, List<Long> pids) {
    node(node).kill(pids);
    node(node).killEverything();
  }

  /** Freezes both managers; the launcher is not. */
  void freeze(String... nodes) {
    Stream.of(nodes).forEach(node -> siege.befall(node, Fault.FROZEN));
  }

  Ham star(String by) {
    return node(by).ham().withTimeout(LONG).connectNode("*");
  }

  /** Undoes what was done; returns when all are well. */
  void heal() throws InterruptedException {
    siege.heal();
  }

  /**
   * Who runs web and can have it no more: waits for the next.
   *
   * @param proof that the one before has ended
   */
  Start webElsewhere(Start before, Proof proof) {
    Start now = webElsewhere(before);
    assertProved("web", before, now, proof);
    return now;
  }

  /** The same, whatever the proof was. */
  Start webElsewhere(Start before) {
    Start now = siege.owner(before.node());
    assertThat(Proc.isAlive(before.pid())).as("the one before has ended").isFalse();
    assertThat(now.token()).isGreaterThan(before.token());
    return now;
  }

  /** Nothing less, and nothing more, was known of the one before when the next began. */
  void assertProved(String entity, Start before, Start now, Proof proof) {
    assertThat(Handover.why(node(now.node()), entity))
        .isEqualTo(Handover.proved(before.node(), proof));
  }
}
