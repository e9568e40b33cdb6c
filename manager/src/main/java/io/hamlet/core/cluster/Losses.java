package io.hamlet.core.cluster;

import io.hamlet.core.model.Proof;
import io.hamlet.core.recovery.HamEvent;
import io.hamlet.core.recovery.HamState;
import io.hamlet.core.recovery.Reply;

/** Nodes that are heard no more, and those that are heard again. */
final class Losses {
  private Losses() {}

  /** Once for each absence: the standing that ends is the one that whoever judged had seen. */
  static Reply lost(Draft draft, ClusterEvent.Lost e) {
    Node node = draft.node(e.node());
    boolean current =
        node != null
            && node.standing() == Node.Standing.UP
            && node.incarnation() == e.incarnation()
            && node.since() == e.since();
    if (!current) {
      return Reply.OK;
    }
    long number = draft.index();
    HamState graft = Grafts.tree(e.graft(), draft.reign().node(), draft.tree().limits());
    Proof proof = proof(node, e.proof());
    Node.Loss loss = new Node.Loss(number, e.epoch(), e.place(), proof);
    draft.put(node.withStanding(Node.Standing.LOST, number, loss));
    boolean kept = !e.graft().isEmpty() && draft.grafts().size() < ClusterState.MOST_GRAFTS;
    if (kept) {
      draft.graft(number, new Graft(e.node(), graft));
    }
    tell(draft, number, new HamEvent.NodeLost(e.node(), proof, null));
    return Reply.OK;
  }

  /** Its leash may have spoken before anybody missed it. */
  private static Proof proof(Node node, Proof said) {
    Proof known = node.isFenced() ? node.fence().proof() : Proof.NONE;
    return known.compareTo(said) > 0 ? known : said;
  }

  static Reply proved(Draft draft, ClusterEvent.Proved e) {
    Node node = absent(draft, e.node(), e.loss());
    if (node != null && node.loss().proof().compareTo(e.proof()) < 0) {
      Node.Loss old = node.loss();
      Proof before = old.proof();
      Node.Loss better = new Node.Loss(old.number(), old.epoch(), old.place(), e.proof());
      draft.put(node.withStanding(Node.Standing.LOST, node.since(), better));
      tell(draft, e.loss(), new HamEvent.NodeLost(e.node(), e.proof(), before));
    }
    return Reply.OK;
  }

  static Reply heard(Draft draft, ClusterEvent.Heard e) {
    Node node = absent(draft, e.node(), e.loss());
    if (node != null && node.incarnation() == e.incarnation()) {
      draft.put(node.withStanding(Node.Standing.UP, draft.index(), null));
      back(draft, e.node(), node.loss());
    }
    return Reply.OK;
  }

  /**
   * A node is with us that was not.
   *
   * @param loss that ended; null: it was not lost
   */
  static void back(Draft draft, String node, Node.Loss loss) {
    tell(draft, loss == null ? 0 : loss.number(), new HamEvent.NodeJoined(node));
  }

  private static void tell(Draft draft, long loss, HamEvent event) {
    draft.toTree(event);
    draft.toGraft(loss, event);
  }

  private static Node absent(Draft draft, String name, long loss) {
    Node node = draft.node(name);
    boolean same = node != null && node.loss() != null && node.loss().number() == loss;
    return same ? node : null;
  }
}
