package io.hamlet.core.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.core.model.Condition;
import io.hamlet.core.model.ConditionType;
import io.hamlet.core.model.Deed;
import io.hamlet.core.model.Entity;
import io.hamlet.core.model.Filter;
import io.hamlet.core.model.Flags;
import io.hamlet.core.model.Limits;
import io.hamlet.core.model.Moment;
import io.hamlet.core.model.Name;
import io.hamlet.core.model.ObjectPath;
import io.hamlet.core.model.Proof;
import io.hamlet.core.model.RequestId;
import io.hamlet.core.model.Target;
import io.hamlet.core.recovery.Command;
import io.hamlet.core.recovery.Effect;
import io.hamlet.core.recovery.Entry;
import io.hamlet.core.recovery.HamEvent;
import io.hamlet.core.recovery.HamMachine;
import io.hamlet.core.recovery.HamState;
import io.hamlet.core.recovery.Reply;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The words in which rules of the cluster are told, and what came of them. */
final class ClusterBed {
  ClusterState state = ClusterState.empty(Limits.DEFAULT);
  final List<ClusterEntry> log = new ArrayList<>();
  final List<Effect> effects = new ArrayList<>();
  Reply reply;
  private long now = 1_000;
  private long sequence;
  private long starts;

  /** Three voters a, b and c, all there; a leads. */
  static ClusterBed ofThree() {
    ClusterBed bed = new ClusterBed();
    bed.commit(new ClusterEvent.Founded("id", voters("a", "b", "c")));
    bed.commit(new ClusterEvent.Led("a", 1, 10));
    bed.join("a");
    bed.join("b");
    bed.join("c");
    bed.effects.clear();
    return bed;
  }

  static List<ClusterEvent.Voter> voters(String... names) {
    return java.util.Arrays.stream(names).map(n -> new ClusterEvent.Voter(n, n + ":4228")).toList();
  }

  /** Commits; true if it changed more than the place in the log. */
  boolean commit(ClusterEvent event) {
    ClusterEntry entry = new ClusterEntry(state.last() + 1, new Moment(now, now), event);
    log.add(entry);
    ClusterStep step = ClusterMachine.apply(state, entry);
    ClusterState before = state;
    state = step.state();
    effects.addAll(step.effects());
    reply = step.reply();
    assertThat(ClusterInvariants.faults(state)).isEmpty();
    if (!step.changed()) {
      assertThat(state.nodes()).isSameAs(before.nodes());
      assertThat(state.tree()).isSameAs(before.tree());
      assertThat(state.grafts()).isSameAs(before.grafts());
    }
    return step.changed();
  }

  static final Terms TERMS = Terms.ofLease(1_500_000_000L);

  /** A start of that node, which knows its last incarnation. */
  ClusterEvent.Joined start(String node) {
    return start(node, Node.Duty.NO_LIMIT, TERMS);
  }

  ClusterEvent.Joined start(String node, int capacity, Terms terms) {
    long known = state.incarnation(node);
    return new ClusterEvent.Joined(
        node, "boot", "state-" + node, ++starts, node + ":4226", known, capacity, terms);
  }

  void join(String node) {
    commit(start(node));
  }

  Node node(String name) {
    return state.nodes().get(name);
  }

  /** What a leader that judges now would propose. */
  ClusterEvent.Lost loss(String node, Proof proof, List<Entity> graft) {
    Node n = node(node);
    return new ClusterEvent.Lost(node, n.incarnation(), n.since(), 1, 7, proof, graft);
  }

  void lose(String node) {
    commit(loss(node, Proof.NONE, List.of()));
  }

  void lose(String node, HamState tree) {
    commit(loss(node, Proof.NONE, Grafts.of(tree)));
  }

  void prove(String node, Proof proof) {
    commit(new ClusterEvent.Proved(node, node(node).loss().number(), proof));
  }

  ClusterEvent.Heard heard(String node) {
    Node n = node(node);
    return new ClusterEvent.Heard(node, n.incarnation(), n.loss().number());
  }

  // --- the tree * -----------------------------------------------------------------------------

