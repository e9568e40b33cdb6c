package io.hamlet.manager.member;

import io.hamlet.core.cluster.ClusterEvent;
import io.hamlet.core.cluster.ClusterState;
import io.hamlet.core.cluster.Hold;
import io.hamlet.core.cluster.Leash;
import io.hamlet.core.cluster.Node;
import io.hamlet.core.cluster.Tenure;
import io.hamlet.core.model.Entity;
import io.hamlet.core.model.Grant;
import io.hamlet.core.model.Name;
import io.hamlet.core.recovery.Command;
import io.hamlet.core.recovery.HamEvent;
import io.hamlet.core.recovery.HamState;
import io.hamlet.core.recovery.Tenant;
import io.hamlet.manager.port.Inbox;
import io.hamlet.manager.port.Proposals;
import io.hamlet.manager.port.Requests;
import io.hamlet.manager.runtime.ClusterLoop;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * This node as one that runs entities of the cluster (architecture.md 4): what is granted to it in
 * the ledger and what runs in its own tree are brought to agree, and the cluster is told how it
 * goes. A grant is given back only when nothing that ran under it is left.
 */
public final class Tenancy implements ClusterLoop.Part {
  /**
   * Between two definitions of one entity. Each is written to the node's own log and its replicas
   * as a whole, and somebody may be changing it a thousand times a second.
   */
  private static final long REST_NANOS = 25_000_000L;

  private final String node;
  private final Ledger ledger;
  private final Sender sender;
  private final OwnTree tree;
  private final RightWatch right;
  private final QuorumWatch quorum;
  private final Footing footing;
  private final Runnable wake;
  private final TreeMap<Name, Talk> talks = new TreeMap<>();
  private final Once leashing = new Once();
  private volatile Leash leash;
  private volatile boolean concerned;
  private long incarnation;

  /**
   * The node's own tree.
   *
   * @param successor its manager goes on in the place of another, under the same incarnation
   * @param until so long it goes on with the right of that one, CLOCK_BOOTTIME
   * @param grace between TERM and KILL when the right is lost
   */
  public record Home(Requests requests, Inbox inbox, long successor, long until, Duration grace) {}

  /** What is said to the cluster of one entity, each until it has come about. */
  private static final class Talk {
    final Once release = new Once();
    final Once stuck = new Once();
    final Once report = new Once();

    /** The newest entry of the own tree when a definition was told that was not taken. */
    long triedAt = -1;

    /** Another definition is not told before. */
    long rests = Long.MIN_VALUE;
  }

  /**
   * @param wake has {@link #due} called soon; any thread
   */
  public Tenancy(
      String node, Ledger ledger, Proposals proposals, Home home, Footing footing, Runnable wake) {
    this.node = node;
    this.ledger = ledger;
    this.sender = new Sender(proposals);
    this.tree = new OwnTree(home.requests(), home.inbox(), wake);
    this.right = new RightWatch(tree, footing, home.grace(), home.until());
    this.quorum = new QuorumWatch(tree, footing, home.until());
    this.footing = footing;
    this.wake = wake;
    this.incarnation = home.successor();
    ledger.listen(Ledger.Listener.waking(wake));
  }

  /** This node has that incarnation from now on. Cluster thread. */
  public void joined(long now) {
    incarnation = now;
    wake.run();
  }

  /** There is another leash; it covers nothing before its hash is committed. Any thread. */
  public void leashed(Leash made) {
    leash = made;
    wake.run();
  }

  /** True if changes of the own tree, or of the lease, matter to this part. Any thread. */
  public boolean isConcerned() {
    return concerned || quorum.waits();
  }

  /** Nothing of an earlier incarnation is left that must stop; the right to it is gone anyway. */
  public boolean isClear() {
    HamState own = tree.state();
    return own.right() == 0
        && Tenant.of(own).stream()
            .allMatch(t -> t.grant().keep() || t.grant().incarnation() == incarnation);
  }

  /**
   * The start that this node joined with was fenced, and nothing runs under it any more: it is to
   * join with another, or it is given nothing ever again. Cluster thread.
   */
  public boolean isSpent() {
    Node self = ledger.state().nodes().get(node);
    HamState own = tree.state();
    return self != null
        && self.isFenced()
        && incarnation == self.incarnation()
        && own.right() == 0
        && isOver(own);
  }

  /** Nothing runs, or will, that must not outlive the right to it. */
  private static boolean isOver(HamState own) {
    return Tenant.of(own).stream().allMatch(t -> t.grant().keep() || t.phase().isOver());
  }

