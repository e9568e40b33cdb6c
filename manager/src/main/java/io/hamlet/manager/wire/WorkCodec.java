package io.hamlet.manager.wire;

import static io.hamlet.manager.wire.Fields.in;
import static io.hamlet.manager.wire.Fields.list;
import static io.hamlet.manager.wire.Fields.optional;
import static io.hamlet.manager.wire.Fields.required;
import static io.hamlet.manager.wire.Fields.scalar;
import static io.hamlet.manager.wire.Fields.text;

import io.hamlet.core.model.Lane;
import io.hamlet.core.recovery.Effect;
import io.hamlet.core.recovery.Occurrence;
import io.hamlet.core.recovery.OpenEffect.Purpose;
import io.hamlet.core.recovery.OpenEffect.Work;
import io.hamlet.core.recovery.Trigger;
import io.hamlet.internal.v1.StateProto;

/** Work in progress: occurrences in the lanes and effects in flight. */
final class WorkCodec {
  private WorkCodec() {}

  static StateProto.Occurrence encode(Occurrence o) {
    StateProto.Occurrence.Builder b =
        StateProto.Occurrence.newBuilder()
            .setEntity(o.entity().value())
            .setEntityUid(o.entityUid())
            .setCondition(o.condition().value())
            .setConditionUid(o.conditionUid())
            .setAfter(o.after());
    Trigger t = o.trigger();
    b.getTriggerBuilder()
        .setType(EnumTable.CONDITION_TYPE.encode(t.type()))
        .setEntity(t.entity().value())
        .setUid(t.uid())
        .setLife(t.life())
        .setPid(t.pid())
        .setReason(text("trigger.reason", t.reason()))
        .setNode(text("trigger.node", t.node()));
    if (o.running() != null) {
      b.getRunningBuilder()
          .setActionUid(o.running().actionUid())
          .setFailItem(o.running().failItem())
          .setEffect(IdCodec.encode(o.running().effect()))
          .setRiders(o.running().riders());
    }
    return b.build();
  }

  static Occurrence decode(StateProto.Occurrence m) {
    return new Occurrence(
        IdCodec.name("entity", m.getEntity()),
        m.getEntityUid(),
        IdCodec.name("condition", m.getCondition()),
        m.getConditionUid(),
        required(m.hasTrigger(), "trigger", m.getTrigger(), WorkCodec::decode),
        m.getAfter(),
        optional(m.hasRunning(), "running", m.getRunning(), WorkCodec::decode));
  }

  private static Trigger decode(StateProto.Trigger m) {
    return new Trigger(
        scalar("type", m.getTypeValue(), EnumTable.CONDITION_TYPE::decode),
        IdCodec.name("entity", m.getEntity()),
        m.getUid(),
        m.getLife(),
        m.getPid(),
        m.getReason(),
        m.getNode());
  }

  private static Occurrence.Running decode(StateProto.Occurrence.Running m) {
    return new Occurrence.Running(
        m.getActionUid(),
        m.getFailItem(),
        required(m.hasEffect(), "effect", m.getEffect(), IdCodec::decode),
        m.getRiders());
  }

  static StateProto.Purpose encode(Purpose purpose) {
    StateProto.Purpose.Builder b = StateProto.Purpose.newBuilder();
    switch (purpose) {
      case Purpose.ForLane p -> b.setForLane(p.lane().key());
      case Purpose.ForAttach p ->
          b.getForAttachBuilder()
              .setEntity(p.entity().value())
              .setUid(p.uid())
              .setRequest(IdCodec.encode(p.request()))
              .setFilled(p.filled());
      case Purpose.ForStop p ->
          b.getForStopBuilder()
              .setRequest(IdCodec.encode(p.request()))
              .setNotEntities(!p.entities())
              .setKillAfterNanos(p.killAfterNanos());
      case Purpose.ForQuell p ->
          b.getForQuellBuilder()
              .setEntity(p.entity().value())
              .setUid(p.uid())
              .setLeaves(text("for_quell.leaves", p.leaves()));
      case Purpose.ForResume p ->
          b.getForResumeBuilder()
              .setEntity(p.entity().value())
              .setUid(p.uid())
              .setAfterStop(p.afterStop());
      case Purpose.ForNow p -> b.setForNow(text("for_now", p.path()));
      case Purpose.ForSam p -> b.getForSamBuilder().setProgram(p.program().value()).setUid(p.uid());
      case Purpose.ForErrand p -> b.setForErrand(ErrandCodec.encode(p.id()));
    }
    return b.build();
  }

