package io.hamlet.core.recovery;

import io.hamlet.core.model.EffectId;
import io.hamlet.core.model.Entity;
import io.hamlet.core.model.Errand;
import io.hamlet.core.model.ErrandId;
import io.hamlet.core.model.Exit;
import io.hamlet.core.model.Grant;
import io.hamlet.core.model.Name;
import io.hamlet.core.model.ProcessId;
import io.hamlet.core.model.Proof;
import io.hamlet.core.model.RequestId;
import java.time.Duration;

/** All that can happen to a node tree. Each one that changes the state becomes a log entry. */
public sealed interface HamEvent {
  /** About what the cluster lets this node run. */
  sealed interface OfTenant extends HamEvent {}

  /** A client asks. */
  record Requested(RequestId id, Command command) implements HamEvent {}

  /** A gate is ready for an effect: the process that will become the entity or the command. */
  record Prepared(EffectId effect, ProcessId gate, String home) implements HamEvent {}

  /**
   * The program runs.
   *
   * @param process the gate, or for a forking program the daemon it left
   */
  record Started(EffectId effect, ProcessId process, String home) implements HamEvent {}

  /** An effect is done. */
  record Done(EffectId effect) implements HamEvent {}

  /**
   * An effect came to nothing. A start fails here before its program ran.
   *
   * @param why for people: what happened, to whom
   * @param done as in {@link Errand.Fate.Failed}
   */
  record Failed(EffectId effect, String why, int done) implements HamEvent {
    public Failed(EffectId effect, String why) {
      this(effect, why, Errand.Fate.Failed.UNKNOWN);
    }
  }

  /**
   * A gate vanished without having run; the effect is to be performed again, nothing is counted.
   */
  record NeverRan(EffectId effect) implements HamEvent {}

  /**
   * A start was refused at the last moment, before its program ran: this node has no right to run
   * it just now. Nothing is counted.
   *
   * @param why for people
   */
  record Denied(EffectId effect, String why) implements OfTenant {}

  /** The process of an entity is gone. */
  record Died(Name entity, long uid, long life, Exit exit) implements HamEvent {}

  /** How an earlier death came about became known only now. */
  record ExitLearned(Name entity, long uid, long life, Exit exit) implements HamEvent {}

  /**
   * A heartbeat mark was reached.
   *
   * @param high the high mark, else the low one
   * @param misses in a row, for the statistics
   */
  record BeatsMissed(Name entity, long uid, long life, boolean high, int misses)
      implements HamEvent {}

  /** A deadline of the state has passed; the moment is that of the entry. */
  record TimePassed() implements HamEvent {}

  /**
   * A supervised program sent no message within its time, or its grace after a warning is over.
   *
   * @param instance that is meant
   */
  record Silent(Name program, long uid, long instance) implements HamEvent {}

  /** The node has come to belong to a majority of its cluster, or to belong to none any more. */
  record QuorumChanged(boolean quorate) implements HamEvent {}

  /** A channel's owner is gone, or stayed away too long. */
  record ChannelLost(long pid, int channel) implements HamEvent {}

  /**
   * Another tree asks for something to be done here.
   *
   * @param born when it was asked, CLOCK_BOOTTIME of this node as the asking one knows it: never
   *     later than meant
   * @param expiry when it is no longer wanted, on the same clock
   */
  record Asked(ErrandId id, Errand errand, long born, long expiry) implements HamEvent {}

  /**
   * A manager begins its reign over this tree.
   *
   * @param boot names the boot: boot id, PID namespace, start time of its PID 1
   * @param hamPid of the new acting HAM
   * @param guardianPid 0 for none
   * @param failure the reign before did not end by {@code ham_stop}
   */
  record TookOver(String node, String boot, long hamPid, long guardianPid, boolean failure)
      implements HamEvent {}

  /**
   * Another Guardian stands by.
   *
   * @param failure the one before did not end in an orderly way
   */
  record GuardianChanged(long guardianPid, boolean failure) implements HamEvent {}

  /**
   * A node is lost to the cluster, or more is known of a lost one. To trees of the cluster only.
   *
   * @param before what was known of this loss already; null: it is new
   */
  record NodeLost(String node, Proof proof, Proof before) implements HamEvent {}

  /** A node has come, or has come back. To trees of the cluster only. */
  record NodeJoined(String node) implements HamEvent {}

  /**
   * The cluster lets this node run one of its entities, or has changed the definition of one that
   * runs here under the same grant; that is taken over while none of its actions is under way.
   *
   * @param name in the tree of the cluster
   * @param definition as it stands there
   */
  record Granted(Name name, Grant grant, Entity definition) implements OfTenant {}

  /**
   * This node is to run it no longer: it is ended and leaves the tree.
   *
   * @param grant its index; another grant of the same entity stays
   * @param grace between TERM and KILL
   */
  record Revoked(Name name, long grant, String why, Duration grace) implements OfTenant {}

  /**
   * This node may not run what it was granted, until it may again: what is to stop then is ended.
   *
   * @param grace between TERM and KILL
   */
  record RightLost(String why, Duration grace) implements OfTenant {}

  /**
   * This node may run what it was granted under this incarnation: whatever waits for that starts.
   */
  record RightGained(long incarnation) implements OfTenant {}
}