  Reply ask(Command command) {
    RequestId id = new RequestId(7, ++sequence, 0);
    commit(new ClusterEvent.Tree(new HamEvent.Requested(id, command)));
    if (reply instanceof Reply.No) {
      return reply;
    }
    Effect.Answer answer = of(Effect.Answer.class).getLast();
    assertThat(answer.id()).isEqualTo(id);
    return answer.reply();
  }

  void must(Command command) {
    assertThat(ask(command)).isNotInstanceOf(Reply.No.class);
  }

  void when(String path, ConditionType type, Filter filter) {
    must(condition(path, type, filter));
  }

  void when(String path, Proof proof) {
    when(path, ConditionType.NODE_LOST, new Filter.Proven(proof));
  }

  void then(String path, Deed deed) {
    must(action(path, deed));
  }

  void orElse(String path, String item, Deed deed) {
    must(new Command.AddFailItem(Target.of(path), new Name(item), deed));
  }

  void passes(Duration time) {
    now += time.toNanos();
    commit(new ClusterEvent.Tree(new HamEvent.TimePassed()));
  }

  /** Commits after a time, which may be before the last one by another leader's clock. */
  void passes(ClusterEvent event, Duration time) {
    now += time.toNanos();
    commit(event);
  }

  void answer(HamEvent event) {
    commit(new ClusterEvent.Tree(event));
  }

  // --- a node's own tree ----------------------------------------------------------------------

  /** A tree with one entity, {@code web}, and these. */
  static HamState tree(String node, Command... commands) {
    HamState tree = HamState.empty(node, Limits.DEFAULT);
    tree = after(tree, 1, new Command.CreateEntity(new Name("web"), Flags.OfEntity.NONE));
    for (int i = 0; i < commands.length; i++) {
      tree = after(tree, i + 2, commands[i]);
    }
    return tree;
  }

  private static HamState after(HamState tree, int n, Command command) {
    HamEvent event = new HamEvent.Requested(new RequestId(0, n, 0), command);
    io.hamlet.core.model.EntryId id = new io.hamlet.core.model.EntryId(1, 1, n);
    var step = HamMachine.apply(tree, new Entry(id, Moment.ZERO, event));
    assertThat(step.changed()).as("%s: %s", command, step.effects()).isTrue();
    return step.state();
  }

  static Command condition(String path, ConditionType type, Filter filter) {
    ObjectPath p = ObjectPath.parse(path);
    return new Command.AddCondition(
        new Target(ObjectPath.of(p.entity()), 0),
        p.condition(),
        type,
        filter,
        new Flags.OfCondition(0),
        Flags.Rearm.DEFAULT);
  }

  static Command lost(String path, Proof proof) {
    return condition(path, ConditionType.NODE_LOST, new Filter.Proven(proof));
  }

  static Command action(String path, Deed deed) {
    ObjectPath p = ObjectPath.parse(path);
    return new Command.AddAction(
        new Target(ObjectPath.of(p.entity(), p.condition()), 0),
        p.action(),
        deed,
        new Flags.OfAction(0),
        Flags.Rearm.DEFAULT);
  }

  static Command alternate(String path, String item, Deed deed) {
    return new Command.AddFailItem(Target.of(path), new Name(item), deed);
  }

  static Deed log(String message) {
    return new Deed.Log(message, false, 0);
  }

  static Deed waitFor(long millis) {
    return new Deed.WaitFor("", Duration.ofMillis(millis));
  }

  // --- looking --------------------------------------------------------------------------------

  <T extends Effect> List<T> of(Class<T> kind) {
    return effects.stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  List<String> lines() {
    return of(Effect.WriteLog.class).stream().map(Effect.WriteLog::message).toList();
  }

  /** As {@code node path event reason}. */
  List<String> told() {
    return of(Effect.Announce.class).stream()
        .map(Effect.Announce::happening)
        .map(h -> (h.node() + " " + h.path() + " " + h.event() + " " + h.reason()).strip())
        .toList();
  }

  List<String> conditions(long graft) {
    return state.grafts().get(graft).tree().everyEntity().stream()
        .flatMap(e -> e.conditions().stream())
        .map(Condition::name)
        .map(Name::value)
        .toList();
  }
}
