package io.hamlet.agent.cluster;

import io.hamlet.core.cluster.ClusterState;
import io.hamlet.core.cluster.Leash;
import io.hamlet.core.cluster.Node;
import io.hamlet.core.lease.VoterSet;
import io.hamlet.manager.member.Abreast;
import io.hamlet.manager.member.Ledger;
import io.hamlet.manager.port.Proposals;
import io.hamlet.manager.runtime.ClusterLoop;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/** What this node itself makes of what is committed. Cluster thread. */
final class Belonging implements ClusterLoop.Part {
  private final Ledger ledger;
  private final LeaseLine line;
  private final Outside outside;
  private final Abreast abreast;
  private final Map<String, Leash> leashes = new TreeMap<>();
  private List<String> voters = List.of();
  private boolean complete;
  private volatile boolean ready;

  /**
   * Who is told.
   *
   * @param voters others vote from now on
   * @param id of the cluster, once every founder has been in it: from then on a voter without a log
   *     is one that has lost it
   */
  record Outside(Consumer<ClusterState> voters, Consumer<String> id) {}

  /**
   * @param wake has {@link #due} called soon
   */
  Belonging(Ledger ledger, Proposals proposals, LeaseLine line, Outside outside, Runnable wake) {
    this.ledger = ledger;
    this.line = line;
    this.outside = outside;
    this.abreast = new Abreast(ledger, proposals, wake);
    ledger.listen(Ledger.Listener.waking(wake));
  }

  /** This voter knows all that it gave its word for, and answers for leases. Any thread. */
  boolean isReady() {
    return ready;
  }

  @Override
  public long due(long now) {
    ClusterState state = ledger.state();
    List<String> names = List.copyOf(state.voters().keySet());
    if (!names.equals(voters)) {
      voters = names;
      line.voters(new VoterSet(state.votersSince(), names));
      outside.voters().accept(state);
    }
    for (Node node : state.nodes().values()) {
      if (node.leash() != null && !node.leash().equals(leashes.put(node.name(), node.leash()))) {
        line.leashed(node.name(), node.leash());
      }
    }
    if (!complete && !names.isEmpty() && state.nodes().keySet().containsAll(names)) {
      complete = true;
      outside.id().accept(state.id());
    }
    long next = abreast.due(now);
    if (!ready && abreast.isReached()) {
      ready = true;
      line.ready();
    }
    return next;
  }
}
