package io.hamlet.manager.wire;

import io.hamlet.core.model.ConditionType;
import io.hamlet.core.model.Filter;
import io.hamlet.core.model.Flags;
import io.hamlet.core.model.Heartbeat;
import io.hamlet.core.model.Name;
import io.hamlet.core.model.NodeName;
import io.hamlet.core.model.ObjectPath;
import io.hamlet.core.model.ProcessId;
import io.hamlet.core.model.Proof;
import io.hamlet.core.model.Refused;
import io.hamlet.core.model.RequestId;
import io.hamlet.core.model.Target;
import io.hamlet.core.recovery.Command;
import io.hamlet.v1.AddActionRequest;
import io.hamlet.v1.AddConditionRequest;
import io.hamlet.v1.AddFailItemRequest;
import io.hamlet.v1.AttachRequest;
import io.hamlet.v1.AttachSelfRequest;
import io.hamlet.v1.ControlHeartbeatRequest;
import io.hamlet.v1.ControlRequest;
import io.hamlet.v1.CreateEntityRequest;
import io.hamlet.v1.DetachRequest;
import io.hamlet.v1.ForgetRequest;
import io.hamlet.v1.PublishRaiseRequest;
import io.hamlet.v1.PublishStateRequest;
import io.hamlet.v1.Rearm;
import io.hamlet.v1.RemoveFailItemRequest;
import io.hamlet.v1.RemoveRequest;
import io.hamlet.v1.RequestHeader;
import io.hamlet.v1.ResumeRequest;
import io.hamlet.v1.SetVerbosityRequest;
import io.hamlet.v1.SetVoterRequest;
import io.hamlet.v1.StopRequest;
import java.time.Duration;
import java.util.function.LongFunction;
import java.util.function.Supplier;

/** Requests of clients as commands of the core. Throws {@link Refused} that names the field. */
public final class RequestCodec {
  private RequestCodec() {}

  /** Which request of which client; client 0 has none. */
  public static RequestId requestId(RequestHeader header) {
    long sequence = header.getSequence();
    long below = header.getAnsweredBelow();
    if (header.getClient() != 0 && (sequence < 1 || below < 0 || below > sequence)) {
      throw Refused.invalid(
          "header: sequence must be 1 or more, and answered_below at most the sequence");
    }
    return new RequestId(header.getClient(), sequence, below);
  }

  /** The process an attach is to adopt is named by {@code identify} (0: none). */
  public static Command.Attach attach(AttachRequest request, LongFunction<ProcessId> identify) {
    Name name = created("name", request.getName());
    Flags.OfEntity flags = field("flags", () -> new Flags.OfEntity(request.getFlags()));
    if (request.getPid() < 0) {
      throw Refused.invalid("pid: " + request.getPid() + " is no process; 0 starts the command");
    }
    if (request.getPid() == 0 && !request.hasSpec()) {
      throw Refused.invalid("spec: needed to start '" + name + "'; or give a pid to adopt");
    }
    return new Command.Attach(
        name,
        request.getPid() == 0 ? null : field("pid", () -> identify.apply(request.getPid())),
        request.hasSpec() ? SpecCodec.spec(request.getSpec()) : null,
        flags,
        request.hasOwner() ? ArrangeCodec.owner(request.getOwner()) : null);
  }

  /**
   * @param slot of the beat table, ignored when the caller will not beat
   */
  public static Command attachSelf(
      AttachSelfRequest request, ProcessId caller, int slot, long generation) {
    return new Command.AttachSelf(
        created("name", request.getName()),
        caller,
        heartbeat(request, slot, generation),
        field("flags", () -> new Flags.OfEntity(request.getFlags())));
  }

  /** The heartbeat that a caller asks for, or null. */
  public static Heartbeat heartbeat(AttachSelfRequest request, int slot, long generation) {
    if (request.getPeriodNs() == 0) {
      if (request.getLowMark() != 0 || request.getHighMark() != 0) {
        throw Refused.invalid("period_ns: marks need a heartbeat period");
      }
      return null;
    }
    return field(
        "period_ns",
        () ->
            new Heartbeat(
                request.getPeriodNs(),
                request.getLowMark(),
                request.getHighMark(),
                Heartbeat.Health.OK,
                slot,
                generation));
  }

  public static Command detach(DetachRequest request) {
    return new Command.Detach(target("entity", request.getEntity()), request.getSelf());
  }

  public static Command createEntity(CreateEntityRequest request) {
    return new Command.CreateEntity(
        created("name", request.getName()),
        field("flags", () -> new Flags.OfEntity(request.getFlags())));
  }

