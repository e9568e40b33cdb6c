package io.hamlet.manager.wire;

import static io.hamlet.manager.wire.Fields.in;
import static io.hamlet.manager.wire.Fields.required;
import static io.hamlet.manager.wire.Fields.scalar;
import static io.hamlet.manager.wire.Fields.text;

import io.hamlet.core.model.EffectId;
import io.hamlet.core.model.Errand;
import io.hamlet.core.model.Exit;
import io.hamlet.core.model.Name;
import io.hamlet.core.recovery.HamEvent;
import io.hamlet.internal.v1.EventProto;
import io.hamlet.internal.v1.ModelProto;

/** What happens to a tree. */
final class EventCodec {
  private EventCodec() {}

  static EventProto.Event encode(HamEvent event) {
    EventProto.Event.Builder b = EventProto.Event.newBuilder();
    switch (event) {
      case HamEvent.Requested e ->
          b.getRequestedBuilder()
              .setId(IdCodec.encode(e.id()))
              .setCommand(CommandCodec.encode(e.command()));
      case HamEvent.Prepared e -> prepared(b.getPreparedBuilder(), e);
      case HamEvent.Started e -> started(b.getStartedBuilder(), e);
      case HamEvent.Done e -> b.setDone(IdCodec.encode(e.effect()));
      case HamEvent.Failed e -> failed(b.getFailedBuilder(), e);
      case HamEvent.NeverRan e -> b.setNeverRan(IdCodec.encode(e.effect()));
      case HamEvent.Died e -> b.setDied(died(e.entity(), e.uid(), e.life(), e.exit()));
      case HamEvent.ExitLearned e ->
          b.setExitLearned(died(e.entity(), e.uid(), e.life(), e.exit()));
      case HamEvent.BeatsMissed e -> beatsMissed(b.getBeatsMissedBuilder(), e);
      case HamEvent.TimePassed e -> b.setTimePassed(DeedCodec.NOTHING);
      case HamEvent.ChannelLost e ->
          b.getChannelLostBuilder().setPid(e.pid()).setChannel(e.channel());
      case HamEvent.Silent e ->
          b.getSilentBuilder()
              .setProgram(e.program().value())
              .setUid(e.uid())
              .setInstance(e.instance());
      case HamEvent.QuorumChanged e -> b.setQuorumChanged(e.quorate());
      case HamEvent.Asked e ->
          b.getAskedBuilder()
              .setId(ErrandCodec.encode(e.id()))
              .setErrand(ErrandCodec.encode(e.errand()))
              .setBorn(e.born())
              .setExpiry(e.expiry());
      case HamEvent.TookOver e ->
          b.getTookOverBuilder()
              .setNode(text("took_over.node", e.node()))
              .setBoot(text("took_over.boot", e.boot()))
              .setHamPid(e.hamPid())
              .setGuardianPid(e.guardianPid())
              .setFailure(e.failure());
      case HamEvent.GuardianChanged e ->
          b.getGuardianChangedBuilder().setGuardianPid(e.guardianPid()).setFailure(e.failure());
      case HamEvent.NodeLost e -> nodeLost(b.getNodeLostBuilder(), e);
      case HamEvent.NodeJoined e -> b.setNodeJoined(text("node_joined", e.node()));
      case HamEvent.OfTenant e -> TenantCodec.encode(b, e);
    }
    return b.build();
  }

  static HamEvent decode(EventProto.Event m) {
    return switch (m.getKindCase()) {
      case REQUESTED -> in("requested", m.getRequested(), EventCodec::requested);
      case PREPARED -> in("prepared", m.getPrepared(), EventCodec::prepared);
      case STARTED -> in("started", m.getStarted(), EventCodec::started);
      case DONE -> in("done", m.getDone(), e -> new HamEvent.Done(IdCodec.decode(e)));
      case FAILED -> in("failed", m.getFailed(), EventCodec::failed);
      case NEVER_RAN ->
          in("never_ran", m.getNeverRan(), e -> new HamEvent.NeverRan(IdCodec.decode(e)));
      case DIED ->
          in(
              "died",
              m.getDied(),
              e -> new HamEvent.Died(name(e), e.getUid(), e.getLife(), exit(e)));
      case EXIT_LEARNED ->
          in(
              "exit_learned",
              m.getExitLearned(),
              e -> new HamEvent.ExitLearned(name(e), e.getUid(), e.getLife(), exit(e)));
      case BEATS_MISSED -> in("beats_missed", m.getBeatsMissed(), EventCodec::beatsMissed);
      case TIME_PASSED -> in("time_passed", m.getTimePassed(), e -> new HamEvent.TimePassed());
      case CHANNEL_LOST ->
          in(
              "channel_lost",
              m.getChannelLost(),
              e -> new HamEvent.ChannelLost(e.getPid(), e.getChannel()));
      case ASKED -> in("asked", m.getAsked(), EventCodec::asked);
      case TOOK_OVER -> in("took_over", m.getTookOver(), EventCodec::tookOver);
      case GUARDIAN_CHANGED ->
          in(
              "guardian_changed",
              m.getGuardianChanged(),
              e -> new HamEvent.GuardianChanged(e.getGuardianPid(), e.getFailure()));
      case NODE_LOST -> in("node_lost", m.getNodeLost(), EventCodec::nodeLost);
      case NODE_JOINED -> new HamEvent.NodeJoined(m.getNodeJoined());
      case DENIED, GRANTED, REVOKED, RIGHT_LOST, RIGHT_GAINED -> TenantCodec.decode(m);
      case SILENT ->
          in(
              "silent",
              m.getSilent(),
              e ->
                  new HamEvent.Silent(
                      IdCodec.name("program", e.getProgram()), e.getUid(), e.getInstance()));
      case QUORUM_CHANGED -> new HamEvent.QuorumChanged(m.getQuorumChanged());
      case KIND_NOT_SET -> throw Fields.noKind();
    };
  }

