package io.hamlet.agent.cluster;

import io.hamlet.core.cluster.ClusterState;
import io.hamlet.manager.port.ClusterBus;
import io.hamlet.manager.replica.Replication;
import io.hamlet.manager.runtime.ClusterLoop;

/**
 * What this node is to its cluster: when the cluster has it otherwise, that goes into the papers,
 * and all here who go by it are told. From the reign on. Cluster thread.
 */
final class Standing {
  private final String node;
  private final PapersFile papers;
  private final OwnHello own;
  private final Sites sites;
  private final LeaseLine line;
  private final Bond bond;
  private final Council council;
  private final Replication replication;
  private final ClusterBus bus;
  private final ClusterLoop loop;

  Standing(
      String node,
      PapersFile papers,
      OwnHello own,
      Sites sites,
      LeaseLine line,
      Bond bond,
      Council council,
      Replication replication,
      ClusterBus bus,
      ClusterLoop loop) {
    this.node = node;
    this.papers = papers;
    this.own = own;
    this.sites = sites;
    this.line = line;
    this.bond = bond;
    this.council = council;
    this.replication = replication;
    this.bus = bus;
    this.loop = loop;
  }

  /** Others vote than before. */
  void voted(ClusterState state) {
    state.voters().forEach(sites::voter);
    replication.votersChanged(bus.view());
    bond.tellVoters();
    Papers before = papers.now();
    if (state.votersSince() <= before.since()) {
      return; // A log that is read again tells of earlier ones.
    }
    Runnable noted = () -> keep(papers.now().withVoters(state.voters(), state.votersSince()));
    if (before.voters().containsKey(node) && !state.voters().containsKey(node)) {
      council.leaveSeat(() -> loop.post(noted));
    } else {
      noted.run();
    }
  }

  /** Every founder has been in the cluster of that id. */
  void founded(String id) {
    keep(papers.now().withId(id));
  }

  /** This node has its incarnation. */
  void joined(long incarnation) {
    keep(papers.now().withIncarnation(incarnation));
    council.tenancy().joined(incarnation);
    line.reign(incarnation, own.now().epoch());
    bond.begin(incarnation);
  }

  private void keep(Papers now) {
    if (papers.keep(now)) {
      own.incarnation(now.joined() ? now.incarnation() : 0);
    }
  }
}
