package io.hamlet.it.sim;

import io.hamlet.core.cluster.ClusterState;
import io.hamlet.core.cluster.Node;
import io.hamlet.core.model.Name;
import io.hamlet.core.model.RequestId;
import io.hamlet.core.recovery.Command;
import io.hamlet.manager.port.Ack;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Somebody who moves entities, empties nodes, works on them, and changes who votes, as it pleases a
 * seed; and who puts all in order when asked to. It sits at one node, and does one thing after the
 * other. One thread.
 */
final class Operator {
  private static final long MILLI = 1_000_000L;
  private static final long SECOND = 1_000 * MILLI;
  private static final String NAME = "op";
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  /** It is off for longer than anybody may still bring the word that it is. */
  private static final long OFF = 12 * SECOND;

  /** By then it is lost. */
  private static final long SEEN = 2 * SECOND;

  private static final int FEWEST_VOTERS = 2;

  private final ClusterWorld world;
  private final Random chance;
  private final SimMember at;
  private final Set<String> scopes = new TreeSet<>();
  private final Map<String, Long> off = new TreeMap<>();
  private int steps;
  private boolean isTidy;

  Operator(ClusterWorld world, long seed) {
    this.world = world;
    this.chance = new Random(seed);
    this.at = world.members.get(chance.nextInt(world.members.size()));
  }

  int steps() {
    return steps;
  }

  /** One of all that it can do. */
  void step() {
    steps++;
    String node = one(world.names);
    switch (chance.nextInt(8)) {
      case 0, 1, 2 -> ask(new Command.Move(one(ClusterWork.owned(Shape.WIDE)), node));
      case 3 -> ask(new Command.Standby(node, true));
      case 4 -> ask(new Command.Standby(node, false));
      case 5 -> ask(new Command.Drain(node));
      case 6 -> maintain(node);
      default -> vote(node);
    }
  }

  private void maintain(String node) {
    if (!scopes.isEmpty() && chance.nextBoolean()) {
      ask(new Command.EndMaintenance(one(List.copyOf(scopes)), NAME));
      return;
    }
    Name entity = one(ClusterWork.owned(Shape.WIDE));
    String scope = one(List.of("cluster", "node:" + node, entity.value()));
    scopes.add(scope);
    ask(new Command.Maintain(scope, NAME, "a disk", Duration.ofSeconds(chance.nextInt(6))));
  }

  private void vote(String node) {
    Set<String> voters = world.electorate.names();
    boolean votes = voters.contains(node);
    if (!votes || voters.size() > FEWEST_VOTERS) {
      askLeader(new Command.SetVoter(node, !votes));
    }
  }

  /** A node loses its power, and somebody who has seen that says so while it is off. */
  void confirm(SimMember node) {
    steps++;
    off.put(node.name, world.now() + OFF);
    node.powerCut(OFF);
    world.later(SEEN, () -> askLeader(new Command.ConfirmFenced(node.name)));
  }

  /** So long somebody is off yet. */
  long offFor() {
    return off.values().stream()
        .mapToLong(until -> Math.max(0, until - world.now()))
        .max()
        .orElse(0);
  }

  /** Nobody turns it on before. */
  boolean isOff(SimMember node) {
    return off.getOrDefault(node.name, Long.MIN_VALUE) > world.now();
  }

  /** All nodes are to run what they can, nobody works on anything, and all vote. */
  void tidy() {
    world.names.forEach(node -> ask(new Command.Standby(node, false)));
    scopes.forEach(scope -> ask(new Command.EndMaintenance(scope, NAME)));
    haveAllVote();
    isTidy = true;
  }

  private void haveAllVote() {
    List<String> missing = new ArrayList<>(world.names);
    missing.removeAll(world.electorate.names());
    if (!missing.isEmpty()) {
      askLeader(new Command.SetVoter(missing.getFirst(), true));
    }
    // A change that was asked for before may still be made.
    if (world.isPeaceful()) {
      world.later(SECOND, this::haveAllVote);
    }
  }

  /** Nothing that it has asked for is still to come. */
  boolean isDone() {
    return isTidy
        && at.cluster.isSatisfied()
        && world.electorate.names().size() == world.names.size();
  }

  /** Until it is answered, by whoever acts there. */
  private void ask(Command command) {
    at.cluster.want(command, Ack.MAJORITY);
    at.ring();
  }

  /** Once, as any manager hands it on; what comes of it is seen. */
  private void askLeader(Command command) {
    for (SimMember m : world.members) {
      if (!m.isSilent() && m.ledger().lead().own()) {
        m.desk().submit(new RequestId(0, 0, 0), command, Ack.MAJORITY, PATIENCE);
        m.ring();
        return;
      }
    }
  }

  private <T> T one(List<T> of) {
    return of.get(chance.nextInt(of.size()));
  }

  /** What is not in order, long after {@link #tidy}. */
  void faults(ClusterState state, List<String> faults) {
    if (!state.maintenances().isEmpty()) {
      faults.add("in peace somebody works: " + state.maintenances());
    }
    for (Node node : state.nodes().values()) {
      if (node.duty().standby() || node.duty().draining()) {
        faults.add("in peace " + node.name() + " runs nothing: " + node.duty());
      }
    }
    if (!state.voters().keySet().equals(new TreeSet<>(world.names))) {
      faults.add("in peace only these vote: " + state.voters().keySet());
    }
  }
}