  /** What an operator should know of what runs here, or does not; empty: nothing. Any thread. */
  public String notice() {
    String stuck = "";
    String waits = "";
    for (Tenant tenant : Tenant.of(tree.state())) {
      switch (tenant.phase()) {
        case STUCK -> stuck = "'" + tenant.name() + "' cannot be ended here: " + tenant.detail();
        case WAITING -> waits = "'" + tenant.name() + "' waits for the right to run here";
        default -> {}
      }
    }
    String refusal = waits.isEmpty() ? null : footing.refusal();
    return !stuck.isEmpty() ? stuck : waits + (refusal == null ? "" : ": " + refusal);
  }

  @Override
  public long due(long now) {
    boolean settled = tree.isSettled();
    long next = Math.min(right.due(now, incarnation), quorum.due(now, incarnation));
    HamState own = tree.state();
    if (own.stopping()) {
      ending(own);
    } else if (settled && tree.isSettled()) {
      next = Math.min(next, reconcile(own, now));
    }
    return Math.min(next, tree.due(now));
  }

  /**
   * The node stops, and nothing is started here any more. Bound beyond the last that runs, a
   * manager that says goodbye to voters who are gone would be ended by its own leash.
   */
  private void ending(HamState own) {
    footing.bind(!isOver(own));
  }

  private long reconcile(HamState own, long now) {
    ClusterState cluster = ledger.state();
    List<Tenant> tenants = Tenant.of(own);
    Set<Name> here = new TreeSet<>();
    long next = leash(cluster, now);
    // What is over has nothing to be ended; bound beyond its right, healthy managers would be, too.
    // What is kept is never ended for that, but nothing is started unbound.
    boolean mayStart = footing.end() > now;
    boolean binding = false;
    for (Tenant tenant : tenants) {
      here.add(tenant.name());
      binding |=
          tenant.grant().keep() ? mayStart && starts(tenant) : mayStart || !tenant.phase().isOver();
      next = Math.min(next, present(own, cluster, tenant, now));
    }
    for (Tenure tenure : cluster.tenures().values()) {
      boolean missing = tenure.hold().node().equals(node) && !here.contains(tenure.entity());
      if (missing && tenure.hold().isOut()) {
        here.add(tenure.entity());
        binding |= mayStart;
        next = Math.min(next, absent(own, cluster, tenure, now));
      }
    }
    talks.keySet().retainAll(here);
    concerned = !here.isEmpty();
    footing.bind(binding);
    return next;
  }

  private static boolean starts(Tenant tenant) {
    return switch (tenant.phase()) {
      case STARTING, DOWN, WAITING -> true;
      default -> false;
    };
  }

  /** It runs here, or did and is not gone yet. */
  private long present(HamState own, ClusterState cluster, Tenant tenant, long now) {
    Tenure tenure = cluster.tenures().get(tenant.name());
    boolean held = tenure != null && isHeld(tenure.hold(), tenant.grant());
    boolean outlived = !tenant.grant().keep() && tenant.grant().incarnation() != incarnation;
    boolean over = !held && cluster.last() >= tenant.grant().index();
    long next = Long.MAX_VALUE;
    if (held && tenant.phase() == Tenant.Phase.STUCK && !(tenure.hold() instanceof Hold.Stuck)) {
      next = stuck(tenant, now);
    }
    if (outlived || over || held && !(tenure.hold() instanceof Hold.Granted)) {
      if (!tenant.leaves()) {
        String why = outlived ? "another start of the node" : why(tenure);
        long grant = tenant.grant().index();
        tree.tell(new HamEvent.Revoked(tenant.name(), grant, why, Command.Stop.KILL_AFTER));
      }
      return next;
    }
    return held ? Math.min(next, goesOn(own, cluster, tenure, tenant, now)) : next;
  }

  private static String why(Tenure tenure) {
    return switch (tenure == null ? null : tenure.hold()) {
      case null -> "it was detached";
      case Hold.Leaving l -> l.to().isEmpty() ? "it goes elsewhere" : "it goes to " + l.to();
      case Hold.Stuck s -> "it was stuck";
      case Hold.Granted g -> "it runs on " + g.node();
      case Hold.Nobody n -> n.why().isEmpty() ? "the grant is over" : n.why();
    };
  }

  private boolean isHeld(Hold hold, Grant grant) {
    return hold.isOut() && hold.node().equals(node) && hold.grant() == grant.index();
  }

