package io.hamlet.core.cluster;

import io.hamlet.core.model.Refused;
import io.hamlet.core.model.Rejection;
import io.hamlet.core.recovery.Effect;
import io.hamlet.core.recovery.HamEvent;
import io.hamlet.core.recovery.HamMachine;
import io.hamlet.core.recovery.Reply;
import java.util.ArrayList;
import java.util.List;
import org.pcollections.TreePMap;

/**
 * The brain of the cluster: entry in, next state and effects out. Pure, total and deterministic, so
 * that voters that apply the same entries have the same state.
 */
public final class ClusterMachine {
  private ClusterMachine() {}

  /** What an entry does to a state. Total: one that does not fit changes nothing. */
  public static ClusterStep apply(ClusterState state, ClusterEntry entry) {
    Draft draft = new Draft(state, entry);
    try {
      return draft.finish(happen(draft, entry.event()));
    } catch (Refused refused) {
      return draft.nothing(new Reply.No(refused.rejection()));
    }
  }

  /** All that a new leader must have performed for a state that it took over. */
  public static List<Effect> resume(ClusterState state) {
    List<Effect> effects = new ArrayList<>(HamMachine.resume(state.tree()));
    for (Graft graft : state.grafts().values()) {
      effects.addAll(HamMachine.resume(graft.tree()));
    }
    return effects;
  }

  private static Reply happen(Draft draft, ClusterEvent event) {
    if (draft.id().isEmpty() && !(event instanceof ClusterEvent.Founded)) {
      throw new Refused(Rejection.Reason.UNAVAILABLE, "the cluster is not founded yet; ask again");
    }
    return switch (event) {
      case ClusterEvent.Founded e -> founded(draft, e);
      case ClusterEvent.Joined e -> Membership.joined(draft, e);
      case ClusterEvent.Left e -> Membership.left(draft, e);
      case ClusterEvent.Lost e -> Losses.lost(draft, e);
      case ClusterEvent.Proved e -> Losses.proved(draft, e);
      case ClusterEvent.Heard e -> Losses.heard(draft, e);
      case ClusterEvent.VotersChanged e -> voters(draft, e.voters());
      case ClusterEvent.Led e -> led(draft, e);
      case ClusterEvent.Tree e -> Trees.happen(draft, e.event());
      case ClusterEvent.OfTenure e -> happen(draft, e);
      case ClusterEvent.Wished e -> Wishes.wished(draft, e);
      case ClusterEvent.Wish e -> Wishes.done(draft, e);
      case ClusterEvent.Claimed e -> Chairs.claimed(draft, e);
      case ClusterEvent.Vacated e -> Chairs.vacated(draft, e);
      case ClusterEvent.Lapsed e -> Chairs.lapsed(draft, e);
    };
  }

  private static Reply happen(Draft draft, ClusterEvent.OfTenure event) {
    return switch (event) {
      case ClusterEvent.Fenced e -> Tenures.fenced(draft, e);
      case ClusterEvent.Ended e -> Tenures.ended(draft, e);
      case ClusterEvent.Released e -> Tenures.released(draft, e);
      case ClusterEvent.GaveStuck e -> Tenures.stuck(draft, e);
      case ClusterEvent.Reported e -> Tenures.reported(draft, e);
      case ClusterEvent.Leashed e -> Tenures.leashed(draft, e);
    };
  }

  private static Reply founded(Draft draft, ClusterEvent.Founded e) {
    if (e.id().isEmpty()) {
      throw Refused.invalid("a cluster needs an id");
    }
    if (draft.id().isEmpty()) {
      draft.id(e.id());
      return voters(draft, e.voters());
    }
    if (!draft.id().equals(e.id())) {
      throw Refused.invalid("the cluster was founded as " + draft.id() + ", not as " + e.id());
    }
    return Reply.OK;
  }

  private static Reply voters(Draft draft, List<ClusterEvent.Voter> voters) {
    if (voters.isEmpty()) {
      throw Refused.invalid("a cluster needs a voter");
    }
    TreePMap<String, String> now = TreePMap.from(ClusterEvent.byName(voters));
    if (now.size() != voters.size()) {
      throw Refused.invalid("a voter is named twice");
    }
    if (!now.equals(draft.voters())) {
      draft.voters(now);
    }
    return Reply.OK;
  }

  /** Terms only rise; the entry of an earlier leader comes too late. */
  private static Reply led(Draft draft, ClusterEvent.Led e) {
    if (e.term() > draft.reign().term()) {
      draft.reign(new ClusterState.Reign(e.node(), e.term()));
      HamEvent event = new HamEvent.TookOver(e.node(), "", e.pid(), 0, false);
      draft.toTree(event);
      draft.grafts().keySet().forEach(number -> draft.toGraft(number, event));
    }
    return Reply.OK;
  }
}
