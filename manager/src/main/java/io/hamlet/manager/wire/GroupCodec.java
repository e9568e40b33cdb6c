package io.hamlet.manager.wire;

import static io.hamlet.manager.wire.Fields.in;
import static io.hamlet.manager.wire.Fields.list;
import static io.hamlet.manager.wire.Fields.required;
import static io.hamlet.manager.wire.Fields.text;

import io.hamlet.core.model.EffectId;
import io.hamlet.core.recovery.Command;
import io.hamlet.core.sam.GroupCall;
import io.hamlet.core.sam.SamGroup;
import io.hamlet.core.sam.SamGroup.Member;
import io.hamlet.internal.v1.SamProto;
import java.util.Map;

/** Groups of supervised programs in snapshots, and what is done in them in the log. */
final class GroupCodec {
  private GroupCodec() {}

  static SamProto.SamGroup encode(SamGroup group) {
    SamProto.SamGroup.Builder b = SamProto.SamGroup.newBuilder().setName(group.name().value());
    group
        .members()
        .forEach(
            (member, joined) ->
                b.addMembersBuilder().setMember(encode(member)).setAt(IdCodec.encode(joined)));
    return b.build();
  }

  static SamGroup decode(SamProto.SamGroup m) {
    return new SamGroup(
        IdCodec.name("name", m.getName()),
        Keyed.map("members", list("members", m.getMembersList(), GroupCodec::joined)));
  }

  static SamProto.SamGroupCall encode(Command.Group c) {
    SamProto.SamGroupCall.Builder b =
        SamProto.SamGroupCall.newBuilder()
            .setGroup(c.group().value())
            .setMember(encode(c.member()));
    switch (c.call()) {
      case GroupCall.Join j -> b.setJoin(DeedCodec.NOTHING);
      case GroupCall.Leave l -> b.setLeave(text("leave", l.why()));
      case GroupCall.Say s -> b.setSay(SamCodec.encode(s.message()));
    }
    return b.build();
  }

  static Command decode(SamProto.SamGroupCall m) {
    GroupCall call =
        switch (m.getKindCase()) {
          case JOIN -> in("join", m.getJoin(), j -> new GroupCall.Join());
          case LEAVE -> new GroupCall.Leave(m.getLeave());
          case SAY -> new GroupCall.Say(SamCodec.decode(m.getSay()));
          case KIND_NOT_SET -> throw Fields.noKind();
        };
    return new Command.Group(
        IdCodec.name("group", m.getGroup()),
        required(m.hasMember(), "member", m.getMember(), GroupCodec::decode),
        call);
  }

  private static SamProto.SamMember encode(Member member) {
    return SamProto.SamMember.newBuilder()
        .setNode(text("node", member.node()))
        .setProgram(member.program().value())
        .setUid(member.uid())
        .setInstance(member.instance())
        .build();
  }

  private static Member decode(SamProto.SamMember m) {
    return new Member(
        m.getNode(), IdCodec.name("program", m.getProgram()), m.getUid(), m.getInstance());
  }

  private static Map.Entry<Member, EffectId> joined(SamProto.SamGroup.Joined m) {
    return Map.entry(
        required(m.hasMember(), "member", m.getMember(), GroupCodec::decode),
        required(m.hasAt(), "at", m.getAt(), IdCodec::decode));
  }
}
