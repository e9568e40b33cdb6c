package io.hamlet.agent.cluster;

import io.hamlet.manager.port.ClusterBus;
import io.hamlet.manager.port.Member;
import io.hamlet.manager.port.Subject;
import io.hamlet.manager.runtime.ClusterLoop;
import io.hamlet.manager.wire.Hello;
import java.util.List;
import java.util.function.Supplier;

/**
 * What this member hears on the bus, and whom it hands that to: from the reign on the loop of the
 * cluster. A Guardian hears everything and minds nothing. Threads of the bus; views come one at a
 * time, as the bus sees to.
 */
final class Ears implements ClusterBus.Listener {
  private final String node;
  private final Sites sites;
  private final LeaseLine line;
  private final Bond bond;
  private final WayHome wayHome;
  private final Supplier<List<Hello>> hellos;
  private final Supplier<ClusterThread> thread;
  private final Supplier<Council> council;
  private long guarded;

  /**
   * @param wayHome hears of replicas before the reign
   * @param hellos of all that can be reached
   * @param thread gives null before the reign
   * @param council there from the reign on
   */
  Ears(
      String node,
      Sites sites,
      LeaseLine line,
      Bond bond,
      WayHome wayHome,
      Supplier<List<Hello>> hellos,
      Supplier<ClusterThread> thread,
      Supplier<Council> council) {
    this.node = node;
    this.sites = sites;
    this.line = line;
    this.bond = bond;
    this.wayHome = wayHome;
    this.hellos = hellos;
    this.thread = thread;
    this.council = council;
  }

  @Override
  public void received(Member from, Subject subject, byte[] message) {
    ClusterLoop loop = loop();
    if (loop != null) {
      loop.received(from, subject, message);
    } else if (subject == Subject.REPLICA) {
      wayHome.received(from, message);
    }
  }

  @Override
  public void viewChanged(List<Member> members) {
    ClusterLoop loop = loop();
    sites.heard(hellos.get());
    if (loop != null) {
      loop.viewChanged(members);
      council.get().look();
      bond.tellVoters();
    } else {
      members.forEach(this::follow);
    }
  }

  /** A Guardian shows itself under the incarnation that its HAM has. */
  private void follow(Member member) {
    boolean mine = member.node().equals(node) && member.role() == Member.Role.HAM;
    if (mine && member.incarnation() > 0 && member.incarnation() != guarded) {
      guarded = member.incarnation();
      line.guard(guarded);
    }
  }

  private ClusterLoop loop() {
    ClusterThread now = thread.get();
    return now == null ? null : now.loop();
  }
}
