package io.hamlet.manager.wire;

import static io.hamlet.manager.wire.Fields.required;
import static io.hamlet.manager.wire.Fields.scalar;

import io.hamlet.core.model.EffectId;
import io.hamlet.core.model.EntryId;
import io.hamlet.core.model.Exit;
import io.hamlet.core.model.Moment;
import io.hamlet.core.model.Name;
import io.hamlet.core.model.ObjectPath;
import io.hamlet.core.model.ProcessId;
import io.hamlet.core.model.RequestId;
import io.hamlet.core.model.Target;
import io.hamlet.internal.v1.ModelProto;

/** The small values that name something. */
final class IdCodec {
  private IdCodec() {}

  static ModelProto.EntryId encode(EntryId id) {
    return ModelProto.EntryId.newBuilder()
        .setIncarnation(id.incarnation())
        .setEpoch(id.epoch())
        .setIndex(id.index())
        .build();
  }

  static EntryId decode(ModelProto.EntryId m) {
    return new EntryId(m.getIncarnation(), m.getEpoch(), m.getIndex());
  }

  static ModelProto.EffectId encode(EffectId id) {
    return ModelProto.EffectId.newBuilder()
        .setEntry(encode(id.entry()))
        .setOrdinal(id.ordinal())
        .build();
  }

  static EffectId decode(ModelProto.EffectId m) {
    return new EffectId(
        required(m.hasEntry(), "entry", m.getEntry(), IdCodec::decode), m.getOrdinal());
  }

  static ModelProto.Moment encode(Moment at) {
    return ModelProto.Moment.newBuilder()
        .setBootNanos(at.bootNanos())
        .setWallNanos(at.wallNanos())
        .build();
  }

  static Moment decode(ModelProto.Moment m) {
    return new Moment(m.getBootNanos(), m.getWallNanos());
  }

  static ModelProto.ProcessId encode(ProcessId id) {
    return ModelProto.ProcessId.newBuilder().setPid(id.pid()).setStartTime(id.startTime()).build();
  }

  static ProcessId decode(ModelProto.ProcessId m) {
    return new ProcessId(m.getPid(), m.getStartTime());
  }

  static ModelProto.RequestId encode(RequestId id) {
    return ModelProto.RequestId.newBuilder()
        .setClient(id.client())
        .setSequence(id.sequence())
        .setAnsweredBelow(id.answeredBelow())
        .build();
  }

  static RequestId decode(ModelProto.RequestId m) {
    return new RequestId(m.getClient(), m.getSequence(), m.getAnsweredBelow());
  }

  static ModelProto.ObjectPath encode(ObjectPath path) {
    ModelProto.ObjectPath.Builder b =
        ModelProto.ObjectPath.newBuilder().setEntity(path.entity().value());
    if (path.condition() != null) {
      b.setCondition(path.condition().value());
    }
    if (path.action() != null) {
      b.setAction(path.action().value());
    }
    return b.build();
  }

  static ObjectPath decode(ModelProto.ObjectPath m) {
    return new ObjectPath(
        name("entity", m.getEntity()),
        m.hasCondition() ? name("condition", m.getCondition()) : null,
        m.hasAction() ? name("action", m.getAction()) : null);
  }

  static ModelProto.Target encode(Target target) {
    return ModelProto.Target.newBuilder()
        .setPath(encode(target.path()))
        .setUid(target.uid())
        .build();
  }

  static Target decode(ModelProto.Target m) {
    return new Target(required(m.hasPath(), "path", m.getPath(), IdCodec::decode), m.getUid());
  }

  static ModelProto.Exit encode(Exit exit) {
    return ModelProto.Exit.newBuilder()
        .setKind(EnumTable.EXIT_KIND.encode(exit.kind()))
        .setValue(exit.value())
        .setCoreDumped(exit.coreDumped())
        .build();
  }

  static Exit decode(ModelProto.Exit m) {
    return new Exit(
        scalar("kind", m.getKindValue(), EnumTable.EXIT_KIND::decode),
        m.getValue(),
        m.getCoreDumped());
  }

  static Name name(String field, String value) {
    return scalar(field, value, Name::new);
  }
}
