package io.hamlet.it.sim;

import io.hamlet.core.cluster.ClusterEntry;
import io.hamlet.core.cluster.ClusterEvent;
import io.hamlet.core.cluster.ClusterInvariants;
import io.hamlet.core.cluster.ClusterState;
import io.hamlet.core.cluster.ClusterStep;
import io.hamlet.core.cluster.Node;
import io.hamlet.core.cluster.Tenure;
import io.hamlet.core.model.EntryId;
import io.hamlet.core.model.ErrandId;
import io.hamlet.core.model.Life;
import io.hamlet.core.model.Name;
import io.hamlet.core.model.RequestId;
import io.hamlet.core.recovery.Command;
import io.hamlet.core.recovery.Entry;
import io.hamlet.core.recovery.HamEvent;
import io.hamlet.core.recovery.HamState;
import io.hamlet.core.recovery.Invariants;
import io.hamlet.core.recovery.Reply;
import io.hamlet.core.recovery.Tenant;
import io.hamlet.it.check.Followers;
import io.hamlet.it.check.Heard;
import io.hamlet.it.check.SameEverywhere;
import io.hamlet.manager.port.Replicas;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Sees what happens in a {@link ClusterWorld}, and hands it to the checkers. One thread. */
final class ClusterJudge {
  private final ClusterWorld world;
  private final SameEverywhere ledgers = new SameEverywhere();
  private final Heard heard = new Heard();
  private final Map<String, EntryId> seen = new HashMap<>();
  private int losses;
  private int returns;
  private int ends;

  ClusterJudge(ClusterWorld world) {
    this.world = world;
  }

  int losses() {
    return losses;
  }

  String summary() {
    return ledgers.count()
        + " commits, "
        + losses
        + " losses, "
        + returns
        + " returns, "
        + ends
        + " ends";
  }

  /** A ledger went on. */
  void applied(String node, ClusterEntry entry, ClusterStep step) {
    boolean first = entry.index() > ledgers.newest();
    blame(ledgers.saw(node, entry.index(), step.state()));
    if (first) {
      heard.vote(step.state().voters().keySet(), world.now());
    }
    if (first && step.changed()) {
      switch (entry.event()) {
        case ClusterEvent.Lost l -> {
          losses++;
          sample();
          blame(heard.lost(l.node(), world.electorate.committed(entry.index())));
        }
        case ClusterEvent.Heard h -> returns++;
        case ClusterEvent.Ended e -> ended(e);
        default -> {}
      }
      blame(ClusterInvariants.faults(step.state()));
    }
  }

  /** Architecture 4, the whole of it: nobody is told to start what somebody may still run. */
  private void ended(ClusterEvent.Ended e) {
    ends++;
    SimMember owner = world.member(e.node());
    if (owner.holdsLease(e.incarnation()) && !owner.lostTime()) {
      world.violations.add(e + " at " + world.now() + ", and it holds its lease");
    }
  }

  /** From time to time. */
  void look() {
    sample();
    for (SimMember m : world.members) {
      HamState state = m.state();
      if (state != null) {
        blame(Invariants.faults(state));
        world.members.forEach(other -> follows(m, other));
      }
    }
  }

  /** Who hears whom now: from time to time, and when it turns, for it may turn back at once. */
  void sample() {
    for (SimMember m : world.members) {
      for (String other : world.names) {
        if (!m.isSilent() && !m.name.equals(other)) {
          heard.sample(m.name, other, !m.hearing().suspects(other), world.now());
        }
      }
    }
  }

  private void follows(SimMember keeper, SimMember writer) {
    Replicas.Tree tree = keeper == writer ? null : keeper.replication().of(writer.name);
    HamState copy = tree == null ? null : tree.state();
    if (copy != null && !copy.last().equals(seen.put(keeper.name + writer.name, copy.last()))) {
      blame(Followers.faults(keeper.name, copy, writer.log.everything.get(copy.last())));
    }
  }

  /** It must be lost by now, everywhere, and by one entry; and nobody else. */
  void lost(String node, int before) {
    if (losses != before + 1) {
      world.violations.add("one was away, and " + (losses - before) + " losses were told");
    }
    for (SimMember m : world.members) {
      if (m.isUp() && standing(m, node) != Node.Standing.LOST) {
        world.violations.add(m.name + " does not know that " + node + " is lost");
      }
    }
  }

  /** All were well all the time. */
  void lostNobody(int before) {
    if (losses != before) {
      world.violations.add((losses - before) + " losses were told in peace");
    }
  }

  private static Node.Standing standing(SimMember m, String node) {
    Node found = m.ledger().state().nodes().get(node);
    return found == null ? null : found.standing();
  }

  /** After the faults, when there was time enough. */
  void peace() {
    SimMember first = world.members.getFirst();
    for (SimMember m : world.members) {
      if (m.isSilent()) {
        world.violations.add(m.name + " does not act in peace");
        return;
      }
      ClusterState state = m.ledger().state();
      if (!state.equals(first.ledger().state())) {
        world.violations.add(m.name + " and " + first.name + " differ in the tree of the cluster");
      }
      for (String node : world.names) {
        if (standing(m, node) != Node.Standing.UP) {
          world.violations.add(node + " is " + standing(m, node) + " to " + m.name + " in peace");
        }
      }
      if (!state.grafts().isEmpty() || !state.tree().open().isEmpty()) {
        world.violations.add("the cluster has work under way: " + state.grafts());
      }
      if (!m.state().open().isEmpty() || !m.state().lanes().isEmpty()) {
        world.violations.add(m.name + " has work under way: " + m.state().open());
      }
      if (!m.own.isSatisfied() || !m.cluster.isSatisfied()) {
        world.violations.add("clients of " + m.name + " still wait: " + m.own + "; " + m.cluster);
      }
      entities(m);
      copies(m);
    }
    ClusterState state = first.ledger().state();
    state.nodes().values().stream()
        .filter(Node::isFenced)
        .forEach(n -> world.violations.add(n.name() + " is fenced in peace, and lives"));
    ClusterWork.owned(world.shape()).forEach(name -> owned(state, name));
    if (world.operator != null) {
      world.operator.faults(state, world.violations);
    }
  }