  static Purpose decode(StateProto.Purpose m) {
    return switch (m.getKindCase()) {
      case FOR_LANE -> new Purpose.ForLane(new Lane(m.getForLane()));
      case FOR_ATTACH ->
          in(
              "for_attach",
              m.getForAttach(),
              p ->
                  new Purpose.ForAttach(
                      IdCodec.name("entity", p.getEntity()),
                      p.getUid(),
                      required(p.hasRequest(), "request", p.getRequest(), IdCodec::decode),
                      p.getFilled()));
      case FOR_STOP ->
          in(
              "for_stop",
              m.getForStop(),
              p ->
                  new Purpose.ForStop(
                      required(p.hasRequest(), "request", p.getRequest(), IdCodec::decode),
                      !p.getNotEntities(),
                      p.getKillAfterNanos()));
      case FOR_QUELL ->
          in(
              "for_quell",
              m.getForQuell(),
              p ->
                  new Purpose.ForQuell(
                      IdCodec.name("entity", p.getEntity()), p.getUid(), p.getLeaves()));
      case FOR_RESUME ->
          in(
              "for_resume",
              m.getForResume(),
              p ->
                  new Purpose.ForResume(
                      IdCodec.name("entity", p.getEntity()), p.getUid(), p.getAfterStop()));
      case FOR_NOW -> new Purpose.ForNow(m.getForNow());
      case FOR_ERRAND ->
          in("for_errand", m.getForErrand(), p -> new Purpose.ForErrand(ErrandCodec.decode(p)));
      case FOR_SAM ->
          in(
              "for_sam",
              m.getForSam(),
              p -> new Purpose.ForSam(IdCodec.name("program", p.getProgram()), p.getUid()));
      case KIND_NOT_SET -> throw Fields.noKind();
    };
  }

  static StateProto.Work encode(Work work) {
    StateProto.Work.Builder b = StateProto.Work.newBuilder();
    switch (work) {
      case Work.Start w -> b.setStart(start(w));
      case Work.Delay w -> b.setDelay(w.untilBoot());
      case Work.Wait w ->
          b.getWaitBuilder().setPath(text("wait.path", w.path())).setUntilBoot(w.untilBoot());
      case Work.Signalling w ->
          b.getSignallingBuilder()
              .setProcess(IdCodec.encode(w.process()))
              .setSignal(w.signal())
              .setCode(w.code())
              .setValue(w.value());
      case Work.Quelling w -> {
        w.those().forEach(r -> b.getQuellingBuilder().addThose(remains(r)));
        b.getQuellingBuilder().setGraceNanos(w.graceNanos()).setStuck(text("stuck", w.stuck()));
      }
      case Work.Asking w ->
          b.getAskingBuilder().setErrand(ErrandCodec.encode(w.errand())).setExpires(w.expires());
    }
    return b.build();
  }

  static Work decode(StateProto.Work m) {
    return switch (m.getKindCase()) {
      case START -> in("start", m.getStart(), WorkCodec::start);
      case DELAY -> new Work.Delay(m.getDelay());
      case WAIT -> in("wait", m.getWait(), w -> new Work.Wait(w.getPath(), w.getUntilBoot()));
      case SIGNALLING ->
          in(
              "signalling",
              m.getSignalling(),
              w ->
                  new Work.Signalling(
                      required(w.hasProcess(), "process", w.getProcess(), IdCodec::decode),
                      w.getSignal(),
                      w.getCode(),
                      w.getValue()));
      case QUELLING ->
          in(
              "quelling",
              m.getQuelling(),
              w ->
                  new Work.Quelling(
                      list("those", w.getThoseList(), WorkCodec::remains),
                      w.getGraceNanos(),
                      w.getStuck()));
      case ASKING ->
          in(
              "asking",
              m.getAsking(),
              w ->
                  new Work.Asking(
                      required(w.hasErrand(), "errand", w.getErrand(), ErrandCodec::decode),
                      w.getExpires()));
      case KIND_NOT_SET -> throw Fields.noKind();
    };
  }

  private static StateProto.Work.Remains remains(Effect.Remains r) {
    StateProto.Work.Remains.Builder b =
        StateProto.Work.Remains.newBuilder().setProcess(IdCodec.encode(r.process()));
    if (r.home() != null) {
      b.setHome(text("remains.home", r.home()));
    }
    return b.build();
  }

  private static Effect.Remains remains(StateProto.Work.Remains m) {
    return new Effect.Remains(
        required(m.hasProcess(), "process", m.getProcess(), IdCodec::decode),
        m.hasHome() ? m.getHome() : null);
  }

  private static StateProto.Work.Start start(Work.Start w) {
    StateProto.Work.Start.Builder b =
        StateProto.Work.Start.newBuilder()
            .setSpec(DeedCodec.encode(w.spec()))
            .addAllEnvironment(DeedCodec.variables(w.environment()))
            .setLogName(text("start.log_name", w.logName()))
            .setEntity(w.entity())
            .setDoubtful(w.doubtful());
    if (w.house() != Effect.House.NODE) {
      b.setHouse(EnumTable.HOUSE.encode(w.house()));
    }
    if (w.remains() != null) {
      b.setRemains(remains(w.remains()));
    }
    if (w.gate() != null) {
      b.setGate(IdCodec.encode(w.gate()));
    }
    if (w.home() != null) {
      b.setHome(text("start.home", w.home()));
    }
    return b.build();
  }

  private static Work start(StateProto.Work.Start m) {
    return new Work.Start(
        required(m.hasSpec(), "spec", m.getSpec(), DeedCodec::decode),
        DeedCodec.variablesOf("environment", m.getEnvironmentList()),
        m.getLogName(),
        m.hasHouse()
            ? scalar("house", m.getHouseValue(), EnumTable.HOUSE::decode)
            : Effect.House.NODE,
        optional(m.hasRemains(), "remains", m.getRemains(), WorkCodec::remains),
        optional(m.hasGate(), "gate", m.getGate(), IdCodec::decode),
        m.hasHome() ? m.getHome() : null,
        m.getEntity(),
        m.getDoubtful());
  }
}
