package io.hamlet.manager.wire;

import static io.hamlet.manager.wire.Fields.in;
import static io.hamlet.manager.wire.Fields.optional;
import static io.hamlet.manager.wire.Fields.required;
import static io.hamlet.manager.wire.Fields.text;

import io.hamlet.core.sam.SamCall;
import io.hamlet.internal.v1.SamProto;

/** Calls of supervised programs in the log. */
final class SamCallCodec {
  private SamCallCodec() {}

  static SamProto.SamCall encode(SamCall call) {
    SamProto.SamCall.Builder b = SamProto.SamCall.newBuilder();
    switch (call) {
      case SamCall.Initialize c -> initialize(b.getInitializeBuilder(), c);
      case SamCall.Launch c ->
          b.getLaunchBuilder()
              .setContract(SamCodec.encode(c.contract()))
              .setId(c.id())
              .setSpec(DeedCodec.encode(c.spec()))
              .setData(SamCodec.encode(c.data()))
              .setSecret(text("launch.secret", c.secret()));
      case SamCall.Register c -> b.setRegister(DeedCodec.NOTHING);
      case SamCall.Start c -> b.setStart(c.limitNanos());
      case SamCall.CancelStart c -> b.setCancelStart(DeedCodec.NOTHING);
      case SamCall.Stop c -> {
        if (c.unlessWarned()) {
          b.setStopUnlessWarned(DeedCodec.NOTHING);
        } else {
          b.setStop(DeedCodec.NOTHING);
        }
      }
      case SamCall.HealthCheck c -> b.setHealthCheck(c.on());
      case SamCall.WarnSignal c -> b.setWarnSignal(c.signal());
      case SamCall.StoreData c -> b.setStoreData(SamCodec.encode(c.data()));
      case SamCall.MarkFailed c -> b.setMarkFailed(text("mark_failed", c.why()));
      case SamCall.Unhealthy c -> b.setUnhealthy(DeedCodec.NOTHING);
      case SamCall.Finalize c -> b.setFinalize(DeedCodec.NOTHING);
      case SamCall.Clear c -> b.setClear(DeedCodec.NOTHING);
    }
    return b.build();
  }

  static SamCall decode(SamProto.SamCall m) {
    return switch (m.getKindCase()) {
      case INITIALIZE -> in("initialize", m.getInitialize(), SamCallCodec::initialize);
      case LAUNCH -> in("launch", m.getLaunch(), SamCallCodec::launch);
      case REGISTER -> in("register", m.getRegister(), c -> new SamCall.Register());
      case START -> new SamCall.Start(m.getStart());
      case CANCEL_START -> in("cancel_start", m.getCancelStart(), c -> new SamCall.CancelStart());
      case STOP -> in("stop", m.getStop(), c -> new SamCall.Stop(false));
      case STOP_UNLESS_WARNED ->
          in("stop_unless_warned", m.getStopUnlessWarned(), c -> new SamCall.Stop(true));
      case HEALTH_CHECK -> new SamCall.HealthCheck(m.getHealthCheck());
      case WARN_SIGNAL -> new SamCall.WarnSignal(m.getWarnSignal());
      case STORE_DATA -> new SamCall.StoreData(SamCodec.decode(m.getStoreData()));
      case MARK_FAILED -> new SamCall.MarkFailed(m.getMarkFailed());
      case UNHEALTHY -> in("unhealthy", m.getUnhealthy(), c -> new SamCall.Unhealthy());
      case FINALIZE -> in("finalize", m.getFinalize(), c -> new SamCall.Finalize());
      case CLEAR -> in("clear", m.getClear(), c -> new SamCall.Clear());
      case KIND_NOT_SET -> throw Fields.noKind();
    };
  }

  private static void initialize(SamProto.SamCall.Initialize.Builder b, SamCall.Initialize c) {
    b.setContract(SamCodec.encode(c.contract()))
        .setProcess(IdCodec.encode(c.process()))
        .setSecret(text("initialize.secret", c.secret()));
    if (c.again() != null) {
      b.setAgain(DeedCodec.encode(c.again()));
    }
  }

  private static SamCall initialize(SamProto.SamCall.Initialize m) {
    return new SamCall.Initialize(
        required(m.hasContract(), "contract", m.getContract(), SamCodec::decode),
        required(m.hasProcess(), "process", m.getProcess(), IdCodec::decode),
        optional(m.hasAgain(), "again", m.getAgain(), DeedCodec::decode),
        m.getSecret());
  }

  private static SamCall launch(SamProto.SamCall.Launch m) {
    return new SamCall.Launch(
        required(m.hasContract(), "contract", m.getContract(), SamCodec::decode),
        m.getId(),
        required(m.hasSpec(), "spec", m.getSpec(), DeedCodec::decode),
        SamCodec.decode(m.getData()),
        m.getSecret());
  }
}
