package io.hamlet.client.internal;

import io.hamlet.client.HamException;
import io.hamlet.client.RecoveryPolicy;
import io.hamlet.client.SamContract;
import io.hamlet.client.SamEnd;
import io.hamlet.client.SamException;
import io.hamlet.client.SamFlag;
import io.hamlet.client.SamProgram;
import io.hamlet.client.SamStatus;
import io.hamlet.v1.Variable;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** What travels of supervised programs. Pure. */
final class SamWire {
  private SamWire() {}

  static io.hamlet.v1.SamContract contract(SamContract c) {
    io.hamlet.v1.SamContract.Builder b =
        io.hamlet.v1.SamContract.newBuilder()
            .setTimeIntervalMs(c.interval().toMillis())
            .setRecovery(io.hamlet.v1.SamContract.Recovery.valueOf(c.recovery().name()))
            .setQuorum(c.flags().contains(SamFlag.QUORUM))
            .setPublish(c.flags().contains(SamFlag.PUBLISH))
            .setCompat(c.flags().contains(SamFlag.COMPAT_LIBSAM))
            .setStartNow(c.startNow())
            .setKillAfterMs(c.killAfter().toMillis())
            .addAllSuccessExits(c.successExits());
    if (c.restarts() != null) {
      b.setRestarts(Wire.policy(c.restarts()));
    }
    return b.build();
  }

  static SamEnd end(io.hamlet.v1.SamEnd e) {
    return new SamEnd(e.getInstanceId(), e.getCause(), e.getExit(), e.getStatus());
  }

  static SamProgram program(io.hamlet.v1.SamProgram p) {
    Map<String, String> keys = new LinkedHashMap<>();
    for (Variable v : p.getKeysList()) {
      keys.put(v.getName(), v.getValue());
    }
    return new SamProgram(
        p.getName(),
        p.getState(),
        p.getPid(),
        p.getInstanceId(),
        Duration.ofMillis(p.getContract().getTimeIntervalMs()),
        RecoveryPolicy.valueOf(p.getContract().getRecovery().name()),
        p.getWarning(),
        Duration.ofMillis(p.getGraceMs()),
        p.getDataSize(),
        p.hasEnd() ? end(p.getEnd()) : null,
        keys);
  }

  static SamException exception(HamException e) {
    return new SamException(status(e), e.getMessage(), e);
  }

  private static SamStatus status(HamException e) {
    return switch (e) {
      case HamException.Refused no ->
          switch (no.reason()) {
            case INVALID, NOT_FOUND, NO_SUCH_PROCESS, CANNOT_START -> SamStatus.INVALID_PARAM;
            case BAD_HANDLE, EXISTS -> SamStatus.BAD_HANDLE;
            case LIMIT -> SamStatus.NO_MEMORY;
            case TOO_BIG -> SamStatus.TOO_BIG;
            case NAME_TOO_LONG -> SamStatus.NAME_TOO_LONG;
            case NOT_PERMITTED -> SamStatus.ACCESS;
            case UNAVAILABLE, TIMED_OUT -> SamStatus.TRY_AGAIN;
            case OTHER -> SamStatus.LIBRARY;
          };
      case HamException.Unavailable u -> SamStatus.LIBRARY;
      case HamException.OutcomeUnknown u -> SamStatus.LIBRARY;
      case HamException.Broken b -> SamStatus.LIBRARY;
    };
  }
}
