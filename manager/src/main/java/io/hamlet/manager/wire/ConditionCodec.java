package io.hamlet.manager.wire;

import static io.hamlet.manager.wire.Fields.in;
import static io.hamlet.manager.wire.Fields.list;
import static io.hamlet.manager.wire.Fields.required;
import static io.hamlet.manager.wire.Fields.scalar;

import io.hamlet.core.model.Action;
import io.hamlet.core.model.Condition;
import io.hamlet.core.model.Filter;
import io.hamlet.core.model.Flags;
import io.hamlet.internal.v1.ModelProto;

/** Conditions, their filters and their actions. */
final class ConditionCodec {
  private ConditionCodec() {}

  static ModelProto.Condition encode(Condition c) {
    ModelProto.Condition.Builder b =
        ModelProto.Condition.newBuilder()
            .setName(c.name().value())
            .setUid(c.uid())
            .setType(EnumTable.CONDITION_TYPE.encode(c.type()))
            .setFilter(encode(c.filter()))
            .setFlags(c.flags().bits())
            .setEnabled(c.enabled());
    c.actions().forEach(a -> b.addActions(encode(a)));
    return b.build();
  }

  static Condition decode(ModelProto.Condition m) {
    return new Condition(
        IdCodec.name("name", m.getName()),
        m.getUid(),
        scalar("type", m.getTypeValue(), EnumTable.CONDITION_TYPE::decode),
        required(m.hasFilter(), "filter", m.getFilter(), ConditionCodec::decode),
        scalar("flags", m.getFlags(), Flags.OfCondition::new),
        m.getEnabled(),
        list("actions", m.getActionsList(), ConditionCodec::decode));
  }

  static ModelProto.Filter encode(Filter filter) {
    ModelProto.Filter.Builder b = ModelProto.Filter.newBuilder();
    switch (filter) {
      case Filter.None f -> b.setNone(DeedCodec.NOTHING);
      case Filter.Transition f -> b.getTransitionBuilder().setFrom(f.from()).setTo(f.to());
      case Filter.Raise f ->
          b.getRaiseBuilder().setType(f.type()).setClazz(f.clazz()).setSeverity(f.severity());
      case Filter.Proven f -> b.getProvenBuilder().setLeast(EnumTable.PROOF.encode(f.least()));
    }
    return b.build();
  }

  static Filter decode(ModelProto.Filter m) {
    return switch (m.getKindCase()) {
      case NONE -> in("none", m.getNone(), f -> Filter.NONE);
      case TRANSITION ->
          in("transition", m.getTransition(), f -> new Filter.Transition(f.getFrom(), f.getTo()));
      case RAISE ->
          in(
              "raise",
              m.getRaise(),
              f -> new Filter.Raise(f.getType(), f.getClazz(), f.getSeverity()));
      case PROVEN ->
          in(
              "proven",
              m.getProven(),
              f -> new Filter.Proven(scalar("least", f.getLeastValue(), EnumTable.PROOF::decode)));
      case KIND_NOT_SET -> throw Fields.noKind();
    };
  }

  private static ModelProto.Action encode(Action a) {
    ModelProto.Action.Builder b =
        ModelProto.Action.newBuilder()
            .setName(a.name().value())
            .setUid(a.uid())
            .setDeed(DeedCodec.encode(a.deed()))
            .setFlags(a.flags().bits())
            .setEnabled(a.enabled());
    for (Action.FailItem item : a.onFail()) {
      b.addOnFailBuilder()
          .setName(item.name().value())
          .setUid(item.uid())
          .setDeed(DeedCodec.encode(item.deed()));
    }
    return b.build();
  }

  private static Action decode(ModelProto.Action m) {
    return new Action(
        IdCodec.name("name", m.getName()),
        m.getUid(),
        required(m.hasDeed(), "deed", m.getDeed(), DeedCodec::decode),
        scalar("flags", m.getFlags(), Flags.OfAction::new),
        m.getEnabled(),
        list("on_fail", m.getOnFailList(), ConditionCodec::decode));
  }

  private static Action.FailItem decode(ModelProto.Action.FailItem m) {
    return new Action.FailItem(
        IdCodec.name("name", m.getName()),
        m.getUid(),
        required(m.hasDeed(), "deed", m.getDeed(), DeedCodec::decode));
  }
}
