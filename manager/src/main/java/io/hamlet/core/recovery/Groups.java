package io.hamlet.core.recovery;

import io.hamlet.core.model.EffectId;
import io.hamlet.core.model.Name;
import io.hamlet.core.model.Refused;
import io.hamlet.core.model.Rejection;
import io.hamlet.core.sam.GroupCall;
import io.hamlet.core.sam.SamGroup;
import io.hamlet.core.sam.SamGroup.Member;
import java.util.Base64;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Groups of supervised programs. An entry is a place in their order, and what an entry does to a
 * group is a happening: whoever reads those reads the group.
 */
final class Groups {
  private Groups() {}

  static Reply call(Turn turn, Command.Group c) {
    SamGroup group = turn.sam().groups().get(c.group());
    return switch (c.call()) {
      case GroupCall.Join j -> join(turn, group, c.group(), c.member());
      case GroupCall.Leave l -> {
        need(group, c);
        leave(turn, group, c.member(), l.why());
        yield Reply.OK;
      }
      case GroupCall.Say s -> {
        need(group, c);
        String said = Base64.getEncoder().encodeToString(s.message().bytes());
        turn.announce(SamGroup.path(c.group()), "group-message", c.member().toString(), said);
        yield Reply.OK;
      }
    };
  }

  /** Whoever is of a lost node hears nothing any more. */
  static void nodeLost(Turn turn, String node) {
    leaveAll(turn, "lost", m -> m.node().equals(node));
  }

  /** In the tree of a node that is in no cluster: who has ended leaves. */
  static void follow(Turn turn) {
    if (!turn.isOfCluster() && !turn.sam().groups().isEmpty()) {
      leaveAll(turn, "ended", m -> !turn.sam().speaks(m));
    }
  }

  private static void leaveAll(Turn turn, String why, Predicate<Member> isGone) {
    for (SamGroup group : List.copyOf(turn.sam().groups().values())) {
      for (Member member : List.copyOf(group.members().keySet())) {
        if (isGone.test(member)) {
          leave(turn, turn.sam().groups().get(group.name()), member, why);
        }
      }
    }
  }

  private static Reply join(Turn turn, SamGroup known, Name name, Member member) {
    if (known != null && known.has(member)) {
      throw new Refused(
          Rejection.Reason.EXISTS, "'" + member + "' is in the group '" + name + "' already");
    }
    if (known == null && turn.sam().groups().size() >= SamGroup.MOST) {
      throw new Refused(
          Rejection.Reason.LIMIT, "there are " + SamGroup.MOST + " groups already; leave some");
    }
    if (known != null) {
      for (Member old : known.outlived(member)) {
        leave(turn, turn.sam().groups().get(name), old, "ended");
      }
    }
    SamGroup group = turn.sam().groups().get(name);
    if (group != null && group.members().size() >= SamGroup.MOST_MEMBERS) {
      throw new Refused(
          Rejection.Reason.LIMIT,
          "the group '" + name + "' has " + SamGroup.MOST_MEMBERS + " members already");
    }
    EffectId at = turn.nextEffect();
    SamGroup more = group == null ? SamGroup.of(name, member, at) : group.with(member, at);
    turn.announce(SamGroup.path(name), "group-joined", member.toString(), view(more));
    turn.sam(turn.sam().with(more));
    return Reply.OK;
  }

  private static void leave(Turn turn, SamGroup group, Member member, String why) {
    SamGroup rest = group.without(member);
    turn.announce(
        SamGroup.path(group.name()), "group-left", member.toString(), why + "\n" + view(rest));
    turn.sam(turn.sam().with(rest));
  }

  /** No name has a line feed. */
  private static String view(SamGroup group) {
    return group.members().keySet().stream()
        .map(Member::toString)
        .collect(Collectors.joining("\n"));
  }

  private static void need(SamGroup group, Command.Group c) {
    if (group == null || !group.has(c.member())) {
      throw new Refused(
          Rejection.Reason.BAD_HANDLE,
          "'" + c.member() + "' is not in the group '" + c.group() + "'; join it first");
    }
  }
}
