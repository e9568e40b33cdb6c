package io.hamlet.core.recovery;

import io.hamlet.core.model.Action;
import io.hamlet.core.model.Condition;
import io.hamlet.core.model.Deed;
import io.hamlet.core.model.EffectId;
import io.hamlet.core.model.Entity;
import io.hamlet.core.model.Flags;
import io.hamlet.core.model.Grant;
import io.hamlet.core.model.Lane;
import io.hamlet.core.model.Life;
import io.hamlet.core.model.Name;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.pcollections.PVector;

/**
 * What holds of every state a log can lead to. A snapshot that breaks any of it is not to be
 * trusted; the tests ask after each step.
 */
public final class Invariants {
  private final HamState state;
  private final List<String> faults = new ArrayList<>();
  private final Set<Long> uids = new TreeSet<>();

  private Invariants(HamState state) {
    this.state = state;
  }

  /** The broken invariants in words; empty for a sound state. */
  public static List<String> faults(HamState state) {
    Invariants check = new Invariants(state);
    check.entity(state.global());
    state.entities().forEach(check::entity);
    check.bound("entities", state.entities().size(), state.limits().entities());
    state.lanes().forEach(check::lane);
    state.open().forEach(check::effect);
    state.deadlines().forEach(check::deadline);
    check.clientsAndChannels();
    check.errands();
    check.faults.addAll(SamInvariants.faults(state));
    return List.copyOf(check.faults);
  }

  private void entity(Name key, Entity entity) {
    that(key.equals(entity.name()), key + " is filed under another name");
    that(!key.isGlobal() && !entity.isGlobal(), "a second global entity");
    entity(entity);
    int waiting = 0;
    for (Entity.PendingDeath death : entity.deaths()) {
      waiting += death.open();
      that(death.open() > 0, key + " keeps a death that is dealt with");
    }
    that(waiting == occurrencesOfDeaths(entity), key + " miscounts its deaths: " + waiting);
    switch (entity.life()) {
      case Life.Starting starting -> {
        OpenEffect open = state.open().get(starting.effect());
        that(open != null, key + " waits for a start that is not open");
      }
      case Life.Up up -> that(up.number() > 0, key + " lives a life without number");
      case Life.None none -> {}
      case Life.GaveUp gaveUp -> {}
      case Life.Stopped stopped -> {}
      case Life.DiedUnseen unseen ->
          that(!entity.enabled(), key + " keeps a death back although enabled");
    }
    if (!state.isOfCluster()) {
      tenant(key, entity);
    }
  }

  /** What is the cluster's runs under a grant, starts with the right to, and ends without it. */
  private void tenant(Name key, Entity entity) {
    that(Grant.isLocal(key) == (entity.grant() != null), key + " is the cluster's in part");
    if (entity.grant() == null) {
      return;
    }
    long quells =
        state.open().values().stream()
            .filter(o -> o.purpose() instanceof OpenEffect.Purpose.ForQuell q)
            .filter(o -> ((OpenEffect.Purpose.ForQuell) o.purpose()).uid() == entity.uid())
            .count();
    that(quells <= 1, key + " is ended twice");
    boolean right = state.right() == entity.grant().incarnation();
    boolean runs = entity.life() instanceof Life.Up;
    that(right || !(entity.life() instanceof Life.Starting), key + " starts without the right");
    that(quells == 0 || !(entity.life() instanceof Life.Starting), key + " starts and ends");
    that(right || !runs || entity.grant().keep() || quells == 1, key + " runs on");
  }

  private void entity(Entity entity) {
    List<Name> names = entity.conditions().stream().map(Condition::name).toList();
    that(distinct(names), entity.name() + " has a condition twice");
    uid(entity.uid());
    bound("conditions", names.size(), state.limits().conditionsPerEntity());
    int restarts = 0;
    for (Condition condition : entity.conditions()) {
      uid(condition.uid());
      condition(condition);
      for (Action action : condition.actions()) {
        if (action.deed() instanceof Deed.Restart) {
          restarts++;
          that(condition.type().isDeath(), "a restart under " + condition.type());
        }
      }
    }
    that(restarts <= (entity.isGlobal() ? 0 : 1), entity.name() + " has too many restart actions");
  }