  private static void nodeLost(EventProto.Event.NodeLost.Builder b, HamEvent.NodeLost e) {
    b.setNode(text("node_lost.node", e.node())).setProof(EnumTable.PROOF.encode(e.proof()));
    if (e.before() != null) {
      b.setBefore(EnumTable.PROOF.encode(e.before()));
    }
  }

  private static HamEvent nodeLost(EventProto.Event.NodeLost m) {
    return new HamEvent.NodeLost(
        m.getNode(),
        scalar("proof", m.getProofValue(), EnumTable.PROOF::decode),
        m.hasBefore() ? scalar("before", m.getBeforeValue(), EnumTable.PROOF::decode) : null);
  }

  private static void prepared(EventProto.Event.Prepared.Builder b, HamEvent.Prepared e) {
    b.setEffect(IdCodec.encode(e.effect())).setGate(IdCodec.encode(e.gate()));
    if (e.home() != null) {
      b.setHome(text("prepared.home", e.home()));
    }
  }

  private static void started(EventProto.Event.Started.Builder b, HamEvent.Started e) {
    b.setEffect(IdCodec.encode(e.effect())).setProcess(IdCodec.encode(e.process()));
    if (e.home() != null) {
      b.setHome(text("started.home", e.home()));
    }
  }

  private static void beatsMissed(EventProto.Event.BeatsMissed.Builder b, HamEvent.BeatsMissed e) {
    b.setEntity(e.entity().value())
        .setUid(e.uid())
        .setLife(e.life())
        .setHigh(e.high())
        .setMisses(e.misses());
  }

  private static HamEvent beatsMissed(EventProto.Event.BeatsMissed m) {
    return new HamEvent.BeatsMissed(
        IdCodec.name("entity", m.getEntity()), m.getUid(), m.getLife(), m.getHigh(), m.getMisses());
  }

  private static void failed(EventProto.Event.Failed.Builder b, HamEvent.Failed e) {
    b.setEffect(IdCodec.encode(e.effect())).setWhy(text("failed.why", e.why()));
    if (e.done() != Errand.Fate.Failed.UNKNOWN) {
      b.setTimes(e.done());
    }
  }

  private static HamEvent failed(EventProto.Event.Failed m) {
    return new HamEvent.Failed(
        effect(m.hasEffect(), m.getEffect()),
        m.getWhy(),
        ErrandCodec.times(m.hasTimes(), m.getTimes()));
  }

  private static HamEvent asked(EventProto.Event.Asked m) {
    return new HamEvent.Asked(
        required(m.hasId(), "id", m.getId(), ErrandCodec::decode),
        required(m.hasErrand(), "errand", m.getErrand(), ErrandCodec::decode),
        m.getBorn(),
        m.getExpiry());
  }

  private static HamEvent tookOver(EventProto.Event.TookOver m) {
    return new HamEvent.TookOver(
        m.getNode(), m.getBoot(), m.getHamPid(), m.getGuardianPid(), m.getFailure());
  }

  private static HamEvent requested(EventProto.Event.Requested m) {
    return new HamEvent.Requested(
        required(m.hasId(), "id", m.getId(), IdCodec::decode),
        required(m.hasCommand(), "command", m.getCommand(), CommandCodec::decode));
  }

  private static HamEvent prepared(EventProto.Event.Prepared m) {
    return new HamEvent.Prepared(
        effect(m.hasEffect(), m.getEffect()),
        required(m.hasGate(), "gate", m.getGate(), IdCodec::decode),
        m.hasHome() ? m.getHome() : null);
  }

  private static HamEvent started(EventProto.Event.Started m) {
    return new HamEvent.Started(
        effect(m.hasEffect(), m.getEffect()),
        required(m.hasProcess(), "process", m.getProcess(), IdCodec::decode),
        m.hasHome() ? m.getHome() : null);
  }

  private static EventProto.Event.Died died(Name entity, long uid, long life, Exit exit) {
    return EventProto.Event.Died.newBuilder()
        .setEntity(entity.value())
        .setUid(uid)
        .setLife(life)
        .setExit(IdCodec.encode(exit))
        .build();
  }

  private static Name name(EventProto.Event.Died m) {
    return IdCodec.name("entity", m.getEntity());
  }

  private static Exit exit(EventProto.Event.Died m) {
    return required(m.hasExit(), "exit", m.getExit(), IdCodec::decode);
  }

  static EffectId effect(boolean present, ModelProto.EffectId effect) {
    return required(present, "effect", effect, IdCodec::decode);
  }
}
