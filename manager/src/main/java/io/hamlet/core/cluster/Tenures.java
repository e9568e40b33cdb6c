package io.hamlet.core.cluster;

import io.hamlet.core.model.Entity;
import io.hamlet.core.model.Name;
import io.hamlet.core.model.OwnerPolicy;
import io.hamlet.core.model.Proof;
import io.hamlet.core.model.Refused;
import io.hamlet.core.model.Rejection;
import io.hamlet.core.model.RequestId;
import io.hamlet.core.recovery.Command;
import io.hamlet.core.recovery.HamEvent;
import io.hamlet.core.recovery.Reply;
import java.util.List;
import org.pcollections.TreePMap;

/**
 * How rights to run begin and end. A grant ends only with its entity's release, with the goodbye of
 * its node, or with a proof; who says so names it, so that what is said of an old one does nothing.
 */
final class Tenures {
  private Tenures() {}

  /** The tree has changed: tenures of what is new there, none of what is gone. */
  static void follow(Draft draft) {
    if (draft.tree().entities() == draft.treeBefore().entities()) {
      return;
    }
    for (Entity entity : draft.tree().everyEntity()) {
      if (entity.spec() != null) {
        follow(draft, draft.treeBefore().entity(entity.name()), entity);
      }
    }
    for (Tenure tenure : draft.tenures().values()) {
      if (!draft.defines(tenure)) {
        undefined(draft, tenure);
      }
    }
  }

  private static void follow(Draft draft, Entity before, Entity now) {
    Tenure known = draft.tenure(now.name());
    if (before == null || before.uid() != now.uid()) {
      Hold hold = known == null ? new Hold.Nobody("", "") : known.hold();
      Tenure.Report report = known == null ? Tenure.Report.NONE : known.report();
      OwnerPolicy policy = policy(draft.event());
      draft.put(new Tenure(now.name(), policy, hold, draft.index(), TreePMap.empty(), report));
    } else if (before != now && !isSame(before, now)) {
      draft.put(known.changedAt(draft.index()));
    }
  }

  private static OwnerPolicy policy(ClusterEvent event) {
    return event instanceof ClusterEvent.Tree(HamEvent.Requested(RequestId _, Command command))
            && command instanceof Command.Attach attach
            && attach.owner() != null
        ? attach.owner()
        : OwnerPolicy.DEFAULT;
  }

  private static boolean isSame(Entity a, Entity b) {
    return a.enabled() == b.enabled()
        && a.flags().equals(b.flags())
        && a.spec().equals(b.spec())
        && a.conditions().equals(b.conditions());
  }

  private static void undefined(Draft draft, Tenure tenure) {
    switch (tenure.hold()) {
      case Hold.Nobody n -> draft.removeTenure(tenure.entity());
      case Hold.Granted g ->
          draft.put(tenure.with(new Hold.Leaving(g.node(), g.incarnation(), g.grant(), "")));
      case Hold.Leaving l -> {}
      case Hold.Stuck s -> {}
    }
  }

  /** Nobody holds it any more. It goes where it was to go, or is placed at the end of the entry. */
  static void free(Draft draft, Tenure tenure, String why) {
    if (!draft.defines(tenure)) {
      draft.removeTenure(tenure.entity());
      return;
    }
    String last = tenure.hold().node();
    Tenure free = tenure.with(new Hold.Nobody(why, last));
    draft.put(free);
    String next = tenure.hold().next();
    if (!next.isEmpty()) {
      Placement.give(draft, free, next);
    }
  }

  // --- what tenants say -----------------------------------------------------------------------

  static Reply released(Draft draft, ClusterEvent.Released e) {
    Tenure tenure = held(draft, e.entity(), e.grant());
    if (tenure == null) {
      return Reply.OK;
    }
    String node = tenure.hold().node();
    if (e.why() != Tenure.Release.MOVED) {
      Tenure.Avoided avoided = new Tenure.Avoided(e.why(), e.detail());
      tenure = tenure.with(tenure.avoided().plus(node, avoided));
    }
    free(draft, tenure, Placement.words(e.why()) + " on " + node);
    return Reply.OK;
  }

  static Reply stuck(Draft draft, ClusterEvent.GaveStuck e) {
    Tenure tenure = held(draft, e.entity(), e.grant());
    if (tenure != null && !(tenure.hold() instanceof Hold.Stuck)) {
      Hold h = tenure.hold();
      draft.put(
          tenure.with(new Hold.Stuck(h.node(), h.incarnation(), h.grant(), e.why(), h.next())));
      draft.announce(h.node(), e.entity().value(), "stuck", "", e.why());
    }
    return Reply.OK;
  }

  static Reply reported(Draft draft, ClusterEvent.Reported e) {
    Tenure tenure = held(draft, e.entity(), e.report().grant());
    if (tenure != null && !tenure.report().equals(e.report())) {
      Tenure.Report r = e.report();
      draft.put(tenure.with(r));
      // Whoever follows it hears of each start, wherever that was.
      String node = tenure.hold().node();
      draft.announce(node, e.entity().value(), "reported", r.state(), "process " + r.pid());
    }
    return Reply.OK;
  }

