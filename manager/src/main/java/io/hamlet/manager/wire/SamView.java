package io.hamlet.manager.wire;

import io.hamlet.core.model.Moment;
import io.hamlet.core.model.RestartPolicy;
import io.hamlet.core.sam.Recovery;
import io.hamlet.core.sam.SamContract;
import io.hamlet.core.sam.SamEnd;
import io.hamlet.core.sam.SamKeys;
import io.hamlet.core.sam.SamProcess;
import io.hamlet.v1.SamProgram;
import io.hamlet.v1.Variable;

/** Supervised programs as clients see them. */
public final class SamView {
  private static final long MILLI = 1_000_000;

  private SamView() {}

  /**
   * @param heard when its newest message came that is not in the log; null: none did
   */
  public static SamProgram of(SamProcess p, Moment heard) {
    SamProgram.Builder b =
        SamProgram.newBuilder()
            .setName(p.name().value())
            .setState(p.state().word())
            .setPid(p.state().isOver() ? 0 : p.process().pid())
            .setInstanceId(p.instance())
            .setContract(contract(p.contract()))
            .setGraceMs(p.contract().graceNanos() / MILLI)
            .setWarnSignal(p.warnSignal())
            .setDataSize(p.data().size());
    if (p.warning() != null) {
      b.setWarning(p.warning().word());
    }
    if (p.doom() != null) {
      b.setDoom(p.doom().word());
    }
    if (p.end() != null) {
      b.setEnd(end(p.end(), p.contract().strict()));
    }
    Moment newest = newer(p.heard(), heard);
    SamKeys.of(p, newest == null ? 0 : newest.bootNanos(), newest == null ? 0 : newest.wallNanos())
        .forEach((k, v) -> b.addKeys(Variable.newBuilder().setName(k).setValue(v)));
    return b.build();
  }

  /** How an instance ended. */
  public static io.hamlet.v1.SamEnd end(SamEnd end, boolean strict) {
    return io.hamlet.v1.SamEnd.newBuilder()
        .setInstanceId(end.instance())
        .setCause(end.cause().word())
        .setExit(end.exit().reason())
        .setStatus(end.status(strict))
        .build();
  }

  private static io.hamlet.v1.SamContract contract(SamContract c) {
    RestartPolicy r = c.restarts();
    return io.hamlet.v1.SamContract.newBuilder()
        .setTimeIntervalMs(c.intervalMillis())
        .setRecovery(recovery(c.recovery()))
        .setQuorum(c.quorum())
        .setPublish(c.publish())
        .setCompat(c.strict())
        .setStartNow(c.startNow())
        .setKillAfterMs(c.killAfterMillis())
        .setRestarts(
            io.hamlet.v1.RestartPolicy.newBuilder()
                .setMost(r.most())
                .setPeriodMs(r.period().toMillis())
                .setLeastMs(r.least().toMillis())
                .setLongestMs(r.longest().toMillis()))
        .addAllSuccessExits(c.successExits())
        .build();
  }

  private static io.hamlet.v1.SamContract.Recovery recovery(Recovery recovery) {
    return io.hamlet.v1.SamContract.Recovery.valueOf(recovery.name());
  }

  private static Moment newer(Moment a, Moment b) {
    if (a == null || b == null) {
      return a == null ? b : a;
    }
    return a.bootNanos() >= b.bootNanos() ? a : b;
  }
}
