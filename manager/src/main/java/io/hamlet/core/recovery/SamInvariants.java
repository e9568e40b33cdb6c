package io.hamlet.core.recovery;

import io.hamlet.core.model.EffectId;
import io.hamlet.core.model.Entity;
import io.hamlet.core.model.Life;
import io.hamlet.core.sam.SamBook;
import io.hamlet.core.sam.SamProcess;
import io.hamlet.core.sam.SamState;
import java.util.ArrayList;
import java.util.List;

/** What holds of the supervised programs of every state. */
final class SamInvariants {
  private final HamState state;
  private final List<String> faults = new ArrayList<>();

  private SamInvariants(HamState state) {
    this.state = state;
  }

  static List<String> faults(HamState state) {
    SamInvariants check = new SamInvariants(state);
    state.sam().processes().values().forEach(check::process);
    state.open().forEach(check::effect);
    long over = state.sam().processes().values().stream().filter(p -> p.state().isOver()).count();
    boolean ofCluster = state.isOfCluster();
    state
        .sam()
        .kept()
        .keySet()
        .forEach(
            name ->
                check.that(
                    ofCluster && state.entities().containsKey(name),
                    "data is kept for " + name + ", which is nothing of the cluster"));
    check.that(over <= SamBook.MOST_OVER, over + " programs that are over");
    return check.faults;
  }

  private void process(SamProcess p) {
    String name = "program " + p.name();
    that(p.uid() > 0 && p.uid() < state.nextUid(), name + " has a number never given out");
    that(p.timer() == null || isTimer(p), name + " waits for a deadline that is none");
    boolean times = p.state() == SamState.WAITING_QUORUM || p.state() == SamState.KILLING;
    that(p.timer() == null || times, name + " waits for a deadline and for nothing else");
    that(p.waiting() == null || p.state() == SamState.WAITING_QUORUM, name + " starts twice");
    that((p.doom() != null) == (p.state() == SamState.KILLING), name + " is doomed or not");
    that(p.state() != SamState.WARNED || p.warning() != null, name + " is warned of nothing");
    that(!p.state().isOver() || p.end() != null, name + " is over without an end");
    that(!p.state().isOver() || p.data().size() == 0, name + " is over and keeps data");
    Entity e = state.entities().get(p.name());
    if (p.isAttached()) {
      that(e != null && isLifeOf(p, e), name + " is supervised and not its entity");
    }
    if (p.state() == SamState.RECOVERING) {
      that(e != null && !(e.life() instanceof Life.Up), name + " recovers and lives");
    }
  }

  private static boolean isLifeOf(SamProcess p, Entity e) {
    return switch (e.life()) {
      case Life.Up up -> up.process().equals(p.process());
      case Life.DiedUnseen d -> d.process().equals(p.process());
      case Life.None n -> false;
      case Life.Starting s -> false;
      case Life.GaveUp g -> false;
      case Life.Stopped s -> false;
    };
  }

  private boolean isTimer(SamProcess p) {
    OpenEffect open = state.open().get(p.timer());
    return open != null
        && open.purpose().equals(new OpenEffect.Purpose.ForSam(p.name(), p.uid()))
        && open.work() instanceof OpenEffect.Work.Wait;
  }

  private void effect(EffectId id, OpenEffect open) {
    if (open.purpose() instanceof OpenEffect.Purpose.ForSam sam
        && open.work() instanceof OpenEffect.Work.Wait) {
      SamProcess p = state.sam().find(sam.program());
      that(p != null && id.equals(p.timer()), id + " is nobody's deadline");
    }
  }

  private void that(boolean holds, String fault) {
    if (!holds) {
      faults.add(fault);
    }
  }
}