  /** The tenure with that grant, or null when it is out no more. */
  private static Tenure held(Draft draft, Name entity, long grant) {
    Tenure tenure = draft.tenure(entity);
    boolean same = tenure != null && tenure.hold().isOut() && tenure.hold().grant() == grant;
    return same ? tenure : null;
  }

  /** Whoever speaks for its program must hold it: its token is the grant. */
  static void checkTenant(Draft draft, Command.Sam c) {
    Tenure tenure = draft.tenure(c.program());
    boolean its =
        tenure != null
            && tenure.hold().isOut()
            && Long.toString(tenure.hold().grant()).equals(c.token());
    if (!its) {
      throw new Refused(
          Rejection.Reason.NOT_PERMITTED,
          "'" + c.program() + "' of the cluster does not run there, or no more");
    }
  }

  // --- what is known of nodes -----------------------------------------------------------------

  static Reply fenced(Draft draft, ClusterEvent.Fenced e) {
    Node node = draft.node(e.node());
    boolean wanted =
        node != null
            && node.incarnation() == e.incarnation()
            && node.standing() == Node.Standing.LOST
            && !node.isFenced();
    if (wanted) {
      draft.put(node.with(new Node.Fence(Proof.NONE)));
    }
    return Reply.OK;
  }

  /** A lease ends only what was fenced before: that entry stopped the voters. */
  static Reply ended(Draft draft, ClusterEvent.Ended e) {
    if (e.proof() == Proof.NONE || e.proof() == Proof.LEASE && e.all()) {
      throw Refused.invalid("without a proof nothing has ended");
    }
    Node node = draft.node(e.node());
    boolean known = node != null && e.incarnation() <= node.incarnation();
    if (!known || e.proof() == Proof.LEASE && e.incarnation() > node.fencedUpTo()) {
      return Reply.OK;
    }
    draft.avoid(e.avoid());
    if (e.incarnation() == node.incarnation()) {
      proved(draft, node, e.proof());
    }
    for (Tenure tenure : draft.tenures().values()) {
      if (e.frees(tenure)) {
        free(draft, tenure, e.node() + " has ended it (" + e.proof().word() + ")");
      }
    }
    return Reply.OK;
  }

  private static void proved(Draft draft, Node node, Proof proof) {
    if (!node.isFenced() || node.fence().proof().compareTo(proof) < 0) {
      draft.put(node.with(new Node.Fence(proof)));
    }
    if (node.loss() != null) {
      Losses.proved(draft, new ClusterEvent.Proved(node.name(), node.loss().number(), proof));
    }
  }

  static Reply vouched(Draft draft, ClusterEvent.Vouched e) {
    Node node = draft.node(e.node());
    if (node == null) {
      throw unknownNode(e.node());
    }
    boolean up = node.standing() == Node.Standing.UP;
    long over = up ? lastBeforeBoot(draft, node) : node.incarnation();
    if (over == 0) {
      throw Refused.invalid(
          "'"
              + e.node()
              + "' is up, and holds nothing from before its boot; only of a lost node can be said"
              + " that it is down");
    }
    return ended(draft, new ClusterEvent.Ended(e.node(), over, Proof.FENCED, true, List.of()));
  }

  /** The last start of that node's earlier boots that holds something yet; 0: none does. */
  private static long lastBeforeBoot(Draft draft, Node node) {
    return draft.tenures().values().stream()
        .filter(t -> t.isFromBeforeBootOf(node))
        .mapToLong(t -> t.hold().incarnation())
        .max()
        .orElse(0);
  }

  /** It has stopped all before it said goodbye, but for what it could not. */
  static void left(Draft draft, Node node) {
    for (Tenure tenure : draft.tenures().values()) {
      boolean its =
          tenure.isHeldBy(node.name(), node.incarnation())
              && tenure.hold().incarnation() == node.incarnation();
      if (its && !(tenure.hold() instanceof Hold.Stuck)) {
        free(draft, tenure, node.name() + " was stopped");
      }
    }
  }

  /** It was stopped, and is back. */
  static void back(Draft draft, String node) {
    for (Tenure tenure : draft.tenures().values()) {
      Tenure.Avoided avoided = tenure.avoided().get(node);
      if (avoided != null && avoided.why() == Tenure.Release.STOP) {
        draft.put(tenure.with(tenure.avoided().minus(node)));
      }
    }
  }

  static Reply leashed(Draft draft, ClusterEvent.Leashed e) {
    Node node = draft.node(e.node());
    boolean its = node != null && e.leash().incarnation() == node.incarnation();
    if (its && e.leash().isAfter(node.leash())) {
      draft.put(node.with(e.leash()));
    }
    return Reply.OK;
  }

  static Refused unknownNode(String node) {
    return new Refused(
        Rejection.Reason.NOT_FOUND, "there is no node '" + node + "' in the cluster");
  }
}
