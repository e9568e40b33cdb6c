package io.hamlet.core.recovery;

import io.hamlet.core.model.Condition;
import io.hamlet.core.model.Deed;
import io.hamlet.core.model.EffectId;
import io.hamlet.core.model.Entity;
import io.hamlet.core.model.EntryId;
import io.hamlet.core.model.Lane;
import io.hamlet.core.model.Limits;
import io.hamlet.core.model.Moment;
import io.hamlet.core.model.Name;
import io.hamlet.core.model.ObjectPath;
import io.hamlet.core.sam.SamBook;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.pcollections.PVector;
import org.pcollections.TreePMap;

/**
 * The workbench of one step: the state being changed and the effects being collected. Lives no
 * longer than the step, so the machine stays pure.
 */
final class Turn {
  private final HamState before;
  private final Entry entry;
  private final List<Effect> effects = new ArrayList<>();
  private final TreeSet<Lane> stirred = new TreeSet<>();
  private final TreeSet<Name> touched = new TreeSet<>();
  private int ordinal;

  private EffectId told;
  private String boot;
  private long nextUid;
  private TreePMap<Name, Entity> entities;
  private Entity global;
  private TreePMap<Lane, PVector<Occurrence>> lanes;
  private TreePMap<EffectId, OpenEffect> open;
  private TreePMap<HamState.Deadline, EffectId> deadlines;
  private TreePMap<Long, Client> clients;
  private TreePMap<ChannelId, Channel> channels;
  private ErrandBook errands;
  private SamBook sam;
  private HamState.Pair pair;
  private int verbosity;
  private boolean beatsSuspended;
  private boolean stopping;
  private long right;
  private long granted;
  private boolean changed;

  Turn(HamState state, Entry entry) {
    this.before = state;
    this.entry = entry;
    told = state.told();
    boot = state.boot();
    nextUid = state.nextUid();
    entities = state.entities();
    global = state.global();
    lanes = state.lanes();
    open = state.open();
    deadlines = state.deadlines();
    clients = state.clients();
    channels = state.channels();
    errands = state.errands();
    sam = state.sam();
    pair = state.pair();
    verbosity = state.verbosity();
    beatsSuspended = state.beatsSuspended();
    stopping = state.stopping();
    right = state.right();
    granted = state.granted();
  }

  Step finish() {
    if (!changed) {
      return new Step(before, false, List.copyOf(effects));
    }
    HamState after =
        new HamState(
            before.node(),
            boot,
            entry.id(),
            told,
            nextUid,
            entities,
            global,
            lanes,
            open,
            deadlines,
            clients,
            channels,
            errands,
            sam,
            pair,
            verbosity,
            beatsSuspended,
            stopping,
            right,
            granted,
            before.limits());
    return new Step(after, true, List.copyOf(effects));
  }

  Moment at() {
    return entry.at();
  }

  EntryId entryId() {
    return entry.id();
  }

  Limits limits() {
    return before.limits();
  }

  String node() {
    return before.node();
  }

  boolean isOfCluster() {
    return before.isOfCluster();
  }

  /** What is to run in the cluster and nowhere in particular runs where the leader is. */
  Deed.Execute addressed(Deed.Execute deed) {
    return isOfCluster() && deed.node().isEmpty() ? new Deed.Execute(deed.argv(), boot) : deed;
  }

  boolean isHere(String wanted) {
    return wanted.isEmpty() || wanted.equals(before.node());
  }

  // Effects

  /** The one that is named next. */
  EffectId nextEffect() {
    return new EffectId(entry.id(), ordinal);
  }

  EffectId newEffect() {
    return new EffectId(entry.id(), ordinal++);
  }

  void emit(Effect effect) {
    effects.add(effect);
  }

  void announce(String path, String event, String reason, String detail) {
    announce("", path, event, reason, detail);
  }

  /** Something of another node than the one whose tree it is. */
  void announce(String node, String path, String event, String reason, String detail) {
    told = newEffect();
    emit(new Effect.Announce(new Happening(told, at(), node, path, event, reason, detail)));
  }

  void announce(ObjectPath path, String event, String reason, String detail) {
    announce(path.toString(), event, reason, detail);
  }

  void open(EffectId id, OpenEffect.Purpose purpose, OpenEffect.Work work) {
    open = open.plus(id, new OpenEffect(purpose, work));
    changed = true;
  }

  OpenEffect opened(EffectId id) {
    return open.get(id);
  }

  void close(EffectId id) {
    open = open.minus(id);
    changed = true;
  }

  TreePMap<EffectId, OpenEffect> allOpen() {
    return open;
  }

