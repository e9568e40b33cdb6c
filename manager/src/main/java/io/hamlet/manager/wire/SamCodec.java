package io.hamlet.manager.wire;

import static io.hamlet.manager.wire.Fields.list;
import static io.hamlet.manager.wire.Fields.optional;
import static io.hamlet.manager.wire.Fields.required;
import static io.hamlet.manager.wire.Fields.scalar;
import static io.hamlet.manager.wire.Fields.text;

import com.google.protobuf.ByteString;
import io.hamlet.core.model.Name;
import io.hamlet.core.sam.Blob;
import io.hamlet.core.sam.SamBook;
import io.hamlet.core.sam.SamContract;
import io.hamlet.core.sam.SamEnd;
import io.hamlet.core.sam.SamProcess;
import io.hamlet.internal.v1.SamProto;
import java.util.Map;

/** Supervised programs in snapshots. */
final class SamCodec {
  private SamCodec() {}

  static SamProto.SamBook encode(SamBook book) {
    SamProto.SamBook.Builder b = SamProto.SamBook.newBuilder().setQuorate(book.quorate());
    book.processes().values().forEach(p -> b.addProcesses(encode(p)));
    book.groups().values().forEach(g -> b.addGroups(GroupCodec.encode(g)));
    book.kept()
        .forEach(
            (entity, data) -> b.addKeptBuilder().setEntity(entity.value()).setData(encode(data)));
    return b.build();
  }

  static SamBook decode(SamProto.SamBook m) {
    return new SamBook(
        Keyed.map(
            "processes",
            list("processes", m.getProcessesList(), SamCodec::decode).stream()
                .map(p -> Map.entry(p.name(), p))
                .toList()),
        m.getQuorate(),
        Keyed.map(
            "groups",
            list("groups", m.getGroupsList(), GroupCodec::decode).stream()
                .map(g -> Map.entry(g.name(), g))
                .toList()),
        Keyed.map("kept", list("kept", m.getKeptList(), SamCodec::decode)));
  }

  static SamProto.SamContract encode(SamContract c) {
    return SamProto.SamContract.newBuilder()
        .setIntervalMillis(c.intervalMillis())
        .setRecovery(EnumTable.SAM_RECOVERY.encode(c.recovery()))
        .setQuorum(c.quorum())
        .setPublish(c.publish())
        .setStrict(c.strict())
        .setStartNow(c.startNow())
        .setKillAfterMillis(c.killAfterMillis())
        .setRestarts(DeedCodec.encode(c.restarts()))
        .addAllSuccessExits(c.successExits())
        .build();
  }

  static SamContract decode(SamProto.SamContract m) {
    return new SamContract(
        m.getIntervalMillis(),
        scalar("recovery", m.getRecoveryValue(), EnumTable.SAM_RECOVERY::decode),
        m.getQuorum(),
        m.getPublish(),
        m.getStrict(),
        m.getStartNow(),
        m.getKillAfterMillis(),
        required(m.hasRestarts(), "restarts", m.getRestarts(), DeedCodec::decode),
        m.getSuccessExitsList());
  }

  static ByteString encode(Blob data) {
    return ByteString.copyFrom(data.bytes());
  }

  static Blob decode(ByteString bytes) {
    return Blob.of(bytes.toByteArray());
  }

  private static SamProto.SamProcess encode(SamProcess p) {
    SamProto.SamProcess.Builder b =
        SamProto.SamProcess.newBuilder()
            .setName(p.name().value())
            .setUid(p.uid())
            .setId(p.id())
            .setContract(encode(p.contract()))
            .setState(EnumTable.SAM_STATE.encode(p.state()))
            .setClaim(EnumTable.SAM_CLAIM.encode(p.claim()))
            .setInstance(p.instance())
            .setProcess(IdCodec.encode(p.process()))
            .setWarnSignal(p.warnSignal())
            .setData(encode(p.data()))
            .setEventDriven(p.eventDriven())
            .setSecret(text("secret", p.secret()))
            .setPast(p.past());
    if (p.warning() != null) {
      b.setWarning(EnumTable.SAM_CAUSE.encode(p.warning()));
    }
    if (p.doom() != null) {
      b.setDoom(EnumTable.SAM_CAUSE.encode(p.doom()));
    }
    if (p.timer() != null) {
      b.setTimer(IdCodec.encode(p.timer()));
    }
    if (p.waiting() != null) {
      b.setWaiting(IdCodec.encode(p.waiting()));
    }
    if (p.again() != null) {
      b.setAgain(DeedCodec.encode(p.again()));
    }
    if (p.heard() != null) {
      b.setHeard(IdCodec.encode(p.heard()));
    }
    if (p.end() != null) {
      b.getEndBuilder()
          .setInstance(p.end().instance())
          .setCause(EnumTable.SAM_CAUSE.encode(p.end().cause()))
          .setExit(IdCodec.encode(p.end().exit()));
    }
    return b.build();
  }

  private static SamProcess decode(SamProto.SamProcess m) {
    return new SamProcess(
        IdCodec.name("name", m.getName()),
        m.getUid(),
        m.getId(),
        required(m.hasContract(), "contract", m.getContract(), SamCodec::decode),
        scalar("state", m.getStateValue(), EnumTable.SAM_STATE::decode),
        scalar("claim", m.getClaimValue(), EnumTable.SAM_CLAIM::decode),
        m.getInstance(),
        required(m.hasProcess(), "process", m.getProcess(), IdCodec::decode),
        m.hasWarning() ? scalar("warning", m.getWarningValue(), EnumTable.SAM_CAUSE::decode) : null,
        m.hasDoom() ? scalar("doom", m.getDoomValue(), EnumTable.SAM_CAUSE::decode) : null,
        optional(m.hasTimer(), "timer", m.getTimer(), IdCodec::decode),
        optional(m.hasWaiting(), "waiting", m.getWaiting(), IdCodec::decode),
        m.getWarnSignal(),
        decode(m.getData()),
        m.getEventDriven(),
        optional(m.hasAgain(), "again", m.getAgain(), DeedCodec::decode),
        m.getSecret(),
        optional(m.hasHeard(), "heard", m.getHeard(), IdCodec::decode),
        optional(m.hasEnd(), "end", m.getEnd(), SamCodec::decode),
        m.getPast());
  }

  private static Map.Entry<Name, Blob> decode(SamProto.SamBook.Kept m) {
    return Map.entry(IdCodec.name("entity", m.getEntity()), decode(m.getData()));
  }

  private static SamEnd decode(SamProto.SamEnd m) {
    return new SamEnd(
        m.getInstance(),
        scalar("cause", m.getCauseValue(), EnumTable.SAM_CAUSE::decode),
        required(m.hasExit(), "exit", m.getExit(), IdCodec::decode));
  }
}
