package io.hamlet.manager.wire;

import static io.hamlet.manager.wire.Fields.in;
import static io.hamlet.manager.wire.Fields.list;
import static io.hamlet.manager.wire.Fields.optional;
import static io.hamlet.manager.wire.Fields.required;
import static io.hamlet.manager.wire.Fields.scalar;
import static io.hamlet.manager.wire.Fields.text;

import io.hamlet.core.model.Entity;
import io.hamlet.core.model.Flags;
import io.hamlet.core.model.Grant;
import io.hamlet.core.model.Heartbeat;
import io.hamlet.core.model.Life;
import io.hamlet.core.model.Tally;
import io.hamlet.internal.v1.ModelProto;

/** An entity with all that is in it. */
final class EntityCodec {
  private EntityCodec() {}

  static ModelProto.Entity encode(Entity e) {
    ModelProto.Entity.Builder b =
        ModelProto.Entity.newBuilder()
            .setName(e.name().value())
            .setUid(e.uid())
            .setShape(EnumTable.SHAPE.encode(e.shape()))
            .setFlags(e.flags().bits())
            .setEnabled(e.enabled())
            .setLife(encode(e.life()))
            .setUserState(e.userState())
            .setTally(
                ModelProto.Tally.newBuilder()
                    .addAllRestarts(e.tally().restarts())
                    .setQuickDeaths(e.tally().quickDeaths()))
            .setStats(encode(e.stats()));
    if (e.spec() != null) {
      b.setSpec(DeedCodec.encode(e.spec()));
    }
    if (e.heartbeat() != null) {
      b.setHeartbeat(encode(e.heartbeat()));
    }
    e.conditions().forEach(c -> b.addConditions(ConditionCodec.encode(c)));
    for (Entity.PendingDeath d : e.deaths()) {
      b.addDeaths(encode(d));
    }
    if (e.exit() != null) {
      b.setExit(IdCodec.encode(e.exit()));
    }
    if (e.grant() != null) {
      b.setGrant(encode(e.grant()));
    }
    return b.build();
  }

  static ModelProto.Grant encode(Grant g) {
    return ModelProto.Grant.newBuilder()
        .setIndex(g.index())
        .setIncarnation(g.incarnation())
        .setVersion(g.version())
        .setKeep(g.keep())
        .build();
  }

  static Grant decode(ModelProto.Grant m) {
    return new Grant(m.getIndex(), m.getIncarnation(), m.getVersion(), m.getKeep());
  }

  static Entity decode(ModelProto.Entity m) {
    return new Entity(
        IdCodec.name("name", m.getName()),
        m.getUid(),
        scalar("shape", m.getShapeValue(), EnumTable.SHAPE::decode),
        scalar("flags", m.getFlags(), Flags.OfEntity::new),
        m.getEnabled(),
        optional(m.hasSpec(), "spec", m.getSpec(), DeedCodec::decode),
        required(m.hasLife(), "life", m.getLife(), EntityCodec::decode),
        m.getUserState(),
        optional(m.hasHeartbeat(), "heartbeat", m.getHeartbeat(), EntityCodec::decode),
        list("conditions", m.getConditionsList(), ConditionCodec::decode),
        list("deaths", m.getDeathsList(), EntityCodec::decode),
        required(
            m.hasTally(),
            "tally",
            m.getTally(),
            t -> new Tally(t.getRestartsList(), t.getQuickDeaths())),
        optional(m.hasExit(), "exit", m.getExit(), IdCodec::decode),
        required(m.hasStats(), "stats", m.getStats(), EntityCodec::decode),
        optional(m.hasGrant(), "grant", m.getGrant(), EntityCodec::decode));
  }

  static ModelProto.Heartbeat encode(Heartbeat h) {
    return ModelProto.Heartbeat.newBuilder()
        .setPeriodNanos(h.periodNanos())
        .setLowMark(h.lowMark())
        .setHighMark(h.highMark())
        .setHealth(EnumTable.HEALTH.encode(h.health()))
        .setSlot(h.slot())
        .setGeneration(h.generation())
        .build();
  }

  static Heartbeat decode(ModelProto.Heartbeat m) {
    return new Heartbeat(
        m.getPeriodNanos(),
        m.getLowMark(),
        m.getHighMark(),
        scalar("health", m.getHealthValue(), EnumTable.HEALTH::decode),
        m.getSlot(),
        m.getGeneration());
  }

