package io.hamlet.core.cluster;

import io.hamlet.core.model.Refused;
import io.hamlet.core.model.Rejection;
import io.hamlet.core.recovery.Reply;

/** Nodes that come, go in good order, and are forgotten. */
final class Membership {
  private Membership() {}

  /** A name goes to whoever raises its incarnation; the one before is refused from then on. */
  static Reply joined(Draft draft, ClusterEvent.Joined e) {
    Node old = draft.node(e.node());
    long current = old == null ? draft.forgotten() : old.incarnation();
    if (old != null && old.start() == e.start() && old.standing() == Node.Standing.UP) {
      return new Reply.Number(current);
    }
    if (old != null && e.expected() < current) {
      throw Refused.invalid(
          "'" + e.node() + "' is at incarnation " + current + ", not at " + e.expected());
    }
    if (old == null && draft.nodes().size() >= ClusterState.MOST_NODES) {
      throw new Refused(
          Rejection.Reason.LIMIT,
          "the cluster has " + draft.nodes().size() + " nodes; 'ham forget' those that are lost");
    }
    if (e.capacity() < 0) {
      throw Refused.invalid("a node takes no less than 0 entities of the cluster");
    }
    e.terms().check();
    long incarnation = Math.max(e.expected(), current) + 1;
    Node.Duty duty = old == null ? Node.Duty.ALL : old.duty();
    boolean sameBoot = old != null && old.boot().equals(e.boot());
    draft.put(
        new Node(
            e.node(),
            incarnation,
            e.boot(),
            sameBoot ? old.booted() : draft.index(),
            e.stateId(),
            e.terms(),
            longest(draft, old, e),
            e.start(),
            e.address(),
            draft.index(),
            Node.Standing.UP,
            null,
            new Node.Duty(e.capacity(), duty.standby(), duty.draining()),
            null,
            old == null ? null : old.leash()));
    Tenures.back(draft, e.node());
    if (old == null || old.standing() != Node.Standing.UP) {
      Losses.back(draft, e.node(), old == null ? null : old.loss());
    }
    return new Reply.Number(incarnation);
  }

  /** As long as an earlier start of it may run something, that one's are waited for too. */
  private static Terms longest(Draft draft, Node old, ClusterEvent.Joined e) {
    Terms longest = e.terms();
    for (Tenure tenure : draft.tenures().values()) {
      Hold hold = tenure.hold();
      if (old != null && hold.isOut() && hold.node().equals(e.node())) {
        longest = longest.atLeast(old.termsUnder(hold.incarnation()));
      }
    }
    return longest;
  }

  static Reply left(Draft draft, ClusterEvent.Left e) {
    Node node = draft.node(e.node());
    if (node != null
        && node.incarnation() == e.incarnation()
        && node.standing() == Node.Standing.UP) {
      draft.put(node.withStanding(Node.Standing.LEFT, draft.index(), null));
      Tenures.left(draft, node);
    }
    return Reply.OK;
  }

  static Reply forgotten(Draft draft, ClusterEvent.Forgotten e) {
    Node node = draft.node(e.node());
    if (node == null) {
      throw new Refused(
          Rejection.Reason.NOT_FOUND, "there is no node '" + e.node() + "' in the cluster");
    }
    if (node.standing() == Node.Standing.UP) {
      throw Refused.invalid("'" + e.node() + "' is up; stop it first");
    }
    if (draft.voters().containsKey(e.node())) {
      throw Refused.invalid(
          "'"
              + e.node()
              + "' is a voter; take it from the voters first (ham voter remove "
              + e.node()
              + ")");
    }
    for (Tenure tenure : draft.tenures().values()) {
      if (tenure.hold().isOut() && tenure.hold().node().equals(e.node())) {
        throw Refused.invalid(
            "'"
                + e.node()
                + "' may still run '"
                + tenure.entity()
                + "'; when it is down for certain, say 'ham fence confirm "
                + e.node()
                + "'");
      }
    }
    draft.forget(node);
    return Reply.OK;
  }
}
