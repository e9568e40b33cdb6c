package io.hamlet.core.recovery;

import io.hamlet.core.model.ConditionType;
import io.hamlet.core.model.Deed;
import io.hamlet.core.model.Filter;
import io.hamlet.core.model.Flags;
import io.hamlet.core.model.Heartbeat;
import io.hamlet.core.model.Name;
import io.hamlet.core.model.OwnerPolicy;
import io.hamlet.core.model.ProcessId;
import io.hamlet.core.model.ProcessSpec;
import io.hamlet.core.model.Refused;
import io.hamlet.core.model.Target;
import io.hamlet.core.sam.GroupCall;
import io.hamlet.core.sam.SamCall;
import io.hamlet.core.sam.SamGroup;
import java.time.Duration;

/** All that a client can ask to be changed: the {@code ham_*} functions that write (ham.md 2). */
public sealed interface Command {
  /**
   * {@code ham_attach}: start a command, or adopt a running process.
   *
   * @param adopt the running process; null to start {@code spec}
   * @param spec how to start it now or after a death; null when only adopted
   * @param owner how the cluster is to treat it; null: it belongs to a node, or the cluster's
   *     default
   */
  record Attach(
      Name name, ProcessId adopt, ProcessSpec spec, Flags.OfEntity flags, OwnerPolicy owner)
      implements Command {
    /** Of a node. */
    public Attach(Name name, ProcessId adopt, ProcessSpec spec, Flags.OfEntity flags) {
      this(name, adopt, spec, flags, null);
    }
  }

  /**
   * {@code ham_attach_self}: the caller becomes the entity, or is again the entity after a restart.
   *
   * @param heartbeat null for none
   */
  record AttachSelf(Name name, ProcessId caller, Heartbeat heartbeat, Flags.OfEntity flags)
      implements Command {}

  /**
   * {@code ham_detach}, {@code ham_detach_name}, {@code ham_detach_self}.
   *
   * @param self the entity must be self-attached; else it must not be
   */
  record Detach(Target entity, boolean self) implements Command {}

  /** {@code ham_entity}: a placeholder. */
  record CreateEntity(Name name, Flags.OfEntity flags) implements Command {}

  /** {@code ham_*_control} (ham.md 2.8); which object is meant the target says. */
  record Control(Target target, ControlVerb verb, int flags, boolean recurse) implements Command {}

  /** The control commands, by QNX's numbers. */
  enum ControlVerb {
    ENABLE(1),
    DISABLE(2),
    ADD_FLAGS(3),
    REMOVE_FLAGS(4),
    SET_FLAGS(5),
    GET_FLAGS(6);

    private final int number;

    ControlVerb(int number) {
      this.number = number;
    }

    public int number() {
      return number;
    }
  }

  /** {@code ham_condition}, {@code ham_condition_state}, {@code ham_condition_raise}. */
  record AddCondition(
      Target entity,
      Name name,
      ConditionType type,
      Filter filter,
      Flags.OfCondition flags,
      Flags.Rearm rearm)
      implements Command {}

  /** {@code ham_condition_remove}, {@code ham_action_remove}; or a placeholder of an entity. */
  record Remove(Target target) implements Command {}

  /** {@code ham_action_*}. */
  record AddAction(Target condition, Name name, Deed deed, Flags.OfAction flags, Flags.Rearm rearm)
      implements Command {}

  /** {@code ham_action_fail_*}. */
  record AddFailItem(Target action, Name name, Deed deed) implements Command {}

  /** {@code ham_action_fail_remove}. */
  record RemoveFailItem(Target action, Name name) implements Command {}

  /** {@code ham_entity_condition_state}. */
  record PublishState(Target entity, int state) implements Command {}

  /** {@code ham_entity_condition_raise}. */
  record PublishRaise(Target entity, int type, int clazz, int severity) implements Command {}

  /** {@code ham_heartbeat_control}. Answers with the state before. */
  record HeartbeatControl(HeartbeatVerb verb) implements Command {}

  /** What can be done to all heartbeat checks at once. */
  enum HeartbeatVerb {
    SUSPEND,
    ACTIVE,
    QUERY
  }

  /** {@code ham_verbose}. Answers with the resulting level. */
  record Verbose(VerboseVerb verb, int value) implements Command {}

  /** How the verbosity changes. */
  enum VerboseVerb {
    INCREASE,
    DECREASE,
    SET,
    GET
  }

  /**
   * Starts an entity whose restart budget is spent; one of the cluster may run again where it was.
   */
  record Resume(Target entity) implements Command {}

  /**
   * A call of a supervised program, or on its behalf (sam.md 1.4).
   *
   * @param token of the instance that calls; empty: an administrator
   */
  record Sam(Name program, String token, SamCall call) implements Command {}

  /**
   * A supervised program in its group. In the tree of the cluster, or of a node that is in none.
   *
   * @param member as the manager of its node has seen it
   */
  record Group(Name group, SamGroup.Member member, GroupCall call) implements Command {}

  /** What only the cluster can do. Its trees never see it. */
  sealed interface OfCluster extends Command {}

  /** Takes a node that is not up from the list of the cluster's nodes. */
  record Forget(String node) implements OfCluster {}

  /** Has a node vote, or vote no more. */
  record SetVoter(String node, boolean votes) implements OfCluster {}

  /** Runs an entity of the cluster on another node. */
  record Move(Name entity, String node) implements OfCluster {}

  /** Has a node run nothing for the cluster; or again whatever it gets. */
  record Standby(String node, boolean on) implements OfCluster {}

  /** Empties a node, and lets nothing be down for that. */
  record Drain(String node) implements OfCluster {}

  /**
   * Leaves all where it is while somebody works.
   *
   * @param scope {@code cluster}, {@code node:NODE} or the name of an entity
   * @param span zero: until it is ended
   */
  record Maintain(String scope, String owner, String reason, Duration span) implements OfCluster {}

  /** That work is done. */
  record EndMaintenance(String scope, String owner) implements OfCluster {}

  /** An operator vouches that a lost node is down, or earlier boots of one that is up. */
  record ConfirmFenced(String node) implements OfCluster {}

  /**
   * A program leads under a name, goes on, or gives it up; answers with its token.
   *
   * @param holder drawn for each time it wants to begin
   * @param turn 1: it begins; more: it goes on, each higher than the last; 0: it gives it up
   * @param span so long after it has sent this it may believe in it
   * @param who for people
   */
  record Lead(Name name, long holder, long turn, Duration span, String who) implements OfCluster {}

  /** Opens a channel for pulses; answers with its number. */
  record OpenChannel(ProcessId owner) implements Command {}

  /** The owner has all pulses up to and including this number. */
  record AcknowledgePulses(long pid, int channel, long upTo) implements Command {}

  /** Closes a channel; what it still holds is dropped. */
  record CloseChannel(long pid, int channel) implements Command {}

  /**
   * {@code ham_stop}: ends the node, not its entities.
   *
   * @param entities end those too
   * @param killAfter between TERM and KILL for those, at most an hour
   */
  record Stop(boolean entities, Duration killAfter) implements Command {
    /** What is waited when nothing is said (cli.md 2). */
    public static final Duration KILL_AFTER = Duration.ofSeconds(10);

    public Stop {
      if (killAfter.isNegative() || killAfter.compareTo(Duration.ofHours(1)) > 0) {
        throw Refused.invalid("the time between TERM and KILL is between 0 and 1 hour");
      }
    }

    /** Without the entities. */
    public static Stop node() {
      return new Stop(false, KILL_AFTER);
    }
  }
}
