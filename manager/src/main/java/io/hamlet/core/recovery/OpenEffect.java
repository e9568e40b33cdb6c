package io.hamlet.core.recovery;

import io.hamlet.core.model.Errand;
import io.hamlet.core.model.ErrandId;
import io.hamlet.core.model.Lane;
import io.hamlet.core.model.Name;
import io.hamlet.core.model.ProcessId;
import io.hamlet.core.model.ProcessSpec;
import io.hamlet.core.model.RequestId;
import java.util.List;

/**
 * An effect that has not been answered, with all that a successor needs to go on.
 *
 * @param purpose what the answer will be used for
 * @param work what is being done
 */
public record OpenEffect(Purpose purpose, Work work) {
  /** Why. */
  public sealed interface Purpose {
    /** The head of this lane waits for it. */
    record ForLane(Lane lane) implements Purpose {}

    /**
     * The first start of an entity; the client waits for it.
     *
     * @param filled it was a placeholder before, and is again if the start fails
     */
    record ForAttach(Name entity, long uid, RequestId request, boolean filled) implements Purpose {}

    /**
     * {@code ham stop}: answered when the last of the cluster's entities is gone from here, and of
     * the node's own if that was asked.
     *
     * @param entities the node's own as well
     */
    record ForStop(RequestId request, boolean entities, long killAfterNanos) implements Purpose {}

    /**
     * An entity of the cluster is ended here.
     *
     * @param leaves why it then leaves this tree; empty: it stays, and waits for the right to run
     */
    record ForQuell(Name entity, long uid, String leaves) implements Purpose {}

    /**
     * A start after {@code ham resume}.
     *
     * @param afterStop rather after an orderly stop of the node, which is no restart
     */
    record ForResume(Name entity, long uid, boolean afterStop) implements Purpose {}

    /** The first run of a do-now action; nobody waits, a failure harms nothing. */
    record ForNow(String path) implements Purpose {}

    /** A supervised program: its warning or kill on the way, or the one deadline it waits for. */
    record ForSam(Name program, long uid) implements Purpose {}

    /** Another tree waits for it. */
    record ForErrand(ErrandId id) implements Purpose {}
  }

  /** What. */
  public sealed interface Work {
    /**
     * A start in its two phases.
     *
     * @param spec argv and surroundings
     * @param environment what {@link Effect.Go} gets
     * @param remains of the process before, null for none
     * @param gate null in the first phase
     * @param entity whose life it will be; 0 for a command that is not watched
     * @param doubtful its go was given by a manager that did not live to see what came of it
     */
    record Start(
        ProcessSpec spec,
        List<ProcessSpec.Variable> environment,
        String logName,
        Effect.House house,
        Effect.Remains remains,
        ProcessId gate,
        String home,
        long entity,
        boolean doubtful)
        implements Work {
      /** Not begun. */
      Start(
          ProcessSpec spec,
          List<ProcessSpec.Variable> environment,
          String logName,
          Effect.House house,
          Effect.Remains remains,
          long entity) {
        this(spec, environment, logName, house, remains, null, "", entity, false);
      }

      /** From its first phase. */
      Start anew() {
        return new Start(spec, environment, logName, house, remains, entity);
      }

      /** The same with nothing to be ended before. */
      Start withoutRemains() {
        return new Start(spec, environment, logName, house, null, gate, home, entity, doubtful);
      }

      /** In its second phase. */
      Start at(ProcessId newGate, String newHome) {
        return new Start(
            spec, environment, logName, house, remains, newGate, newHome, entity, false);
      }

      Start doubted() {
        return new Start(spec, environment, logName, house, remains, gate, home, entity, true);
      }
    }

    /** Back-off before a start. */
    record Delay(long untilBoot) implements Work {}

    /** Waiting for a path, or only for the deadline when the path is empty. */
    record Wait(String path, long untilBoot) implements Work {}

    /** A signal on its way. */
    record Signalling(ProcessId process, int signal, int code, long value) implements Work {}

    /**
     * Processes are being ended.
     *
     * @param stuck why they could not be ended so far; empty: nothing is wrong
     */
    record Quelling(List<Effect.Remains> those, long graceNanos, String stuck) implements Work {
      public Quelling {
        those = List.copyOf(those);
      }
    }

    /**
     * Another node is asked.
     *
     * @param expires CLOCK_BOOTTIME of this node
     */
    record Asking(Errand errand, long expires) implements Work {
      /** When the outcome counts as unknown. */
      long untilBoot() {
        return expires + Errand.MARGIN.toNanos();
      }
    }
  }
}