  /** A node that can has it; what is kept may run on where it was before that began anew. */
  private void owned(ClusterState state, Name name) {
    Tenure tenure = state.tenures().get(name);
    Node owner = tenure == null ? null : state.nodes().get(tenure.hold().node());
    boolean present = owner != null && tenure.hold().incarnation() == owner.incarnation();
    boolean well = present && !owner.isFenced();
    boolean kept = owner != null && tenure.hold().isOut() && tenure.policy().keeps();
    if (kept && !present && hasRebooted(owner.name(), name)) {
      return;
    }
    if (!well && !kept && state.nodes().values().stream().anyMatch(n -> !n.isFenced())) {
      world.violations.add("in peace nobody has it: " + tenure);
    } else if (owner != null && !runs(owner.name(), name)) {
      world.violations.add("in peace it does not run where it should: " + tenure);
    }
  }

  private boolean runs(String node, Name name) {
    return world.member(node).host().living(ClusterWork.program(name)).size() == 1;
  }

  /** It knows nothing of it any more: an operator must say that the host was down. */
  private boolean hasRebooted(String node, Name name) {
    return Tenant.of(world.member(node).state()).stream().noneMatch(t -> t.name().equals(name));
  }

  private void entities(SimMember m) {
    for (var name : List.of(ClusterWork.FLAKY, ClusterWork.SPARED)) {
      var entity = m.state().entities().get(name);
      var living = m.host().living(ClusterWork.program(name)).stream().map(p -> p.id).toList();
      if (entity == null
          || !(entity.life() instanceof Life.Up up)
          || !living.equals(List.of(up.process()))) {
        world.violations.add(
            m.name + "/" + name + " is " + (entity == null ? null : entity.life()) + ", " + living);
      }
    }
  }

  private void copies(SimMember keeper) {
    for (SimMember writer : world.members) {
      if (keeper != writer) {
        Replicas.Tree tree = keeper.replication().of(writer.name);
        if (!writer.isUp()) {
          world.violations.add(writer.name + " does not act in peace");
        } else if (tree == null || tree.state() == null || !tree.state().equals(writer.state())) {
          world.violations.add(
              keeper.name
                  + " has "
                  + (tree == null || tree.state() == null ? null : tree.state().last())
                  + " of "
                  + writer.name
                  + ", which is at "
                  + writer.state().last()
                  + keeper.replication().notices());
        }
      }
    }
  }

  /** What can be said when all is over. */
  void end() {
    for (SimMember m : world.members) {
      m.hosts.forEach(host -> world.violations.addAll(host.violations));
      for (SimHost host : m.hosts) {
        if (host.starts(ClusterWork.program(ClusterWork.SPARED)) > 1) {
          world.violations.add(m.name + "/spared was started twice in one boot");
        }
      }
      kept(m);
      once(m);
    }
  }

  /** What was acknowledged by disks stands in the log, once. */
  private void kept(SimMember m) {
    Map<RequestId, Integer> logged = new HashMap<>();
    for (Entry entry : m.log.read()) {
      if (entry.event() instanceof HamEvent.Requested r) {
        logged.merge(new RequestId(r.id().client(), r.id().sequence(), 0), 1, Integer::sum);
      }
    }
    m.own.told.forEach(
        (id, told) -> {
          int times = logged.getOrDefault(new RequestId(id.client(), id.sequence(), 0), 0);
          boolean must =
              !(told.reply() instanceof Reply.No)
                  && told.reached() != io.hamlet.manager.port.Ack.LOCAL;
          if (times > 1 || (must && times == 0)) {
            world.violations.add(m.name + " was told " + told + ", logged " + times + " times");
          }
        });
    HamState tree = ledgers.last().tree();
    m.cluster.told.forEach(
        (id, told) -> {
          boolean there = !(told.command() instanceof Command.AddCondition c) || has(tree, c);
          boolean may = told.command() instanceof Command.OfCluster;
          if (!there || told.reply() instanceof Reply.No && !may) {
            world.violations.add("the cluster told " + told + ", and does not have it");
          }
        });
  }

  private static boolean has(HamState tree, Command.AddCondition c) {
    Name entity = c.entity().path().entity();
    var of = entity.isGlobal() ? tree.global() : tree.entity(entity);
    return of != null && of.conditions().stream().anyMatch(known -> known.name().equals(c.name()));
  }

  /** No node does an errand twice. */
  private void once(SimMember doer) {
    Map<String, Set<ErrandId>> asked = new TreeMap<>();
    for (HamEvent event : doer.log.asked) {
      if (event instanceof HamEvent.Asked a
          && a.errand().deed() instanceof io.hamlet.core.model.Deed.Execute e) {
        asked.computeIfAbsent(e.argv().getFirst(), p -> new HashSet<>()).add(a.id());
      }
    }
    for (String asking : world.names) {
      for (String program :
          List.of(ClusterWork.far(asking), ClusterWork.gone(asking), "/bin/lost")) {
        int starts = doer.hosts.stream().mapToInt(h -> h.starts(program)).sum();
        int errands = asked.getOrDefault(program, Set.of()).size();
        if (starts > errands) {
          world.violations.add(
              doer.name + " did " + program + " " + starts + " times, asked " + errands);
        }
      }
    }
  }

  private void blame(List<String> faults) {
    world.violations.addAll(faults);
  }
}
