package io.hamlet.core.recovery;

import io.hamlet.core.model.EffectId;
import io.hamlet.core.model.Entity;
import io.hamlet.core.model.Exit;
import io.hamlet.core.model.Grant;
import io.hamlet.core.model.Life;
import io.hamlet.core.model.Name;
import io.hamlet.core.model.ProcessId;
import io.hamlet.core.model.ProcessSpec;
import io.hamlet.core.sam.SamAct;
import io.hamlet.core.sam.SamCalls;
import io.hamlet.core.sam.SamFact;
import io.hamlet.core.sam.SamFacts;
import io.hamlet.core.sam.SamProcess;
import io.hamlet.core.sam.SamState;
import io.hamlet.core.sam.SamStep;
import java.util.ArrayList;
import java.util.List;

/** What happens in the tree, told to the supervision of its programs (sam.md 4.6). */
final class Sams {
  private Sams() {}

  /** A message is overdue. One of a disabled entity, or of a node that stops, is lost. */
  static void silent(Turn turn, HamEvent.Silent s) {
    SamProcess p = turn.sam().find(s.program());
    Entity e = turn.entity(s.program());
    boolean current = p != null && p.uid() == s.uid() && p.instance() == s.instance();
    if (current && e != null && e.enabled() && !turn.stopping()) {
      happened(turn, p, new SamFact.Silent());
    }
  }

  static void quorumChanged(Turn turn, boolean quorate) {
    if (turn.sam().quorate() == quorate) {
      return;
    }
    turn.sam(turn.sam().withQuorum(quorate));
    turn.announce("", quorate ? "quorum-gained" : "quorum-lost", "", "");
    SamFact fact = quorate ? new SamFact.QuorumGained() : new SamFact.QuorumLost();
    for (SamProcess p : List.copyOf(turn.sam().processes().values())) {
      happened(turn, p, fact);
    }
  }

  static void due(Turn turn, EffectId id, OpenEffect.Purpose.ForSam sam) {
    turn.close(id);
    SamProcess p = turn.sam().find(sam.program());
    if (p != null && p.uid() == sam.uid() && id.equals(p.timer())) {
      happened(turn, p, new SamFact.Due());
    }
  }

  /** One that is no entity yet, or no more, has ended. */
  static void died(Turn turn, HamEvent.Died d) {
    SamProcess p = turn.sam().find(d.entity());
    if (p != null && p.uid() == d.uid() && p.instance() == d.life()) {
      happened(turn, p, new SamFact.Exited(d.exit()));
    }
  }

  static void exitLearned(Turn turn, HamEvent.ExitLearned l) {
    SamProcess p = turn.sam().find(l.entity());
    boolean unknown = p != null && p.end() != null && p.end().exit().kind() == Exit.Kind.UNKNOWN;
    Entity e = turn.entity(l.entity());
    boolean own = p != null && (p.uid() == l.uid() || (e != null && e.uid() == l.uid()));
    if (unknown && own) {
      turn.sam(turn.sam().with(p.withExit(l.exit())));
    }
  }

  /**
   * The process of an entity has ended.
   *
   * @return true: in good order, and it is to be detached; false: it is a death
   */
  static boolean leaves(Turn turn, Entity e, ProcessId process, Exit exit) {
    SamProcess p = turn.sam().find(e.name());
    if (p == null || !p.isAttached() || !p.process().equals(process)) {
      return false;
    }
    SamStep step = SamFacts.happened(p, new SamFact.Exited(exit), turn.at());
    SamActs.take(turn, p, step);
    boolean leaves = step.acts().stream().anyMatch(a -> a instanceof SamAct.Leave);
    if (leaves && e.grant() != null) {
      // The cluster is to run it, so that for it every end is a death.
      SamDesk.unrule(turn, e.name());
      return false;
    }
    return leaves;
  }

  /** What failed for good, or asked for it, is not started again. */
  static boolean forbidsRestart(Turn turn, Entity e) {
    SamProcess p = turn.sam().find(e.name());
    return p != null && p.state() == SamState.FAILED && !p.past();
  }

