package io.hamlet.agent.supervise;

import io.hamlet.client.RecoveryPolicy;
import io.hamlet.client.SamFlag;
import io.hamlet.core.model.RestartPolicy;
import io.hamlet.core.sam.Recovery;
import io.hamlet.core.sam.SamContract;
import java.util.EnumSet;
import java.util.Set;

/** A plan as SAM has it. */
final class Contract {
  private Contract() {}

  /** Whoever launches an instance starts it too. */
  static boolean startsNow(Plan plan) {
    return !plan.startsWhenReady() && plan.quorumWait().isZero();
  }

  /** As the client library has it. */
  static io.hamlet.client.SamContract sdk(Plan plan) {
    Set<SamFlag> flags = EnumSet.noneOf(SamFlag.class);
    if (plan.quorum()) {
      flags.add(SamFlag.QUORUM);
    }
    if (plan.publish()) {
      flags.add(SamFlag.PUBLISH);
    }
    if (plan.strict()) {
      flags.add(SamFlag.COMPAT_LIBSAM);
    }
    Plan.Restarts r = plan.restarts();
    return new io.hamlet.client.SamContract(
        plan.interval(),
        plan.restart() ? RecoveryPolicy.RESTART : RecoveryPolicy.QUIT,
        flags,
        plan.killAfter(),
        new io.hamlet.client.RestartPolicy(r.most(), r.period(), r.least(), r.longest()),
        plan.successExits(),
        startsNow(plan));
  }

  /** As the machine has it. */
  static SamContract of(Plan plan) {
    Plan.Restarts r = plan.restarts();
    return new SamContract(
        plan.interval().toMillis(),
        plan.restart() ? Recovery.RESTART : Recovery.QUIT,
        plan.quorum(),
        plan.publish(),
        plan.strict(),
        startsNow(plan),
        plan.killAfter().toMillis(),
        new RestartPolicy(r.most(), r.period(), r.least(), r.longest()),
        plan.successExits());
  }
}