  private long goesOn(HamState own, ClusterState cluster, Tenure tenure, Tenant tenant, long now) {
    Tenure.Release over =
        switch (tenant.phase()) {
          case GAVE_UP -> Tenure.Release.BUDGET;
          case CANNOT_START -> Tenure.Release.CANNOT_START;
          case USED_UP -> Tenure.Release.MOVED;
          // It was kept, and its start will have no right any more.
          case WAITING -> isPresent(tenant) ? null : Tenure.Release.MOVED;
          default -> null;
        };
    if (over != null) {
      return release(tenure, over, now);
    }
    long next = Long.MAX_VALUE;
    if (tenure.version() > tenant.grant().version()) {
      next = redefine(own, cluster, tenure, now);
    }
    return Math.min(next, report(tenure, tenant, now));
  }

  /** Granted to this start of the node; true while it is not known which that is. */
  private boolean isPresent(Tenant tenant) {
    return incarnation == 0 || tenant.grant().incarnation() == incarnation;
  }

  /** It is granted to this node, and its own tree has nothing of it. */
  private long absent(HamState own, ClusterState cluster, Tenure tenure, long now) {
    Hold hold = tenure.hold();
    boolean ours = hold.incarnation() == incarnation;
    if (ours && hold.grant() > own.granted()) {
      if (hold instanceof Hold.Granted && Grant.fits(tenure.entity())) {
        define(own, cluster, tenure);
      } else {
        // Whoever comes after this manager must not take it from older news.
        tree.tell(new HamEvent.Revoked(tenure.entity(), hold.grant(), why(tenure), Duration.ZERO));
      }
      return Long.MAX_VALUE;
    }
    boolean ended = hold.grant() <= own.granted();
    boolean wanted = ours || !(hold instanceof Hold.Granted);
    return ended && wanted ? release(tenure, Tenure.Release.MOVED, now) : Long.MAX_VALUE;
  }

  private long redefine(HamState own, ClusterState cluster, Tenure tenure, long now) {
    Talk talk = talk(tenure.entity());
    if (now < talk.rests) {
      return talk.rests;
    }
    talk.rests = now + REST_NANOS;
    define(own, cluster, tenure);
    return Long.MAX_VALUE;
  }

  /** What is not taken now, because work on it is under way, is told again after a change. */
  private void define(HamState own, ClusterState cluster, Tenure tenure) {
    Entity definition = cluster.tree().entity(tenure.entity());
    Talk talk = talk(tenure.entity());
    if (definition == null || talk.triedAt == own.last().index()) {
      return;
    }
    talk.triedAt = own.last().index();
    Hold hold = tenure.hold();
    Grant grant =
        new Grant(hold.grant(), hold.incarnation(), tenure.version(), tenure.policy().keeps());
    tree.tell(new HamEvent.Granted(tenure.entity(), grant, definition));
  }

  private long release(Tenure tenure, Tenure.Release why, long now) {
    Name name = tenure.entity();
    ClusterEvent event = new ClusterEvent.Released(name, tenure.hold().grant(), why, "");
    return talk(name).release.propose(sender, event, now, wake);
  }

  private long stuck(Tenant tenant, long now) {
    ClusterEvent event =
        new ClusterEvent.GaveStuck(tenant.name(), tenant.grant().index(), tenant.detail());
    return talk(tenant.name()).stuck.propose(sender, event, now, wake);
  }

  private long report(Tenure tenure, Tenant tenant, long now) {
    Tenure.Report report =
        new Tenure.Report(
            tenant.grant().index(), word(tenant.phase()), tenant.pid(), tenant.token());
    if (report.equals(tenure.report())) {
      talk(tenant.name()).report.settled();
      return Long.MAX_VALUE;
    }
    ClusterEvent event = new ClusterEvent.Reported(tenant.name(), report);
    return talk(tenant.name()).report.propose(sender, event, now, wake);
  }

  private static String word(Tenant.Phase phase) {
    return switch (phase) {
      case RUNNING -> "up";
      case STARTING -> "starting";
      case DOWN -> "down";
      case WAITING -> "waiting";
      case ENDING -> "ending";
      case STUCK -> "stuck";
      case GAVE_UP, CANNOT_START, USED_UP -> "given-up";
    };
  }

  private Talk talk(Name name) {
    return talks.computeIfAbsent(name, n -> new Talk());
  }

  private long leash(ClusterState cluster, long now) {
    Leash made = leash;
    Node self = cluster.nodes().get(node);
    boolean ours =
        made != null
            && self != null
            && self.incarnation() == incarnation
            && made.incarnation() == incarnation;
    if (!ours || made.equals(self.leash())) {
      leashing.settled();
      return Long.MAX_VALUE;
    }
    return leashing.propose(sender, new ClusterEvent.Leashed(node, made), now, wake);
  }
}