  void wakeAt(long bootNanos, EffectId id) {
    deadlines = deadlines.plus(new HamState.Deadline(bootNanos, id), id);
    changed = true;
  }

  void dropDeadline(long bootNanos, EffectId id) {
    deadlines = deadlines.minus(new HamState.Deadline(bootNanos, id));
    changed = true;
  }

  /** The effect whose deadline is nearest and has passed, its deadline taken away; or null. */
  EffectId takeDue() {
    if (deadlines.isEmpty() || deadlines.firstKey().bootNanos() > at().bootNanos()) {
      return null;
    }
    HamState.Deadline first = deadlines.firstKey();
    deadlines = deadlines.minus(first);
    changed = true;
    return first.effect();
  }

  void dropAllDeadlines() {
    deadlines = TreePMap.empty();
    changed = true;
  }

  // Entities

  Entity global() {
    return global;
  }

  long newUid() {
    changed = true;
    return nextUid++;
  }

  TreePMap<Name, Entity> entities() {
    return entities;
  }

  Entity entity(Name name) {
    return name.isGlobal() ? global : entities.get(name);
  }

  /** The entity if it is still the one that was meant, else null. */
  Entity entity(Name name, long uid) {
    Entity found = entity(name);
    return found != null && found.uid() == uid ? found : null;
  }

  void put(Entity entity) {
    if (entity.isGlobal()) {
      global = entity;
    } else {
      entities = entities.plus(entity.name(), entity);
      touched.add(entity.name());
    }
    changed = true;
  }

  void removeEntity(Name name) {
    entities = entities.minus(name);
    touched.add(name);
    changed = true;
  }

  /** An entity that was changed or removed since it was last asked for; null: no more. */
  Name nextTouched() {
    return touched.pollFirst();
  }

  /** Changes an entity that exists. */
  void change(Name name, UnaryOperator<Entity> by) {
    put(by.apply(entity(name)));
  }

  /** Puts a changed condition in the place of the one with its uid. */
  void putCondition(Name entity, Condition condition) {
    change(
        entity,
        e ->
            e.withConditions(
                e.conditions().stream()
                    .map(c -> c.uid() == condition.uid() ? condition : c)
                    .toList()));
  }

  void removeCondition(Name entity, long uid) {
    change(
        entity,
        e -> e.withConditions(e.conditions().stream().filter(c -> c.uid() != uid).toList()));
  }

  // Lanes

  PVector<Occurrence> lane(Lane lane) {
    return lanes.get(lane);
  }

  TreePMap<Lane, PVector<Occurrence>> lanes() {
    return lanes;
  }

  void putLane(Lane lane, PVector<Occurrence> queue) {
    lanes = queue.isEmpty() ? lanes.minus(lane) : lanes.plus(lane, queue);
    changed = true;
  }

  /** Marks a lane to be looked at before the step ends. */
  void stir(Lane lane) {
    stirred.add(lane);
  }

  Lane nextStirred() {
    return stirred.pollFirst();
  }

  // The rest

  TreePMap<Long, Client> clients() {
    return clients;
  }

  void clients(TreePMap<Long, Client> map) {
    clients = map;
    changed = true;
  }

  TreePMap<ChannelId, Channel> channels() {
    return channels;
  }

  void channels(TreePMap<ChannelId, Channel> map) {
    channels = map;
    changed = true;
  }

  ErrandBook errands() {
    return errands;
  }

  void errands(ErrandBook book) {
    errands = book;
    changed = true;
  }

  SamBook sam() {
    return sam;
  }

  void sam(SamBook book) {
    sam = book;
    changed = true;
  }

  HamState.Pair pair() {
    return pair;
  }

  void pair(HamState.Pair value) {
    pair = value;
    changed = true;
  }

  String boot() {
    return boot;
  }

  void boot(String value) {
    boot = value;
    changed = true;
  }

  int verbosity() {
    return verbosity;
  }

  void verbosity(int value) {
    changed |= value != verbosity;
    verbosity = value;
  }

  boolean beatsSuspended() {
    return beatsSuspended;
  }

  void beatsSuspended(boolean value) {
    changed |= value != beatsSuspended;
    beatsSuspended = value;
  }

  boolean stopping() {
    return stopping;
  }

  void stopping(boolean value) {
    changed |= value != stopping;
    stopping = value;
  }

  long granted() {
    return granted;
  }

  void granted(long value) {
    changed |= value != granted;
    granted = value;
  }

  long right() {
    return right;
  }

  void right(long value) {
    changed |= value != right;
    right = value;
  }
}
