package io.hamlet.manager.wire;

import com.google.protobuf.ProtocolMessageEnum;
import io.hamlet.core.cluster.FenceRule;
import io.hamlet.core.cluster.Node;
import io.hamlet.core.cluster.Tenure;
import io.hamlet.core.model.ConditionType;
import io.hamlet.core.model.Entity;
import io.hamlet.core.model.Exit;
import io.hamlet.core.model.Flags;
import io.hamlet.core.model.Heartbeat;
import io.hamlet.core.model.OwnerPolicy;
import io.hamlet.core.model.ProcessSpec;
import io.hamlet.core.model.Proof;
import io.hamlet.core.model.Rejection;
import io.hamlet.core.recovery.Command;
import io.hamlet.core.recovery.Effect;
import io.hamlet.core.sam.Recovery;
import io.hamlet.core.sam.SamEnd;
import io.hamlet.core.sam.SamProcess;
import io.hamlet.core.sam.SamState;
import io.hamlet.internal.v1.ClusterProto;
import io.hamlet.internal.v1.EventProto;
import io.hamlet.internal.v1.ModelProto;
import io.hamlet.internal.v1.SamProto;
import io.hamlet.internal.v1.StateProto;
import java.util.ArrayList;
import java.util.List;

/**
 * The two enums of one thing, paired by name. A constant that only one side has ends the class
 * initialisation, so it cannot pass any test.
 */
final class EnumTable<C extends Enum<C>, P extends Enum<P> & ProtocolMessageEnum> {
  static final EnumTable<Exit.Kind, ModelProto.Exit.Kind> EXIT_KIND =
      new EnumTable<>("KIND_", Exit.Kind.values(), ModelProto.Exit.Kind.values());
  static final EnumTable<ProcessSpec.Kill, ModelProto.ProcessSpec.Kill> KILL =
      new EnumTable<>("KILL_", ProcessSpec.Kill.values(), ModelProto.ProcessSpec.Kill.values());
  static final EnumTable<Heartbeat.Health, ModelProto.Heartbeat.Health> HEALTH =
      new EnumTable<>("HEALTH_", Heartbeat.Health.values(), ModelProto.Heartbeat.Health.values());
  static final EnumTable<ConditionType, ModelProto.ConditionType> CONDITION_TYPE =
      new EnumTable<>("CONDITION_TYPE_", ConditionType.values(), ModelProto.ConditionType.values());
  static final EnumTable<Proof, ModelProto.Proof> PROOF =
      new EnumTable<>("PROOF_", Proof.values(), ModelProto.Proof.values());
  static final EnumTable<Node.Standing, ClusterProto.ClusterNode.Standing> STANDING =
      new EnumTable<>(
          "STANDING_", Node.Standing.values(), ClusterProto.ClusterNode.Standing.values());
  static final EnumTable<FenceRule, ClusterProto.FenceRule> FENCE_RULE =
      new EnumTable<>("FENCE_RULE_", FenceRule.values(), ClusterProto.FenceRule.values());
  static final EnumTable<Tenure.Release, ClusterProto.Release> RELEASE =
      new EnumTable<>("RELEASE_", Tenure.Release.values(), ClusterProto.Release.values());
  static final EnumTable<OwnerPolicy.QuorumLoss, ModelProto.OwnerPolicy.QuorumLoss> QUORUM_LOSS =
      new EnumTable<>(
          "QUORUM_LOSS_",
          OwnerPolicy.QuorumLoss.values(),
          ModelProto.OwnerPolicy.QuorumLoss.values());
  static final EnumTable<Entity.Shape, ModelProto.Entity.Shape> SHAPE =
      new EnumTable<>("SHAPE_", Entity.Shape.values(), ModelProto.Entity.Shape.values());
  static final EnumTable<Flags.Rearm, EventProto.Rearm> REARM =
      new EnumTable<>("REARM_", Flags.Rearm.values(), EventProto.Rearm.values());
  static final EnumTable<Command.ControlVerb, EventProto.Command.Control.Verb> CONTROL =
      new EnumTable<>(
          "VERB_", Command.ControlVerb.values(), EventProto.Command.Control.Verb.values());
  static final EnumTable<Command.HeartbeatVerb, EventProto.Command.HeartbeatControl.Verb> BEATS =
      new EnumTable<>(
          "VERB_",
          Command.HeartbeatVerb.values(),
          EventProto.Command.HeartbeatControl.Verb.values());
  static final EnumTable<Command.VerboseVerb, EventProto.Command.Verbose.Verb> VERBOSE =
      new EnumTable<>(
          "VERB_", Command.VerboseVerb.values(), EventProto.Command.Verbose.Verb.values());
  static final EnumTable<Rejection.Reason, StateProto.Rejection.Reason> REASON =
      new EnumTable<>("REASON_", Rejection.Reason.values(), StateProto.Rejection.Reason.values());

  static final EnumTable<Effect.House, StateProto.Work.House> HOUSE =
      new EnumTable<>("HOUSE_", Effect.House.values(), StateProto.Work.House.values());
  static final EnumTable<Recovery, SamProto.SamContract.Recovery> SAM_RECOVERY =
      new EnumTable<>("RECOVERY_", Recovery.values(), SamProto.SamContract.Recovery.values());
  static final EnumTable<SamState, SamProto.SamProcess.State> SAM_STATE =
      new EnumTable<>("STATE_", SamState.values(), SamProto.SamProcess.State.values());
  static final EnumTable<SamProcess.Claim, SamProto.SamProcess.Claim> SAM_CLAIM =
      new EnumTable<>("CLAIM_", SamProcess.Claim.values(), SamProto.SamProcess.Claim.values());
  static final EnumTable<SamEnd.Cause, SamProto.SamEnd.Cause> SAM_CAUSE =
      new EnumTable<>("CAUSE_", SamEnd.Cause.values(), SamProto.SamEnd.Cause.values());

  private final List<P> byOrdinal = new ArrayList<>();
  private final List<C> byNumber = new ArrayList<>();

  private EnumTable(String prefix, C[] core, P[] wire) {
    // The wire has two more: ..._UNSPECIFIED and UNRECOGNIZED.
    if (wire.length != core.length + 2) {
      throw new IllegalStateException("the enums behind " + prefix + " differ in size");
    }
    for (int i = 0; i < wire.length - 1; i++) {
      byNumber.add(null);
    }
    for (C constant : core) {
      P match = null;
      for (P candidate : wire) {
        if (candidate.name().equals(prefix + constant.name())) {
          match = candidate;
        }
      }
      if (match == null) {
        throw new IllegalStateException(prefix + constant.name() + " is not in the proto file");
      }
      byOrdinal.add(match);
      byNumber.set(match.getNumber(), constant);
    }
  }

  P encode(C constant) {
    return byOrdinal.get(constant.ordinal());
  }

  /** The constant of a number as it was read; a number of a newer version is refused. */
  C decode(int number) {
    C constant = number > 0 && number < byNumber.size() ? byNumber.get(number) : null;
    if (constant == null) {
      throw new WireException(
          "", "the number " + number + " has no meaning in this version of Hamlet");
    }
    return constant;
  }
}
