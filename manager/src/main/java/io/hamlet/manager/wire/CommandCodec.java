package io.hamlet.manager.wire;

import static io.hamlet.manager.wire.Fields.in;
import static io.hamlet.manager.wire.Fields.optional;
import static io.hamlet.manager.wire.Fields.required;
import static io.hamlet.manager.wire.Fields.scalar;

import io.hamlet.core.model.Flags;
import io.hamlet.core.model.Target;
import io.hamlet.core.recovery.Command;
import io.hamlet.internal.v1.EventProto;
import io.hamlet.internal.v1.ModelProto;
import java.time.Duration;

/** What clients ask. */
final class CommandCodec {
  private CommandCodec() {}

  static EventProto.Command encode(Command command) {
    EventProto.Command.Builder b = EventProto.Command.newBuilder();
    switch (command) {
      case Command.Attach c -> attach(b.getAttachBuilder(), c);
      case Command.AttachSelf c -> attachSelf(b.getAttachSelfBuilder(), c);
      case Command.Detach c ->
          b.getDetachBuilder().setEntity(IdCodec.encode(c.entity())).setSelf(c.self());
      case Command.CreateEntity c ->
          b.getCreateEntityBuilder().setName(c.name().value()).setFlags(c.flags().bits());
      case Command.Control c ->
          b.getControlBuilder()
              .setTarget(IdCodec.encode(c.target()))
              .setVerb(EnumTable.CONTROL.encode(c.verb()))
              .setFlags(c.flags())
              .setRecurse(c.recurse());
      case Command.AddCondition c ->
          b.getAddConditionBuilder()
              .setEntity(IdCodec.encode(c.entity()))
              .setName(c.name().value())
              .setType(EnumTable.CONDITION_TYPE.encode(c.type()))
              .setFilter(ConditionCodec.encode(c.filter()))
              .setFlags(c.flags().bits())
              .setRearm(EnumTable.REARM.encode(c.rearm()));
      case Command.Remove c -> b.setRemove(IdCodec.encode(c.target()));
      case Command.AddAction c ->
          b.getAddActionBuilder()
              .setCondition(IdCodec.encode(c.condition()))
              .setName(c.name().value())
              .setDeed(DeedCodec.encode(c.deed()))
              .setFlags(c.flags().bits())
              .setRearm(EnumTable.REARM.encode(c.rearm()));
      case Command.AddFailItem c ->
          b.getAddFailItemBuilder()
              .setAction(IdCodec.encode(c.action()))
              .setName(c.name().value())
              .setDeed(DeedCodec.encode(c.deed()));
      case Command.RemoveFailItem c ->
          b.getRemoveFailItemBuilder()
              .setAction(IdCodec.encode(c.action()))
              .setName(c.name().value());
      case Command.PublishState c ->
          b.getPublishStateBuilder().setEntity(IdCodec.encode(c.entity())).setState(c.state());
      case Command.PublishRaise c ->
          b.getPublishRaiseBuilder()
              .setEntity(IdCodec.encode(c.entity()))
              .setType(c.type())
              .setClazz(c.clazz())
              .setSeverity(c.severity());
      case Command.HeartbeatControl c ->
          b.getHeartbeatControlBuilder().setVerb(EnumTable.BEATS.encode(c.verb()));
      case Command.Verbose c ->
          b.getVerboseBuilder().setVerb(EnumTable.VERBOSE.encode(c.verb())).setValue(c.value());
      case Command.Resume c -> b.setResume(IdCodec.encode(c.entity()));
      case Command.OpenChannel c -> b.setOpenChannel(IdCodec.encode(c.owner()));
      case Command.AcknowledgePulses c ->
          b.getAcknowledgePulsesBuilder().setPid(c.pid()).setChannel(c.channel()).setUpTo(c.upTo());
      case Command.CloseChannel c ->
          b.getCloseChannelBuilder().setPid(c.pid()).setChannel(c.channel());
      case Command.Stop c -> b.getStopBuilder()
              .setEntities(c.entities())
              .setKillAfterNanos(c.killAfter().toNanos());
    }
    return b.build();
  }