  /** What a start of that entity is told (sam.md 4.1). */
  static List<ProcessSpec.Variable> environment(Turn turn, Name name) {
    SamProcess p = turn.sam().find(name);
    if (p != null && turn.entity(name).life() instanceof Life.GaveUp) {
      happened(turn, p, new SamFact.Resumed());
      p = turn.sam().find(name);
    }
    if (p == null || p.state() != SamState.RECOVERING) {
      return Grant.isLocal(name) ? List.of(process(name)) : List.of();
    }
    return List.of(
        process(name),
        new ProcessSpec.Variable("HAM_INSTANCE_ID", Long.toString(p.instance() + 1)),
        new ProcessSpec.Variable("HAM_SAM_TOKEN", p.nextToken()));
  }

  private static ProcessSpec.Variable process(Name name) {
    return new ProcessSpec.Variable("HAM_PROCESS", name.value());
  }

  /** After a step: programs whose entities have changed learn of it. */
  static void follow(Turn turn) {
    for (Name name = turn.nextTouched(); name != null; name = turn.nextTouched()) {
      SamProcess p = turn.sam().find(name);
      if (p != null) {
        SamFact fact = seen(p, turn.entity(name));
        boolean gone = turn.entity(name) == null && Grant.isLocal(name);
        if (fact instanceof SamFact.GivenUp && (p.instance() == 0 || gone)) {
          // Its launch was refused, and nothing is changed by that; or it goes to another node.
          turn.sam(turn.sam().without(name));
        } else if (fact != null) {
          happened(turn, p, fact);
          startNow(turn, name, fact);
        }
      }
    }
    Groups.follow(turn);
  }

  private static SamFact seen(SamProcess p, Entity e) {
    Life life = e == null ? Life.NONE : e.life();
    if (p.state() == SamState.RECOVERING) {
      return switch (life) {
        case Life.Up up -> new SamFact.Launched(up.process());
        case Life.None n -> e == null || e.deaths().isEmpty() ? new SamFact.GivenUp() : null;
        case Life.GaveUp g -> new SamFact.GivenUp();
        case Life.Starting s -> null;
        case Life.DiedUnseen d -> null;
        case Life.Stopped s -> null;
      };
    }
    if (!p.isAttached()) {
      return null;
    }
    return switch (life) {
      case Life.Up up -> null;
      case Life.DiedUnseen d -> null;
      case Life.Stopped s -> new SamFact.NodeStopped(e.spec() != null);
      case Life.None n -> new SamFact.Detached();
      case Life.GaveUp g -> new SamFact.Detached();
      case Life.Starting s -> new SamFact.Detached();
    };
  }

  private static void startNow(Turn turn, Name name, SamFact fact) {
    SamProcess p = turn.sam().find(name);
    if (fact instanceof SamFact.Launched && p.contract().startNow()) {
      SamActs.take(turn, p, SamCalls.startNow(p, now(turn, null)));
    }
  }

  /** What a successor has to have done again; the time of messages begins anew. */
  static List<Effect> resume(HamState state) {
    List<Effect> effects = new ArrayList<>();
    for (SamProcess p : state.sam().processes().values()) {
      Entity e = state.entities().get(p.name());
      String home = e != null && e.life() instanceof Life.Up up ? up.home() : "";
      switch (p.state()) {
        case INITIALIZED, FINALIZED ->
            effects.add(new Effect.Watch(p.name(), p.uid(), p.instance(), p.process(), ""));
        case STARTED, WARNED ->
            SamFacts.patience(p).forEach(l -> effects.add(SamActs.silence(p, l)));
        case KILLING -> {
          if (!p.contract().strict()) {
            effects.add(SamActs.end(p, home));
          }
        }
        case REGISTERED, WAITING_QUORUM, RECOVERING, FAILED, ENDED -> {}
      }
    }
    return effects;
  }

  static void rebooted(Turn turn) {
    for (SamProcess p : List.copyOf(turn.sam().processes().values())) {
      happened(turn, p, new SamFact.Rebooted());
    }
  }

  static SamCalls.Now now(Turn turn, io.hamlet.core.model.RequestId request) {
    return new SamCalls.Now(turn.at(), turn.sam().quorate(), request);
  }

  private static void happened(Turn turn, SamProcess p, SamFact fact) {
    SamStep step = SamFacts.happened(p, fact, turn.at());
    if (!step.process().equals(p) || !step.acts().isEmpty()) {
      SamActs.take(turn, p, step);
    }
  }
}
