package io.hamlet.core.cluster;

import io.hamlet.core.model.Name;
import io.hamlet.core.model.Refused;
import io.hamlet.core.model.Rejection;
import io.hamlet.core.recovery.Client;
import io.hamlet.core.recovery.Clients;
import io.hamlet.core.recovery.Reply;
import org.pcollections.TreePMap;

/** What operators want of the cluster. What cannot be is refused, and changes nothing. */
final class Wishes {
  private Wishes() {}

  /**
   * One of which somebody may send another copy. That is answered as the first was, also with a
   * refusal: by now the opposite may have been wished, and answered.
   */
  static Reply wished(Draft draft, ClusterEvent.Wished e) {
    return switch (Clients.known(draft.tree().clients(), e.id())) {
      case Client.Given given -> given.reply();
      case Client.Pending pending -> throw Refused.invalid("that request is in work");
      case null -> {
        Reply reply;
        try {
          reply = done(draft, e.wish());
        } catch (Refused refused) {
          reply = new Reply.No(refused.rejection());
        }
        draft.remember(e.id(), reply);
        yield reply;
      }
    };
  }

  static Reply done(Draft draft, ClusterEvent.Wish wish) {
    return switch (wish) {
      case ClusterEvent.Forgotten e -> Membership.forgotten(draft, e);
      case ClusterEvent.Vouched e -> Tenures.vouched(draft, e);
      case ClusterEvent.Moved e -> moved(draft, e);
      case ClusterEvent.Standby e -> standby(draft, e);
      case ClusterEvent.Drained e -> drained(draft, e);
      case ClusterEvent.MaintenanceSet e -> maintained(draft, e.maintenance());
      case ClusterEvent.MaintenanceCleared e -> cleared(draft, e.key());
    };
  }

  private static Reply moved(Draft draft, ClusterEvent.Moved e) {
    Tenure tenure = draft.tenure(e.entity());
    if (tenure == null || !draft.defines(tenure)) {
      throw new Refused(
          Rejection.Reason.NOT_FOUND,
          "there is no entity '" + e.entity() + "' in the cluster tree");
    }
    if (draft.node(e.to()) == null) {
      throw Tenures.unknownNode(e.to());
    }
    Hold hold = tenure.hold();
    if (hold instanceof Hold.Granted && hold.node().equals(e.to())) {
      return Reply.OK;
    }
    Maintenance maintenance = draft.maintenanceOf(tenure);
    Tenure wanted = tenure.with(tenure.avoided().minus(e.to()));
    String hindrance = Placement.hindrance(draft, wanted, e.to());
    if (maintenance != null || hindrance != null) {
      throw Refused.invalid(
          "'"
              + e.entity()
              + "' stays where it is: "
              + (maintenance != null
                  ? "in maintenance: " + maintenance.key()
                  : "'" + e.to() + "' is " + hindrance));
    }
    switch (hold) {
      case Hold.Nobody n -> Placement.give(draft, wanted, e.to());
      case Hold.Granted g ->
          draft.put(wanted.with(new Hold.Leaving(g.node(), g.incarnation(), g.grant(), e.to())));
      case Hold.Leaving l ->
          draft.put(wanted.with(new Hold.Leaving(l.node(), l.incarnation(), l.grant(), e.to())));
      case Hold.Stuck s ->
          throw Refused.invalid(
              "'"
                  + e.entity()
                  + "' cannot be stopped on '"
                  + s.node()
                  + "' ("
                  + s.why()
                  + "); end that node, then say 'ham fence confirm "
                  + s.node()
                  + "'");
    }
    return Reply.OK;
  }

  /** Whoever avoided it may have it again. */
  static void resumed(Draft draft, Name entity) {
    Tenure tenure = draft.tenure(entity);
    if (tenure != null && !tenure.avoided().isEmpty()) {
      draft.put(tenure.with(TreePMap.empty()));
    }
  }

  private static Reply standby(Draft draft, ClusterEvent.Standby e) {
    Node node = node(draft, e.node());
    Node.Duty duty = new Node.Duty(node.duty().capacity(), e.on(), false);
    return duty(draft, node, duty, e.on() ? "standby" : "active");
  }

  private static Reply drained(Draft draft, ClusterEvent.Drained e) {
    Node node = node(draft, e.node());
    Node.Duty duty = new Node.Duty(node.duty().capacity(), node.duty().standby(), true);
    return duty(draft, node, duty, "draining");
  }

  private static Reply duty(Draft draft, Node node, Node.Duty duty, String word) {
    if (!node.duty().equals(duty)) {
      draft.put(node.with(duty));
      draft.announce(node.name(), "", word, "", "");
    }
    return Reply.OK;
  }

  private static Reply maintained(Draft draft, Maintenance m) {
    if (m.node() != null) {
      node(draft, m.node());
    }
    if (m.entity() != null && draft.tenure(m.entity()) == null) {
      throw new Refused(
          Rejection.Reason.NOT_FOUND,
          "there is no entity '" + m.entity() + "' in the cluster tree");
    }
    Maintenance known = draft.maintenances().get(m.key());
    if (known == null && draft.maintenances().size() >= Maintenance.MOST) {
      throw new Refused(
          Rejection.Reason.LIMIT, "there are " + Maintenance.MOST + " maintenances already");
    }
    if (!m.equals(known)) {
      draft.maintenances(draft.maintenances().plus(m.key(), m));
      String word = known == null ? "maintenance-begun" : "maintenance-changed";
      announce(draft, m, word, m.words(draft.at()));
    }
    return Reply.OK;
  }

  private static Reply cleared(Draft draft, Maintenance.Key key) {
    Maintenance known = draft.maintenances().get(key);
    if (known == null) {
      throw new Refused(Rejection.Reason.NOT_FOUND, "there is no maintenance of " + key);
    }
    lifted(draft, known, "cleared");
    return Reply.OK;
  }

  /** Those whose time has passed are lifted. */
  static void expire(Draft draft) {
    for (Maintenance m : draft.maintenances().values()) {
      if (m.until() <= draft.at().bootNanos()) {
        lifted(draft, m, "its time is over");
      }
    }
  }

  private static void lifted(Draft draft, Maintenance m, String how) {
    draft.maintenances(draft.maintenances().minus(m.key()));
    announce(draft, m, "maintenance-ended", how);
  }

  /** Of its entity, of its node, or of the cluster. */
  private static void announce(Draft draft, Maintenance m, String word, String detail) {
    String node = m.node() == null ? "" : m.node();
    String path = m.entity() == null ? "" : m.entity().value();
    draft.announce(node, path, word, m.key().toString(), detail);
  }

  private static Node node(Draft draft, String name) {
    Node node = draft.node(name);
    if (node == null) {
      throw Tenures.unknownNode(name);
    }
    return node;
  }
}
