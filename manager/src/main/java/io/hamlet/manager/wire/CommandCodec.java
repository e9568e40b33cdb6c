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
      case Command.Control c -> control(b.getControlBuilder(), c);
      case Command.AddCondition c -> addCondition(b.getAddConditionBuilder(), c);
      case Command.Remove c -> b.setRemove(IdCodec.encode(c.target()));
      case Command.AddAction c -> addAction(b.getAddActionBuilder(), c);
      case Command.AddFailItem c -> addFailItem(b.getAddFailItemBuilder(), c);
      case Command.RemoveFailItem c -> removeFailItem(b.getRemoveFailItemBuilder(), c);
      case Command.PublishState c ->
          b.getPublishStateBuilder().setEntity(IdCodec.encode(c.entity())).setState(c.state());
      case Command.PublishRaise c -> publishRaise(b.getPublishRaiseBuilder(), c);
      case Command.HeartbeatControl c ->
          b.getHeartbeatControlBuilder().setVerb(EnumTable.BEATS.encode(c.verb()));
      case Command.Verbose c ->
          b.getVerboseBuilder().setVerb(EnumTable.VERBOSE.encode(c.verb())).setValue(c.value());
      case Command.Resume c -> b.setResume(IdCodec.encode(c.entity()));
      case Command.Sam c ->
          b.getSamBuilder()
              .setProgram(c.program().value())
              .setToken(Fields.text("sam.token", c.token()))
              .setCall(SamCallCodec.encode(c.call()));
      case Command.Group c -> b.setGroup(GroupCodec.encode(c));
      case Command.OfCluster c -> throw new WireException("command", "is in no log: " + c);
      case Command.OpenChannel c -> b.setOpenChannel(IdCodec.encode(c.owner()));
      case Command.AcknowledgePulses c -> acknowledge(b.getAcknowledgePulsesBuilder(), c);
      case Command.CloseChannel c ->
          b.getCloseChannelBuilder().setPid(c.pid()).setChannel(c.channel());
      case Command.Stop c ->
          b.getStopBuilder().setEntities(c.entities()).setKillAfterNanos(c.killAfter().toNanos());
    }
    return b.build();
  }

  static Command decode(EventProto.Command m) {
    return switch (m.getKindCase()) {
      case ATTACH -> in("attach", m.getAttach(), CommandCodec::attach);
      case ATTACH_SELF -> in("attach_self", m.getAttachSelf(), CommandCodec::attachSelf);
      case DETACH -> in("detach", m.getDetach(), CommandCodec::detach);
      case CREATE_ENTITY -> in("create_entity", m.getCreateEntity(), CommandCodec::createEntity);
      case CONTROL -> in("control", m.getControl(), CommandCodec::control);
      case ADD_CONDITION -> in("add_condition", m.getAddCondition(), CommandCodec::addCondition);
      case REMOVE -> new Command.Remove(in("remove", m.getRemove(), IdCodec::decode));
      case ADD_ACTION -> in("add_action", m.getAddAction(), CommandCodec::addAction);
      case ADD_FAIL_ITEM -> in("add_fail_item", m.getAddFailItem(), CommandCodec::addFailItem);
      case REMOVE_FAIL_ITEM ->
          in("remove_fail_item", m.getRemoveFailItem(), CommandCodec::removeFailItem);
      case PUBLISH_STATE -> in("publish_state", m.getPublishState(), CommandCodec::publishState);
      case PUBLISH_RAISE -> in("publish_raise", m.getPublishRaise(), CommandCodec::publishRaise);
      case HEARTBEAT_CONTROL ->
          in("heartbeat_control", m.getHeartbeatControl(), CommandCodec::heartbeatControl);
      case VERBOSE -> in("verbose", m.getVerbose(), CommandCodec::verbose);
      case RESUME -> new Command.Resume(in("resume", m.getResume(), IdCodec::decode));
      case OPEN_CHANNEL ->
          new Command.OpenChannel(in("open_channel", m.getOpenChannel(), IdCodec::decode));
      case ACKNOWLEDGE_PULSES ->
          in("acknowledge_pulses", m.getAcknowledgePulses(), CommandCodec::acknowledge);
      case CLOSE_CHANNEL -> in("close_channel", m.getCloseChannel(), CommandCodec::closeChannel);
      case STOP ->
          in(
              "stop",
              m.getStop(),
              c -> new Command.Stop(c.getEntities(), Duration.ofNanos(c.getKillAfterNanos())));
      case SAM ->
          in(
              "sam",
              m.getSam(),
              c ->
                  new Command.Sam(
                      IdCodec.name("program", c.getProgram()),
                      c.getToken(),
                      required(c.hasCall(), "call", c.getCall(), SamCallCodec::decode)));
      case GROUP -> in("group", m.getGroup(), GroupCodec::decode);
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
    if (c.owner() != null) {
      b.setOwner(TenureCodec.encode(c.owner()));
    }
  }

  private static Command attach(EventProto.Command.Attach m) {
    return new Command.Attach(
        IdCodec.name("name", m.getName()),
        optional(m.hasAdopt(), "adopt", m.getAdopt(), IdCodec::decode),
        optional(m.hasSpec(), "spec", m.getSpec(), DeedCodec::decode),
        entityFlags(m.getFlags()),
        optional(m.hasOwner(), "owner", m.getOwner(), TenureCodec::decode));
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

  private static void control(EventProto.Command.Control.Builder b, Command.Control c) {
    b.setTarget(IdCodec.encode(c.target()))
        .setVerb(EnumTable.CONTROL.encode(c.verb()))
        .setFlags(c.flags())
        .setRecurse(c.recurse());
  }

  private static void addCondition(
      EventProto.Command.AddCondition.Builder b, Command.AddCondition c) {
    b.setEntity(IdCodec.encode(c.entity()))
        .setName(c.name().value())
        .setType(EnumTable.CONDITION_TYPE.encode(c.type()))
        .setFilter(ConditionCodec.encode(c.filter()))
        .setFlags(c.flags().bits())
        .setRearm(EnumTable.REARM.encode(c.rearm()));
  }

  private static void addAction(EventProto.Command.AddAction.Builder b, Command.AddAction c) {
    b.setCondition(IdCodec.encode(c.condition()))
        .setName(c.name().value())
        .setDeed(DeedCodec.encode(c.deed()))
        .setFlags(c.flags().bits())
        .setRearm(EnumTable.REARM.encode(c.rearm()));
  }

  private static void addFailItem(EventProto.Command.AddFailItem.Builder b, Command.AddFailItem c) {
    b.setAction(IdCodec.encode(c.action()))
        .setName(c.name().value())
        .setDeed(DeedCodec.encode(c.deed()));
  }

  private static void removeFailItem(
      EventProto.Command.RemoveFailItem.Builder b, Command.RemoveFailItem c) {
    b.setAction(IdCodec.encode(c.action())).setName(c.name().value());
  }

  private static Command removeFailItem(EventProto.Command.RemoveFailItem m) {
    return new Command.RemoveFailItem(
        target("action", m.hasAction(), m.getAction()), IdCodec.name("name", m.getName()));
  }

  private static void publishRaise(
      EventProto.Command.PublishRaise.Builder b, Command.PublishRaise c) {
    b.setEntity(IdCodec.encode(c.entity()))
        .setType(c.type())
        .setClazz(c.clazz())
        .setSeverity(c.severity());
  }

  private static void acknowledge(
      EventProto.Command.AcknowledgePulses.Builder b, Command.AcknowledgePulses c) {
    b.setPid(c.pid()).setChannel(c.channel()).setUpTo(c.upTo());
  }

  private static Command acknowledge(EventProto.Command.AcknowledgePulses m) {
    return new Command.AcknowledgePulses(m.getPid(), m.getChannel(), m.getUpTo());
  }

  private static Command closeChannel(EventProto.Command.CloseChannel m) {
    return new Command.CloseChannel(m.getPid(), m.getChannel());
  }

  private static Command detach(EventProto.Command.Detach m) {
    return new Command.Detach(target("entity", m.hasEntity(), m.getEntity()), m.getSelf());
  }

  private static Command createEntity(EventProto.Command.CreateEntity m) {
    return new Command.CreateEntity(IdCodec.name("name", m.getName()), entityFlags(m.getFlags()));
  }

  private static Command publishState(EventProto.Command.PublishState m) {
    return new Command.PublishState(target("entity", m.hasEntity(), m.getEntity()), m.getState());
  }

  private static Command heartbeatControl(EventProto.Command.HeartbeatControl m) {
    return new Command.HeartbeatControl(scalar("verb", m.getVerbValue(), EnumTable.BEATS::decode));
  }

  private static Command verbose(EventProto.Command.Verbose m) {
    return new Command.Verbose(
        scalar("verb", m.getVerbValue(), EnumTable.VERBOSE::decode), m.getValue());
  }

  private static Target target(String field, boolean present, ModelProto.Target target) {
    return required(present, field, target, IdCodec::decode);
  }

  private static Flags.OfEntity entityFlags(int bits) {
    return scalar("flags", bits, Flags.OfEntity::new);
  }
}