  private void condition(Condition condition) {
    that(
        distinct(condition.actions().stream().map(Action::name).toList()),
        condition.name() + " has an action twice");
    bound("actions", condition.actions().size(), state.limits().actionsPerCondition());
    boolean noWait = condition.flags().has(Flags.OfCondition.NO_WAIT);
    long before = 0;
    for (Action action : condition.actions()) {
      uid(action.uid());
      that(action.uid() > before, action.name() + " stands out of order");
      before = action.uid();
      that(!noWait || !(action.deed() instanceof Deed.WaitFor), "a waitfor that must not wait");
      bound("fail items", action.onFail().size(), state.limits().failItemsPerAction());
      that(
          distinct(action.onFail().stream().map(Action.FailItem::name).toList()),
          action.name() + " has an alternate twice");
      for (Action.FailItem item : action.onFail()) {
        uid(item.uid());
        that(!noWait || !(item.deed() instanceof Deed.WaitFor), "an alternate that must not wait");
      }
    }
  }

  private void lane(Lane lane, PVector<Occurrence> occurrences) {
    that(!occurrences.isEmpty(), lane + " is kept although empty");
    bound("occurrences", occurrences.size() - 1, state.limits().queuedOccurrences());
    for (int i = 0; i < occurrences.size(); i++) {
      Occurrence.Running running = occurrences.get(i).running();
      that(i == 0 || running == null, lane + " runs more than its head");
      that(i > 0 || running != null || state.stopping(), lane + " stands still");
      if (running != null) {
        OpenEffect open = state.open().get(running.effect());
        that(
            open != null && open.purpose().equals(new OpenEffect.Purpose.ForLane(lane)),
            lane + " waits for an effect that is not its own");
        that(running.riders() < occurrences.size(), lane + " has lost those who ride with it");
        that(running.riders() == 0 || isFar(open, running), lane + " serves more than it may");
      }
    }
  }

  private static boolean isFar(OpenEffect open, Occurrence.Running running) {
    return open != null
        && open.work() instanceof OpenEffect.Work.Asking a
        && a.errand().times() == 1 + running.riders();
  }

  private void effect(EffectId id, OpenEffect open) {
    switch (open.purpose()) {
      case OpenEffect.Purpose.ForLane(Lane lane) -> {
        PVector<Occurrence> queue = state.lanes().get(lane);
        Occurrence.Running running = queue == null ? null : queue.get(0).running();
        that(running != null && running.effect().equals(id), id + " serves no lane");
      }
      case OpenEffect.Purpose.ForAttach attach -> starting(id, attach.entity(), attach.uid());
      case OpenEffect.Purpose.ForResume resume -> starting(id, resume.entity(), resume.uid());
      case OpenEffect.Purpose.ForNow now -> {}
      case OpenEffect.Purpose.ForQuell quell -> {
        Entity entity = state.entities().get(quell.entity());
        that(entity != null && entity.uid() == quell.uid(), id + " ends an entity that is gone");
        that(entity != null && entity.grant() != null, id + " ends an entity of the node");
      }
      case OpenEffect.Purpose.ForStop stop -> that(state.stopping(), id + " awaits no stop");
      case OpenEffect.Purpose.ForSam sam -> {
        // SamInvariants looks.
      }
      case OpenEffect.Purpose.ForErrand errand -> {
        ErrandBook.Taken taken = state.errands().find(errand.id());
        that(taken != null && taken.fate() == null, id + " is for an errand that is not under way");
      }
    }
    switch (open.work()) {
      case OpenEffect.Work.Delay delay -> timed(id, delay.untilBoot());
      case OpenEffect.Work.Wait wait -> timed(id, wait.untilBoot());
      case OpenEffect.Work.Start start -> {
        if (start.entity() != 0) {
          starting(id, new Name(start.logName()), start.entity());
        }
      }
      case OpenEffect.Work.Signalling signalling -> {}
      case OpenEffect.Work.Quelling quelling -> {
        boolean is = open.purpose() instanceof OpenEffect.Purpose.ForQuell;
        that(is, id + " ends nobody's processes");
      }
      case OpenEffect.Work.Asking asking -> timed(id, asking.untilBoot());
    }
  }

