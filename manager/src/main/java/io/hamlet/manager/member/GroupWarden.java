package io.hamlet.manager.member;

import io.hamlet.core.cluster.ClusterEvent;
import io.hamlet.core.cluster.ClusterState;
import io.hamlet.core.cluster.Node;
import io.hamlet.core.model.Name;
import io.hamlet.core.model.RequestId;
import io.hamlet.core.recovery.Command;
import io.hamlet.core.recovery.HamEvent;
import io.hamlet.core.sam.GroupCall;
import io.hamlet.core.sam.SamBook;
import io.hamlet.core.sam.SamGroup;
import io.hamlet.core.sam.SamGroup.Member;
import io.hamlet.manager.port.Proposals;
import io.hamlet.manager.port.Requests;
import io.hamlet.manager.runtime.ClusterLoop;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Takes out of the groups of the cluster who cannot leave any more: each node its own programs that
 * have ended, and the leader those of nodes that were stopped. What the tree and the groups say is
 * compared, so nothing is forgotten over takeovers. Cluster thread.
 */
public final class GroupWarden implements ClusterLoop.Part {
  /** Done twice it is done once: who has left is not there to leave. */
  private static final RequestId UNNAMED = new RequestId(0, 0, 0);

  private final String node;
  private final Ledger ledger;
  private final Sender sender;
  private final Requests own;
  private final Runnable wake;
  private final Map<Gone, Leaving> leavings = new HashMap<>();
  private volatile boolean concerned;

  private record Gone(Name group, Member member) {}

  /** One request, repeated until it has come about. */
  private record Leaving(ClusterEvent event, Once sent) {}

  /**
   * @param own where the programs of this node are known
   * @param wake has {@link #due} called soon; any thread
   */
  public GroupWarden(String node, Ledger ledger, Proposals proposals, Requests own, Runnable wake) {
    this.node = node;
    this.ledger = ledger;
    this.sender = new Sender(proposals);
    this.own = own;
    this.wake = wake;
    ledger.listen(Ledger.Listener.waking(wake));
  }

  /** True if programs of this node are in groups: changes of its own tree matter. Any thread. */
  public boolean isConcerned() {
    return concerned;
  }

  @Override
  public long due(long now) {
    ClusterState cluster = ledger.state();
    SamBook programs = own.state().sam();
    Set<Gone> gone = new HashSet<>();
    boolean here = false;
    long next = Long.MAX_VALUE;
    for (SamGroup group : cluster.tree().sam().groups().values()) {
      for (Member member : group.members().keySet()) {
        boolean mine = member.node().equals(node);
        here |= mine;
        String why = mine ? ended(programs, member) : stopped(cluster, member);
        if (why != null) {
          Gone each = new Gone(group.name(), member);
          gone.add(each);
          next = Math.min(next, leave(each, why, now));
        }
      }
    }
    leavings.keySet().retainAll(gone);
    concerned = here;
    return next;
  }

  private static String ended(SamBook programs, Member member) {
    return programs.speaks(member) ? null : "ended";
  }

  private String stopped(ClusterState cluster, Member member) {
    Node there = cluster.nodes().get(member.node());
    boolean over = there == null || there.standing() != Node.Standing.UP;
    return over && ledger.lead().own() ? "stopped" : null;
  }

  private long leave(Gone gone, String why, long now) {
    Leaving leaving =
        leavings.computeIfAbsent(
            gone,
            g -> {
              Command command = new Command.Group(g.group(), g.member(), new GroupCall.Leave(why));
              return new Leaving(
                  new ClusterEvent.Tree(new HamEvent.Requested(UNNAMED, command)), new Once());
            });
    return leaving.sent().propose(sender, leaving.event(), now, wake);
  }
}
