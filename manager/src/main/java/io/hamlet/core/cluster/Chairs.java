package io.hamlet.core.cluster;

import io.hamlet.core.model.Name;
import io.hamlet.core.model.Refused;
import io.hamlet.core.model.Rejection;
import io.hamlet.core.recovery.HamState;
import io.hamlet.core.recovery.Reply;

/** How rights to lead begin, go on and end. No time passes here: see {@link Chair}. */
final class Chairs {
  private Chairs() {}

  static Reply claimed(Draft draft, ClusterEvent.Claimed e) {
    Chair chair = draft.chairs().get(e.name());
    if (chair != null && chair.holder() == e.holder()) {
      if (e.turn() > chair.turn()) {
        put(draft, chair.renewed(e, draft.index()));
      }
      return new Reply.Number(chair.token());
    }
    if (e.turn() > 1) {
      throw new Refused(
          Rejection.Reason.NOT_FOUND,
          "'" + e.name() + "' is led by that program no more; it has to begin again");
    }
    if (chair != null) {
      throw new Refused(
          Rejection.Reason.EXISTS, "'" + e.name() + "' is led by " + chair.who() + " already");
    }
    return begun(draft, e);
  }

  private static Reply begun(Draft draft, ClusterEvent.Claimed e) {
    if (draft.chairs().size() >= Chair.MOST) {
      throw new Refused(Rejection.Reason.LIMIT, "there are " + Chair.MOST + " leaders already");
    }
    long index = draft.index();
    Chair chair = new Chair(e.name(), e.holder(), 1, index, index, e.spanNanos(), e.who());
    put(draft, chair);
    tell(draft, chair, "leads", "");
    return new Reply.Number(chair.token());
  }

  static Reply vacated(Draft draft, ClusterEvent.Vacated e) {
    Chair chair = draft.chairs().get(e.name());
    if (chair != null && chair.holder() == e.holder()) {
      remove(draft, chair, "given up");
    }
    return Reply.OK;
  }

  static Reply lapsed(Draft draft, ClusterEvent.Lapsed e) {
    Chair chair = draft.chairs().get(e.name());
    if (chair != null && chair.renewed() == e.renewed()) {
      remove(draft, chair, "not renewed");
    }
    return Reply.OK;
  }

  private static void put(Draft draft, Chair chair) {
    draft.chairs(draft.chairs().plus(chair.name(), chair));
  }

  private static void remove(Draft draft, Chair chair, String why) {
    Name name = chair.name();
    draft.chairs(draft.chairs().minus(name));
    tell(draft, chair, "leads-no-more", why);
  }

  private static void tell(Draft draft, Chair chair, String what, String why) {
    String detail = chair.who() + ", token " + chair.token();
    draft.announce(HamState.CLUSTER, Chair.path(chair.name()), what, why, detail);
  }
}
