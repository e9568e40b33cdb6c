package io.hamlet.client;

import java.util.EnumSet;
import java.util.Set;

/**
 * What a new condition is to be (ham.md 2.4).
 *
 * @param from of STATE: a state, or a mask of states under STATE_FROM_SET; 0: any
 * @param to likewise
 * @param raiseType of RAISE; 0: any
 * @param raiseClass likewise
 * @param raiseSeverity likewise
 * @param proof of NODE_LOST: true as soon as at least that is known; else NONE
 */
public record ConditionSpec(
    ConditionType type,
    int from,
    int to,
    int raiseType,
    int raiseClass,
    int raiseSeverity,
    Proof proof,
    Set<Flag.OfCondition> flags,
    Rearm rearm) {
  public ConditionSpec {
    flags = Set.copyOf(flags);
  }

  public static ConditionSpec of(ConditionType type) {
    return new ConditionSpec(type, 0, 0, 0, 0, 0, Proof.NONE, Set.of(), Rearm.DEFAULT);
  }

  public static ConditionSpec death() {
    return of(ConditionType.DEATH);
  }

  public static ConditionSpec state(int from, int to) {
    return new ConditionSpec(
        ConditionType.STATE, from, to, 0, 0, 0, Proof.NONE, Set.of(), Rearm.DEFAULT);
  }

  public static ConditionSpec raise(int type, int clazz, int severity) {
    return new ConditionSpec(
        ConditionType.RAISE, 0, 0, type, clazz, severity, Proof.NONE, Set.of(), Rearm.DEFAULT);
  }

  /** A node is lost, and at least that is known of it. */
  public static ConditionSpec nodeLost(Proof proof) {
    return new ConditionSpec(
        ConditionType.NODE_LOST, 0, 0, 0, 0, 0, proof, Set.of(), Rearm.DEFAULT);
  }

  /** The same with these flags too. */
  public ConditionSpec with(Flag.OfCondition... more) {
    Set<Flag.OfCondition> all = EnumSet.noneOf(Flag.OfCondition.class);
    all.addAll(flags);
    all.addAll(Set.of(more));
    return new ConditionSpec(
        type, from, to, raiseType, raiseClass, raiseSeverity, proof, all, rearm);
  }

  public ConditionSpec rearm(Rearm wanted) {
    return new ConditionSpec(
        type, from, to, raiseType, raiseClass, raiseSeverity, proof, flags, wanted);
  }
}