  public static Command addCondition(AddConditionRequest request) {
    return new Command.AddCondition(
        target("entity", request.getEntity()),
        created("name", request.getName()),
        type(request.getType()),
        filter(request),
        field("flags", () -> new Flags.OfCondition(withoutRearm(request.getFlags()))),
        rearm(request.getRearm()));
  }

  public static Command.AddAction addAction(
      AddActionRequest request, LongFunction<ProcessId> identify) {
    return new Command.AddAction(
        target("condition", request.getCondition()),
        created("name", request.getName()),
        SpecCodec.deed(request.getDeed(), identify),
        field("flags", () -> new Flags.OfAction(withoutRearm(request.getFlags()))),
        rearm(request.getRearm()));
  }

  public static Command.AddFailItem addFailItem(
      AddFailItemRequest request, LongFunction<ProcessId> identify) {
    return new Command.AddFailItem(
        target("action", request.getAction()),
        created("name", request.getName()),
        SpecCodec.deed(request.getDeed(), identify));
  }

  public static Command removeFailItem(RemoveFailItemRequest request) {
    return new Command.RemoveFailItem(
        target("action", request.getAction()), field("name", () -> new Name(request.getName())));
  }

  public static Command remove(RemoveRequest request) {
    return new Command.Remove(target("target", request.getTarget()));
  }

  public static Command control(ControlRequest request) {
    Command.ControlVerb verb =
        switch (request.getVerb()) {
          case ENABLE -> Command.ControlVerb.ENABLE;
          case DISABLE -> Command.ControlVerb.DISABLE;
          case ADD_FLAGS -> Command.ControlVerb.ADD_FLAGS;
          case REMOVE_FLAGS -> Command.ControlVerb.REMOVE_FLAGS;
          case SET_FLAGS -> Command.ControlVerb.SET_FLAGS;
          case GET_FLAGS -> Command.ControlVerb.GET_FLAGS;
          case VERB_UNSPECIFIED, UNRECOGNIZED -> throw unknown("verb", request.getVerbValue());
        };
    return new Command.Control(
        target("target", request.getTarget()), verb, request.getFlags(), request.getRecurse());
  }

  public static Command publishState(PublishStateRequest request) {
    return new Command.PublishState(target("entity", request.getEntity()), request.getState());
  }

  public static Command publishRaise(PublishRaiseRequest request) {
    return new Command.PublishRaise(
        target("entity", request.getEntity()),
        request.getType(),
        request.getClass_(),
        request.getSeverity());
  }

  public static Command controlHeartbeat(ControlHeartbeatRequest request) {
    return new Command.HeartbeatControl(
        switch (request.getVerb()) {
          case SUSPEND -> Command.HeartbeatVerb.SUSPEND;
          case ACTIVE -> Command.HeartbeatVerb.ACTIVE;
          case QUERY -> Command.HeartbeatVerb.QUERY;
          case VERB_UNSPECIFIED, UNRECOGNIZED -> throw unknown("verb", request.getVerbValue());
        });
  }

  public static Command resume(ResumeRequest request) {
    return new Command.Resume(target("entity", request.getEntity()));
  }

  public static Command forget(ForgetRequest request) {
    return new Command.Forget(node("forgotten", request.getForgotten()));
  }

  public static Command setVoter(SetVoterRequest request) {
    return new Command.SetVoter(node("node", request.getNode()), request.getVotes());
  }

  private static String node(String field, String name) {
    if (!NodeName.isOne(name)) {
      throw Refused.invalid(field + ": a node name is " + NodeName.RULE);
    }
    return name;
  }

  public static Command setVerbosity(SetVerbosityRequest request) {
    Command.VerboseVerb verb =
        switch (request.getVerb()) {
          case INCREASE -> Command.VerboseVerb.INCREASE;
          case DECREASE -> Command.VerboseVerb.DECREASE;
          case SET -> Command.VerboseVerb.SET;
          case GET -> Command.VerboseVerb.GET;
          case VERB_UNSPECIFIED, UNRECOGNIZED -> throw unknown("verb", request.getVerbValue());
        };
    return new Command.Verbose(verb, request.getValue());
  }

  public static Command stop(StopRequest request) {
    long millis = request.getKillAfterMs();
    if (millis < 0 || millis > Duration.ofHours(1).toMillis()) {
      throw Refused.invalid("kill_after_ms: " + millis + " is not between 0 and one hour");
    }
    return new Command.Stop(
        request.getEntities(), millis == 0 ? Command.Stop.KILL_AFTER : Duration.ofMillis(millis));
  }

  /** A target, which the request must have. */
  static Target target(String field, io.hamlet.v1.Target target) {
    return field(field, () -> new Target(ObjectPath.parse(target.getPath()), target.getUid()));
  }