  static Command decode(EventProto.Command m) {
    return switch (m.getKindCase()) {
      case ATTACH -> in("attach", m.getAttach(), CommandCodec::attach);
      case ATTACH_SELF -> in("attach_self", m.getAttachSelf(), CommandCodec::attachSelf);
      case DETACH ->
          in(
              "detach",
              m.getDetach(),
              c -> new Command.Detach(target("entity", c.hasEntity(), c.getEntity()), c.getSelf()));
      case CREATE_ENTITY ->
          in(
              "create_entity",
              m.getCreateEntity(),
              c ->
                  new Command.CreateEntity(
                      IdCodec.name("name", c.getName()), entityFlags(c.getFlags())));
      case CONTROL -> in("control", m.getControl(), CommandCodec::control);
      case ADD_CONDITION -> in("add_condition", m.getAddCondition(), CommandCodec::addCondition);
      case REMOVE -> in("remove", m.getRemove(), t -> new Command.Remove(IdCodec.decode(t)));
      case ADD_ACTION -> in("add_action", m.getAddAction(), CommandCodec::addAction);
      case ADD_FAIL_ITEM -> in("add_fail_item", m.getAddFailItem(), CommandCodec::addFailItem);
      case REMOVE_FAIL_ITEM ->
          in(
              "remove_fail_item",
              m.getRemoveFailItem(),
              c ->
                  new Command.RemoveFailItem(
                      target("action", c.hasAction(), c.getAction()),
                      IdCodec.name("name", c.getName())));
      case PUBLISH_STATE ->
          in(
              "publish_state",
              m.getPublishState(),
              c ->
                  new Command.PublishState(
                      target("entity", c.hasEntity(), c.getEntity()), c.getState()));
      case PUBLISH_RAISE -> in("publish_raise", m.getPublishRaise(), CommandCodec::publishRaise);
      case HEARTBEAT_CONTROL ->
          in(
              "heartbeat_control",
              m.getHeartbeatControl(),
              c ->
                  new Command.HeartbeatControl(
                      scalar("verb", c.getVerbValue(), EnumTable.BEATS::decode)));
      case VERBOSE ->
          in(
              "verbose",
              m.getVerbose(),
              c ->
                  new Command.Verbose(
                      scalar("verb", c.getVerbValue(), EnumTable.VERBOSE::decode), c.getValue()));
      case RESUME -> in("resume", m.getResume(), t -> new Command.Resume(IdCodec.decode(t)));
      case OPEN_CHANNEL ->
          in("open_channel", m.getOpenChannel(), p -> new Command.OpenChannel(IdCodec.decode(p)));
      case ACKNOWLEDGE_PULSES ->
          in(
              "acknowledge_pulses",
              m.getAcknowledgePulses(),
              c -> new Command.AcknowledgePulses(c.getPid(), c.getChannel(), c.getUpTo()));
      case CLOSE_CHANNEL ->
          in(
              "close_channel",
              m.getCloseChannel(),
              c -> new Command.CloseChannel(c.getPid(), c.getChannel()));
      case STOP ->
          in(
              "stop",
              m.getStop(),
              c -> new Command.Stop(c.getEntities(), Duration.ofNanos(c.getKillAfterNanos())));
      case KIND_NOT_SET -> throw Fields.noKind();
    };
  }

  private static void attach(EventProto.Command.Attach.Builder b, Command.Attach c) {
    b.setName(c.name().value()).setFlags(c.flags().bits());
    if (c.adopt() != null) {
      b.setAdopt(IdCodec.encode(c.adopt()));
    }
    if (c.spec() != null) {
      b.setSpec(DeedCodec.encode(c.spec()));
    }
  }

  private static Command attach(EventProto.Command.Attach m) {
    return new Command.Attach(
        IdCodec.name("name", m.getName()),
        optional(m.hasAdopt(), "adopt", m.getAdopt(), IdCodec::decode),
        optional(m.hasSpec(), "spec", m.getSpec(), DeedCodec::decode),
        entityFlags(m.getFlags()));
  }

  private static void attachSelf(EventProto.Command.AttachSelf.Builder b, Command.AttachSelf c) {
    b.setName(c.name().value()).setCaller(IdCodec.encode(c.caller())).setFlags(c.flags().bits());
    if (c.heartbeat() != null) {
      b.setHeartbeat(EntityCodec.encode(c.heartbeat()));
    }
  }

  private static Command attachSelf(EventProto.Command.AttachSelf m) {
    return new Command.AttachSelf(
        IdCodec.name("name", m.getName()),
        required(m.hasCaller(), "caller", m.getCaller(), IdCodec::decode),
        optional(m.hasHeartbeat(), "heartbeat", m.getHeartbeat(), EntityCodec::decode),
        entityFlags(m.getFlags()));
  }

  private static Command control(EventProto.Command.Control m) {
    return new Command.Control(
        target("target", m.hasTarget(), m.getTarget()),
        scalar("verb", m.getVerbValue(), EnumTable.CONTROL::decode),
        m.getFlags(),
        m.getRecurse());
  }

  private static Command addCondition(EventProto.Command.AddCondition m) {
    return new Command.AddCondition(
        target("entity", m.hasEntity(), m.getEntity()),
        IdCodec.name("name", m.getName()),
        scalar("type", m.getTypeValue(), EnumTable.CONDITION_TYPE::decode),
        required(m.hasFilter(), "filter", m.getFilter(), ConditionCodec::decode),
        scalar("flags", m.getFlags(), Flags.OfCondition::new),
        scalar("rearm", m.getRearmValue(), EnumTable.REARM::decode));
  }

  private static Command addAction(EventProto.Command.AddAction m) {
    return new Command.AddAction(
        target("condition", m.hasCondition(), m.getCondition()),
        IdCodec.name("name", m.getName()),
        required(m.hasDeed(), "deed", m.getDeed(), DeedCodec::decode),
        scalar("flags", m.getFlags(), Flags.OfAction::new),
        scalar("rearm", m.getRearmValue(), EnumTable.REARM::decode));
  }

  private static Command addFailItem(EventProto.Command.AddFailItem m) {
    return new Command.AddFailItem(
        target("action", m.hasAction(), m.getAction()),
        IdCodec.name("name", m.getName()),
        required(m.hasDeed(), "deed", m.getDeed(), DeedCodec::decode));
  }

  private static Command publishRaise(EventProto.Command.PublishRaise m) {
    return new Command.PublishRaise(
        target("entity", m.hasEntity(), m.getEntity()), m.getType(), m.getClazz(), m.getSeverity());
  }

  private static Target target(String field, boolean present, ModelProto.Target target) {
    return required(present, field, target, IdCodec::decode);
  }

  private static Flags.OfEntity entityFlags(int bits) {
    return scalar("flags", bits, Flags.OfEntity::new);
  }
}