  private void starting(EffectId id, Name name, long uid) {
    Entity entity = state.entities().get(name);
    that(entity != null && entity.uid() == uid, id + " starts an entity that is gone");
    that(
        entity != null
            && entity.life() instanceof Life.Starting starting
            && starting.effect().equals(id),
        id + " starts an entity that does not wait for it");
  }

  /** What waits for ever, for the end of all entities at a stop, has no deadline. */
  private void timed(EffectId id, long untilBoot) {
    that(
        untilBoot == Long.MAX_VALUE
            || id.equals(state.deadlines().get(new HamState.Deadline(untilBoot, id))),
        id + " has no deadline");
  }

  private void deadline(HamState.Deadline deadline, EffectId id) {
    that(deadline.effect().equals(id) && state.open().containsKey(id), id + " is a lost deadline");
  }

  private void clientsAndChannels() {
    bound("clients", state.clients().size(), state.limits().clients());
    for (Map.Entry<Long, Client> client : state.clients().entrySet()) {
      bound("answers", client.getValue().answers().size(), state.limits().unansweredPerClient());
    }
    bound("channels", state.channels().size(), state.limits().channels());
    for (Channel channel : state.channels().values()) {
      bound("pulses", channel.pulses().size(), state.limits().pulsesPerChannel());
    }
  }

  /** Each errand that has no outcome yet has an effect that will bring it. */
  private void errands() {
    int underWay = 0;
    for (String tree : state.errands().taken().keySet()) {
      bound("errands of " + tree, state.errands().size(tree), state.limits().errandsKept());
      for (ErrandBook.Taken taken : state.errands().taken().get(tree).values()) {
        underWay += taken.fate() == null ? 1 : 0;
      }
    }
    int served = 0;
    for (OpenEffect open : state.open().values()) {
      served += open.purpose() instanceof OpenEffect.Purpose.ForErrand ? 1 : 0;
    }
    that(underWay == served, underWay + " errands under way, but " + served + " are being done");
  }

  /** True conditions of this entity's own deaths and detachments that are still in a lane. */
  private int occurrencesOfDeaths(Entity entity) {
    Set<Long> lives = new TreeSet<>();
    entity.deaths().forEach(death -> lives.add(death.life()));
    int count = 0;
    for (PVector<Occurrence> lane : state.lanes().values()) {
      for (Occurrence o : lane) {
        boolean own = o.entityUid() == entity.uid() && o.trigger().uid() == entity.uid();
        boolean end =
            switch (o.trigger().type()) {
              case DEATH, ABNORMAL_DEATH, DETACH -> true;
              case ANY, RESTART, BEAT_MISSED_LOW, BEAT_MISSED_HIGH, ATTACH, STATE, RAISE -> false;
              case NODE_LOST, NODE_JOINED -> false;
            };
        if (own && end && lives.contains(o.trigger().life())) {
          count++;
        }
      }
    }
    return count;
  }

  private void uid(long uid) {
    that(uids.add(uid), "handle number " + uid + " is given twice");
    that(uid > 0 && uid < state.nextUid(), "handle number " + uid + " was never given out");
  }

  private void bound(String what, int size, int limit) {
    that(size <= limit, size + " " + what + ", more than " + limit);
  }

  private static boolean distinct(List<Name> names) {
    return new TreeSet<>(names).size() == names.size();
  }

  private void that(boolean holds, String fault) {
    if (!holds) {
      faults.add(fault);
    }
  }
}
