package io.hamlet.manager.api;

import io.hamlet.core.model.EffectId;
import io.hamlet.core.model.EntryId;
import io.hamlet.core.model.Name;
import io.hamlet.core.recovery.Command;
import io.hamlet.core.recovery.HamState;
import io.hamlet.core.sam.SamGroup;
import io.hamlet.core.sam.SamGroup.Member;
import io.hamlet.core.sam.SamProcess;
import io.hamlet.manager.port.Requests;
import io.hamlet.manager.wire.GroupRequestCodec;
import io.hamlet.manager.wire.Position;
import io.hamlet.v1.ResponseHeader;
import io.hamlet.v1.SamGroupRequest;
import io.hamlet.v1.SamGroupResponse;
import io.hamlet.v1.SamHandle;
import io.hamlet.v1.SamListGroupsResponse;

/**
 * Groups of supervised programs: kept in the tree of the cluster, or in that of this node if it is
 * in none. Thread-safe.
 */
final class GroupDesk {
  private final Requests own;
  private final Requests kept;
  private final SamDesk programs;

  GroupDesk(Acting parts, SamDesk programs) {
    Cluster cluster = parts.cluster();
    this.own = parts.requests();
    this.kept = cluster == null || cluster.tree() == null ? own : cluster.tree();
    this.programs = programs;
  }

  /** Where the events of groups are watched. */
  String tree() {
    return kept == own ? own.state().node() : HamState.CLUSTER;
  }

  /** Throws Refused when it makes no sense. */
  Command command(SamGroupRequest request) {
    return GroupRequestCodec.command(request, member(request.getProgram()));
  }

  SamGroupResponse response(SamGroupRequest request, ResponseHeader header) {
    Name name = new Name(request.getGroup());
    SamGroup group = kept.state().sam().groups().get(name);
    SamGroupResponse.Builder b =
        SamGroupResponse.newBuilder()
            .setHeader(header)
            .setTree(tree())
            .setMember(member(request.getProgram()).toString());
    return b.setGroup(
            group == null
                ? io.hamlet.v1.SamGroup.newBuilder().setName(name.value()).build()
                : view(group))
        .build();
  }

  SamListGroupsResponse list() {
    SamListGroupsResponse.Builder b =
        SamListGroupsResponse.newBuilder().setTree(tree()).setNode(own.state().node());
    kept.state().sam().groups().values().forEach(g -> b.addGroups(view(g)));
    return b.build();
  }

  private Member member(SamHandle program) {
    SamProcess p = programs.speaking(program);
    return new Member(own.state().node(), p.name(), p.uid(), p.instance());
  }

  private io.hamlet.v1.SamGroup view(SamGroup group) {
    io.hamlet.v1.SamGroup.Builder b =
        io.hamlet.v1.SamGroup.newBuilder().setName(group.name().value());
    group
        .members()
        .forEach(
            (m, joined) ->
                b.addMembersBuilder()
                    .setMember(m.toString())
                    .setNode(m.node())
                    .setProgram(m.program().value())
                    .setInstanceId(m.instance())
                    .setPosition(new Position(tree(), before(joined)).text()));
    return b.build();
  }

  /** The end of the entry before. */
  private static EffectId before(EffectId happening) {
    EntryId at = happening.entry();
    EntryId last = new EntryId(at.incarnation(), at.epoch(), at.index() - 1);
    return new EffectId(last, Integer.MAX_VALUE);
  }
}