  private static ModelProto.Life encode(Life life) {
    ModelProto.Life.Builder b = ModelProto.Life.newBuilder();
    switch (life) {
      case Life.None l -> b.setNone(DeedCodec.NOTHING);
      case Life.Starting l -> {
        b.getStartingBuilder().setEffect(IdCodec.encode(l.effect())).setNumber(l.number());
        if (l.gate() != null) {
          b.getStartingBuilder().setGate(IdCodec.encode(l.gate()));
        }
      }
      case Life.Up l -> {
        b.getUpBuilder().setProcess(IdCodec.encode(l.process())).setNumber(l.number());
        if (l.home() != null) {
          b.getUpBuilder().setHome(text("up.home", l.home()));
        }
      }
      case Life.DiedUnseen l -> {
        b.getDiedUnseenBuilder()
            .setProcess(IdCodec.encode(l.process()))
            .setNumber(l.number())
            .setExit(IdCodec.encode(l.exit()));
        if (l.home() != null) {
          b.getDiedUnseenBuilder().setHome(text("died_unseen.home", l.home()));
        }
      }
      case Life.GaveUp l -> {
        b.getGaveUpBuilder().setNumber(l.number()).setProcess(IdCodec.encode(l.process()));
        if (l.home() != null) {
          b.getGaveUpBuilder().setHome(text("gave_up.home", l.home()));
        }
      }
      case Life.Stopped l -> b.setStopped(l.number());
    }
    return b.build();
  }

  private static Life decode(ModelProto.Life m) {
    return switch (m.getKindCase()) {
      case NONE -> in("none", m.getNone(), n -> Life.NONE);
      case STARTING ->
          in(
              "starting",
              m.getStarting(),
              s ->
                  new Life.Starting(
                      required(s.hasEffect(), "effect", s.getEffect(), IdCodec::decode),
                      optional(s.hasGate(), "gate", s.getGate(), IdCodec::decode),
                      s.getNumber()));
      case UP ->
          in(
              "up",
              m.getUp(),
              u ->
                  new Life.Up(
                      required(u.hasProcess(), "process", u.getProcess(), IdCodec::decode),
                      u.getNumber(),
                      u.hasHome() ? u.getHome() : null));
      case DIED_UNSEEN ->
          in(
              "died_unseen",
              m.getDiedUnseen(),
              d ->
                  new Life.DiedUnseen(
                      required(d.hasProcess(), "process", d.getProcess(), IdCodec::decode),
                      d.getNumber(),
                      d.hasHome() ? d.getHome() : null,
                      required(d.hasExit(), "exit", d.getExit(), IdCodec::decode)));
      case GAVE_UP ->
          in(
              "gave_up",
              m.getGaveUp(),
              g ->
                  new Life.GaveUp(
                      g.getNumber(),
                      required(g.hasProcess(), "process", g.getProcess(), IdCodec::decode),
                      g.hasHome() ? g.getHome() : null));
      case STOPPED -> new Life.Stopped(m.getStopped());
      case KIND_NOT_SET -> throw Fields.noKind();
    };
  }

  private static ModelProto.Entity.PendingDeath encode(Entity.PendingDeath d) {
    ModelProto.Entity.PendingDeath.Builder b =
        ModelProto.Entity.PendingDeath.newBuilder()
            .setLife(d.life())
            .setOpen(d.open())
            .setRestarted(d.restarted());
    if (d.process() != null) {
      b.setProcess(IdCodec.encode(d.process()));
    }
    if (d.home() != null) {
      b.setHome(text("deaths.home", d.home()));
    }
    return b.build();
  }

  private static Entity.PendingDeath decode(ModelProto.Entity.PendingDeath m) {
    return new Entity.PendingDeath(
        m.getLife(),
        m.getOpen(),
        m.getRestarted(),
        optional(m.hasProcess(), "process", m.getProcess(), IdCodec::decode),
        m.hasHome() ? m.getHome() : null);
  }

  private static ModelProto.Entity.Stats encode(Entity.Stats s) {
    ModelProto.Entity.Stats.Builder b =
        ModelProto.Entity.Stats.newBuilder()
            .setCreated(IdCodec.encode(s.created()))
            .setRestarts(s.restarts())
            .setDeaths(s.deaths())
            .setBeatsMissed(s.beatsMissed())
            .setStarts(s.starts())
            .setLastLife(s.lastLife());
    if (s.lastDeath() != null) {
      b.setLastDeath(IdCodec.encode(s.lastDeath()));
    }
    if (s.restarted() != null) {
      b.setRestarted(IdCodec.encode(s.restarted()));
    }
    return b.build();
  }

  private static Entity.Stats decode(ModelProto.Entity.Stats m) {
    return new Entity.Stats(
        required(m.hasCreated(), "created", m.getCreated(), IdCodec::decode),
        optional(m.hasLastDeath(), "last_death", m.getLastDeath(), IdCodec::decode),
        optional(m.hasRestarted(), "restarted", m.getRestarted(), IdCodec::decode),
        m.getRestarts(),
        m.getDeaths(),
        m.getBeatsMissed(),
        m.getStarts(),
        m.getLastLife());
  }
}