  /** A name for something new: the global entity is never created. */
  private static Name created(String field, String text) {
    Name name = field(field, () -> new Name(text));
    if (name.isGlobal()) {
      throw Refused.invalid(field + ": the name '" + text + "' is reserved");
    }
    return name;
  }

  private static ConditionType type(io.hamlet.v1.ConditionType type) {
    return switch (type) {
      case CONDITION_TYPE_ANY -> ConditionType.ANY;
      case CONDITION_TYPE_DEATH -> ConditionType.DEATH;
      case CONDITION_TYPE_DETACH -> ConditionType.DETACH;
      case CONDITION_TYPE_RESTART -> ConditionType.RESTART;
      case CONDITION_TYPE_BEAT_MISSED_LOW -> ConditionType.BEAT_MISSED_LOW;
      case CONDITION_TYPE_BEAT_MISSED_HIGH -> ConditionType.BEAT_MISSED_HIGH;
      case CONDITION_TYPE_ABNORMAL_DEATH -> ConditionType.ABNORMAL_DEATH;
      case CONDITION_TYPE_ATTACH -> ConditionType.ATTACH;
      case CONDITION_TYPE_STATE -> ConditionType.STATE;
      case CONDITION_TYPE_RAISE -> ConditionType.RAISE;
      case CONDITION_TYPE_NODE_LOST -> ConditionType.NODE_LOST;
      case CONDITION_TYPE_NODE_JOINED -> ConditionType.NODE_JOINED;
      case UNRECOGNIZED -> throw Refused.invalid("type: no such type of condition");
    };
  }

  private static Filter filter(AddConditionRequest request) {
    boolean states = request.getFromState() != 0 || request.getToState() != 0;
    boolean raises =
        request.getRaiseType() != 0
            || request.getRaiseClass() != 0
            || request.getRaiseSeverity() != 0;
    refuse(
        request.getProof() != io.hamlet.v1.Proof.PROOF_NONE
            && request.getType() != io.hamlet.v1.ConditionType.CONDITION_TYPE_NODE_LOST,
        "proof belongs to NODE_LOST conditions");
    return switch (request.getType()) {
      case CONDITION_TYPE_STATE -> {
        refuse(raises, "raise_type, raise_class and raise_severity belong to RAISE conditions");
        yield new Filter.Transition(request.getFromState(), request.getToState());
      }
      case CONDITION_TYPE_RAISE -> {
        refuse(states, "from_state and to_state belong to STATE conditions");
        yield new Filter.Raise(
            request.getRaiseType(), request.getRaiseClass(), request.getRaiseSeverity());
      }
      case CONDITION_TYPE_NODE_LOST -> {
        refuse(states || raises, "states and raises do not belong to NODE_LOST conditions");
        yield new Filter.Proven(proof(request.getProof()));
      }
      default -> {
        refuse(states || raises, "only STATE and RAISE conditions have a filter");
        yield Filter.NONE;
      }
    };
  }

  private static Proof proof(io.hamlet.v1.Proof proof) {
    return switch (proof) {
      case PROOF_NONE -> Proof.NONE;
      case PROOF_LEASE -> Proof.LEASE;
      case PROOF_OBITUARY -> Proof.OBITUARY;
      case PROOF_FENCED -> Proof.FENCED;
      case UNRECOGNIZED -> throw Refused.invalid("proof: none, lease, obituary or fenced");
    };
  }

  private static Flags.Rearm rearm(Rearm rearm) {
    return switch (rearm) {
      case REARM_DEFAULT -> Flags.Rearm.DEFAULT;
      case REARM_ON -> Flags.Rearm.ON;
      case REARM_OFF -> Flags.Rearm.OFF;
      case UNRECOGNIZED -> throw Refused.invalid("rearm: neither on, off nor the default");
    };
  }

  private static int withoutRearm(int bits) {
    if ((bits & Flags.OfCondition.REARM) != 0) {
      throw Refused.invalid("HREARMAFTERRESTART (0x1) is not said here but in the field rearm");
    }
    return bits;
  }

  private static void refuse(boolean wrong, String message) {
    if (wrong) {
      throw Refused.invalid(message);
    }
  }

  static Refused unknown(String field, int number) {
    return Refused.invalid(field + ": " + number + " is none of its values");
  }

  /** What the supplier makes, or its refusal with the field put in front. */
  static <T> T field(String field, Supplier<T> made) {
    try {
      return made.get();
    } catch (Refused refused) {
      throw new Refused(refused.rejection().reason(), field + ": " + refused.rejection().message());
    }
  }
}
