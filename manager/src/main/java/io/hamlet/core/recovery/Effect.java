package io.hamlet.core.recovery;

import io.hamlet.core.model.EffectId;
import io.hamlet.core.model.Errand;
import io.hamlet.core.model.ErrandId;
import io.hamlet.core.model.Grant;
import io.hamlet.core.model.Heartbeat;
import io.hamlet.core.model.Moment;
import io.hamlet.core.model.Name;
import io.hamlet.core.model.ObjectPath;
import io.hamlet.core.model.ProcessId;
import io.hamlet.core.model.ProcessSpec;
import io.hamlet.core.model.RequestId;
import java.time.Duration;
import java.util.List;

/**
 * All that the core can want done. Effects with an {@link EffectId} are answered by an event that
 * names it; those without are notices. Only the acting HAM performs them, after the entry that
 * caused them is in the live log.
 */
public sealed interface Effect {
  /** Whose a process is: that decides what must be able to end it. */
  enum House {
    /** The node's own. */
    NODE,
    /** The cluster's, and ended with the right to run it. */
    MUST_STOP,
    /** The cluster's, and runs on without a majority. */
    KEEP;

    static House of(Grant grant) {
      return grant == null ? NODE : grant.keep() ? KEEP : MUST_STOP;
    }
  }

  /**
   * Get a gate for a start: end what is left of the old process first, then answer Prepared or
   * Failed.
   *
   * @param remains what the old process left behind is ended first; null: nothing
   * @param house where the gate has to stand
   * @param patient a host that is short of processes is waited for; else the start fails
   */
  record Prepare(EffectId id, ProcessSpec spec, Remains remains, House house, boolean patient)
      implements Effect {}

  /**
   * What a dead process may have left.
   *
   * @param process it, dead or dying
   * @param home where the agent had put it
   */
  record Remains(ProcessId process, String home) {}

  /**
   * Let the gate become the program. Answered by Started, Failed or NeverRan; one of the cluster's
   * entities also by Denied, if this node has no right to run it at that moment.
   *
   * @param environment complete but for the base environment; the spec's entries are in it
   * @param logName names the output file when the spec names none
   * @param repeated a successor performs it again: settle first whether it ran (architecture.md 2)
   */
  record Go(
      EffectId id,
      ProcessId gate,
      String home,
      ProcessSpec spec,
      List<ProcessSpec.Variable> environment,
      String logName,
      House house,
      boolean repeated)
      implements Effect {}

  /** The start is no longer wanted; its gate, if any, goes away. Not answered. */
  record Abandon(EffectId id, ProcessId gate) implements Effect {}

  /** Watch this process for death; answered by Died when it comes. Done twice it is done once. */
  record Watch(Name entity, long uid, long life, ProcessId process, String home)
      implements Effect {}

  /** Watch it no more. */
  record Unwatch(long uid, long life) implements Effect {}

  /**
   * End the process and its group: TERM, grace, KILL. Not answered.
   *
   * @param grace between TERM and KILL; zero: KILL at once
   */
  record End(ProcessId process, String home, Duration grace) implements Effect {}

  /**
   * End all of these and what they brought forth: TERM, grace, KILL. Answered by Done when nothing
   * of it is left, and by Failed as long as something cannot be ended; Done may come after that.
   * Asked again with a shorter grace, that one counts.
   *
   * @param grace between TERM and KILL; zero: KILL at once
   */
  record Quell(EffectId id, List<Remains> those, Duration grace) implements Effect {
    public Quell {
      those = List.copyOf(those);
    }
  }

  /** Answer Done when the path exists. The deadline is the core's own. */
  record AwaitPath(EffectId id, String path) implements Effect {}

  /** The answer to this effect is no longer of interest. */
  record Forget(EffectId id) implements Effect {}

  /** Send a signal; answered by Done or Failed. */
  record Signal(EffectId id, ProcessId process, int signal, int code, long value)
      implements Effect {}

  /**
   * Ask another node; answered by Done or Failed. The deadline is the core's own.
   *
   * @param expires when it must not begin any more, CLOCK_BOOTTIME of this node
   * @param repeated a manager before may have asked already
   * @param boot of the other node, when no other may do it: what one before has done is not known
   *     to it; empty: any may
   */
  record Ask(EffectId id, Errand errand, long expires, boolean repeated, String boot)
      implements Effect {
    /** Of whatever boot. */
    public Ask(EffectId id, Errand errand, long expires, boolean repeated) {
      this(id, errand, expires, repeated, "");
    }

    /** Not for a node that is in that one. */
    public boolean isForAnother(String theirs) {
      return !boot.isEmpty() && !boot.equals(theirs);
    }
  }

  /** Tell the tree that asked what became of it. Lost, it is asked for again. */
  record Report(ErrandId id, Errand.Fate fate) implements Effect {}

  /** Write a line to the activity log. */
  record WriteLog(Moment at, ObjectPath prefix, String message) implements Effect {}

  /** Check the beats of this life from now on; answered by BeatsMissed. */
  record WatchBeats(Name entity, long uid, long life, Heartbeat heartbeat) implements Effect {}

  /** The entity is healthy again: count misses from zero. */
  record HealBeats(long uid, long life) implements Effect {}

  /** Check its beats no more. The slot is free when the process is dead. */
  record UnwatchBeats(long uid, long life) implements Effect {}

  /**
   * Answer Silent when no message of this instance comes in time. Again: count anew.
   *
   * @param firstNanos from now until the first message
   * @param periodNanos from each message to the next
   * @param deaf messages do not count
   */
  record WatchSilence(
      Name program, long uid, long instance, long firstNanos, long periodNanos, boolean deaf)
      implements Effect {}

  /** No message of this program is due any more. */
  record UnwatchSilence(long uid) implements Effect {}

  /** Nobody's misses count until further notice; or all count again from now. */
  record SuspendBeats(boolean suspended) implements Effect {}

  /** Pulses wait in this channel. */
  record PulsesWaiting(long pid, int channel) implements Effect {}

  /** Tell everybody who watches. */
  record Announce(Happening happening) implements Effect {}

  /** Answer a request. */
  record Answer(RequestId id, Reply reply) implements Effect {}

  /** The node ends now. */
  record EndNode() implements Effect {}
}
