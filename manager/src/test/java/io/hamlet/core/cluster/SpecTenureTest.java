package io.hamlet.core.cluster;

import static io.hamlet.core.cluster.ClusterBed.action;
import static io.hamlet.core.cluster.ClusterBed.condition;
import static io.hamlet.core.cluster.ClusterBed.log;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hamlet.core.model.ConditionType;
import io.hamlet.core.model.Filter;
import io.hamlet.core.model.Flags;
import io.hamlet.core.model.Name;
import io.hamlet.core.model.OwnerPolicy;
import io.hamlet.core.model.ProcessId;
import io.hamlet.core.model.ProcessSpec;
import io.hamlet.core.model.Proof;
import io.hamlet.core.model.Rejection;
import io.hamlet.core.model.Target;
import io.hamlet.core.recovery.Command;
import io.hamlet.core.recovery.Effect;
import io.hamlet.core.recovery.Reply;
import io.hamlet.core.recovery.Rule;
import java.time.Duration;
import java.util.List;

/** One owner at a time (architecture.md 4). */
class SpecTenureTest {
  private static final Name WEB = new Name("web");

  private final ClusterBed bed = ClusterBed.ofThree();

  @Rule(value = "arch 4/6", says = "What is attached to the cluster is placed at once, and only so")
  void placed() {
    attach("web");
    assertThat(bed.reply).isEqualTo(Reply.OK);
    Hold.Granted hold = granted("web");
    assertThat(hold.node()).isEqualTo("a");
    assertThat(hold.grant()).isEqualTo(bed.state.last());
    assertThat(bed.told()).contains("a web placed");
    assertThat(bed.effects)
        .allMatch(e -> e instanceof Effect.Answer || e instanceof Effect.Announce);
  }

  @Rule(value = "arch 4/7", says = "Preferred first, then who has least, then by name")
  void preference() {
    attach("web", prefers("c"));
    attach("db");
    attach("mail");
    attach("news");
    assertThat(List.of(on("web"), on("db"), on("mail"), on("news")))
        .containsExactly("c", "a", "b", "a");
  }

  @Rule(value = "arch 4/8", says = "A lost node keeps its grant until it is fenced and ended")
  void lossIsNoEnd() {
    attach("web");
    bed.lose("a");
    assertThat(on("web")).isEqualTo("a");
    assertThat(bed.commit(ended("a", Proof.LEASE))).isFalse();
    assertThat(bed.commit(new ClusterEvent.Fenced("a", 1))).isTrue();
    assertThat(on("web")).isEqualTo("a");
    assertThat(bed.commit(ended("a", Proof.LEASE))).isTrue();
    assertThat(on("web")).isEqualTo("b");
    assertThat(bed.told()).contains("b web relocated from a");
    assertThat(bed.told()).contains("a  node-lost proof lease");
  }

  @Rule(value = "arch 4/9", says = "Only a lost node is fenced; who is heard again is not")
  void fencesOnlyTheLost() {
    attach("web");
    assertThat(bed.commit(new ClusterEvent.Fenced("a", 1))).isFalse();
    bed.lose("a");
    bed.commit(bed.heard("a"));
    assertThat(bed.commit(new ClusterEvent.Fenced("a", 1))).isFalse();
  }

  @Rule(value = "arch 4/10", says = "An obituary needs no fence and no loss before it")
  void obituary() {
    attach("web");
    assertThat(bed.commit(ended("a", Proof.OBITUARY))).isTrue();
    assertThat(on("web")).isEqualTo("b");
    assertThat(bed.node("a").isFenced()).isTrue();
    assertThat(bed.commit(ended("a", Proof.OBITUARY))).isFalse();
    bed.lose("a");
    assertThat(bed.node("a").loss().proof()).isEqualTo(Proof.OBITUARY);
  }

  @Rule(value = "arch 4/11", says = "Who keeps on without a quorum moves only with proof")
  void keep() {
    attach("web", new OwnerPolicy(List.of(), OwnerPolicy.QuorumLoss.KEEP, false));
    attach("db", prefers("a"));
    bed.lose("a");
    bed.commit(new ClusterEvent.Fenced("a", 1));
    bed.commit(ended("a", Proof.LEASE));
    assertThat(on("web")).isEqualTo("a");
    assertThat(on("db")).isNotEqualTo("a");
    bed.commit(ended("a", Proof.OBITUARY));
    assertThat(on("web")).isEqualTo("a");
    bed.commit(new ClusterEvent.Vouched("a"));
    assertThat(on("web")).isNotEqualTo("a");
  }

  @Rule(
      value = "arch 4/47",
      says = "Of a node that is up again a person can say that its earlier boots are over")
  void keptFromBeforeABoot() {
    attach("web", new OwnerPolicy(List.of(), OwnerPolicy.QuorumLoss.KEEP, false));
    bed.commit(new ClusterEvent.Vouched("a"));
    assertThat(bed.reply).isInstanceOf(Reply.No.class);
    bed.join("a");
    bed.commit(new ClusterEvent.Vouched("a"));
    assertThat(bed.reply).as("the same boot").isInstanceOf(Reply.No.class);
    long known = bed.node("a").incarnation();
    bed.commit(new ClusterEvent.Joined("a", "boot 2", "s", 99, "a:1", known, 9, ClusterBed.TERMS));
    bed.commit(new ClusterEvent.Moved(WEB, "b"));
    assertThat(hold("web")).isInstanceOf(Hold.Leaving.class);
    bed.commit(new ClusterEvent.Vouched("a"));
    assertThat(bed.reply).isEqualTo(Reply.OK);
    assertThat(on("web")).isEqualTo("b");
    assertThat(bed.node("a").standing()).isEqualTo(Node.Standing.UP);
    bed.commit(new ClusterEvent.Moved(WEB, "a"));
    release("web", Tenure.Release.MOVED);
    bed.commit(new ClusterEvent.Vouched("a"));
    assertThat(bed.reply)
        .as("what it was given since is no matter of a word")
        .isInstanceOf(Reply.No.class);
  }

  @Rule(value = "arch 4/12", says = "A rejoin is no proof: the older start is waited out")
  void rejoinIsNoProof() {
    attach("web");
    bed.join("a");
    assertThat(bed.node("a").incarnation()).isEqualTo(2);
    assertThat(granted("web").incarnation()).isEqualTo(1);
    assertThat(bed.node("a").fencedUpTo()).isEqualTo(1);
    bed.commit(ended("a", Proof.LEASE));
    assertThat(granted("web").incarnation()).isEqualTo(bed.state.incarnation(on("web")));
  }

  @Rule(
      value = "arch 4/13",
      says = "What a leader that was deposed says of an old start is no more")
  void endOfAnOlderStart() {
    attach("web");
    ClusterEvent late = ended("a", Proof.OBITUARY);
    bed.commit(late);
    bed.join("a");
    bed.commit(new ClusterEvent.Moved(WEB, "a"));
    release("web", Tenure.Release.MOVED);
    assertThat(on("web")).isEqualTo("a");
    assertThat(bed.commit(late)).isFalse();
    assertThat(on("web")).isEqualTo("a");
  }

  @Rule(value = "arch 4/14", says = "A release names its grant; one of an old grant does nothing")
  void releaseOfAnOldGrant() {
    attach("web");
    long old = granted("web").grant();
    release("web", Tenure.Release.BUDGET);
    assertThat(on("web")).isEqualTo("b");
    assertThat(bed.commit(new ClusterEvent.Released(WEB, old, Tenure.Release.BUDGET, "again")))
        .isFalse();
    assertThat(on("web")).isEqualTo("b");
  }

  @Rule(
      value = "arch 4/15",
      says = "Its budget spent it goes on to the next; when no node is left it waits for resume")
  void budget() {
    attach("web");
    release("web", Tenure.Release.BUDGET);
    release("web", Tenure.Release.BUDGET);
    release("web", Tenure.Release.BUDGET);
    assertThat(hold("web")).isInstanceOf(Hold.Nobody.class);
    assertThat(((Hold.Nobody) hold("web")).why()).contains("a is out of restarts");
    bed.must(new Command.Resume(Target.of("web")));
    assertThat(on("web")).isEqualTo("a");
  }

  @Rule(
      value = "arch 4/16",
      says = "A goodbye ends the grants of that start, but not what is stuck")
  void goodbye() {
    attach("web", prefers("a"));
    attach("db", prefers("a"));
    bed.commit(new ClusterEvent.GaveStuck(new Name("db"), granted("db").grant(), "state D"));
    bed.commit(new ClusterEvent.Left("a", 1));
    assertThat(on("web")).isEqualTo("b");
    assertThat(hold("db")).isInstanceOf(Hold.Stuck.class);
    bed.commit(new ClusterEvent.Forgotten("a"));
    assertThat(bed.reply).isInstanceOf(Reply.No.class);
    bed.commit(new ClusterEvent.Vouched("a"));
    assertThat(on("db")).isNotEqualTo("a");
  }

  @Rule(value = "arch 4/17", says = "Stuck blocks: no lease moves it, its own release does")
  void stuck() {
    attach("web");
    long grant = granted("web").grant();
    bed.commit(new ClusterEvent.GaveStuck(WEB, grant, "state D"));
    bed.commit(new ClusterEvent.Moved(WEB, "b"));
    assertThat(bed.reply).isInstanceOf(Reply.No.class);
    bed.lose("a");
    bed.commit(new ClusterEvent.Fenced("a", 1));
    bed.commit(ended("a", Proof.LEASE));
    assertThat(hold("web")).isInstanceOf(Hold.Stuck.class);
    bed.commit(new ClusterEvent.Released(WEB, grant, Tenure.Release.MOVED, ""));
    assertThat(on("web")).isEqualTo("b");
  }

  @Rule(value = "arch 4/31", says = "What gets stuck on its way goes where it was to go")
  void stuckOnItsWay() {
    attach("web", prefers("a"));
    long grant = granted("web").grant();
    bed.commit(new ClusterEvent.Moved(WEB, "c"));
    bed.commit(new ClusterEvent.GaveStuck(WEB, grant, "state D"));
    assertThat(hold("web")).isInstanceOf(Hold.Stuck.class);
    bed.commit(new ClusterEvent.Released(WEB, grant, Tenure.Release.MOVED, ""));
    assertThat(on("web")).isEqualTo("c");
  }

  @Rule(value = "arch 4/18", says = "A move is made when the tenant has given it back")
  void moved() {
    attach("web");
    assertThat(bed.commit(new ClusterEvent.Moved(WEB, "c"))).isTrue();
    assertThat(hold("web")).isInstanceOf(Hold.Leaving.class);
    assertThat(on("web")).isEqualTo("a");
    release("web", Tenure.Release.MOVED);
    assertThat(on("web")).isEqualTo("c");
    assertThat(bed.commit(new ClusterEvent.Moved(WEB, "c"))).isFalse();
    bed.commit(new ClusterEvent.Moved(WEB, "x"));
    assertThat(((Reply.No) bed.reply).rejection().reason()).isEqualTo(Rejection.Reason.NOT_FOUND);
  }

  @Rule(value = "arch 4/19", says = "Standby empties a node; drain does when another can take it")
  void standbyAndDrain() {
    attach("web");
    bed.commit(new ClusterEvent.Standby("b", true));
    bed.commit(new ClusterEvent.Standby("c", true));
    bed.commit(new ClusterEvent.Drained("a"));
    assertThat(hold("web")).isInstanceOf(Hold.Granted.class);
    bed.commit(new ClusterEvent.Standby("b", false));
    assertThat(hold("web")).isInstanceOf(Hold.Leaving.class);
    release("web", Tenure.Release.MOVED);
    assertThat(on("web")).isEqualTo("b");
    bed.commit(new ClusterEvent.Standby("b", true));
    release("web", Tenure.Release.MOVED);
    assertThat(hold("web")).isInstanceOf(Hold.Nobody.class);
    bed.commit(new ClusterEvent.Standby("a", false));
    assertThat(on("web")).isEqualTo("a");
  }

  @Rule(value = "arch 4/20", says = "Failback is a choice: none by default")
  void failback() {
    bed.commit(new ClusterEvent.Left("c", 1));
    attach("web", prefers("c"));
    attach("db", new OwnerPolicy(List.of("c"), OwnerPolicy.QuorumLoss.STOP, true));
    bed.join("c");
    assertThat(hold("web")).isInstanceOf(Hold.Granted.class);
    assertThat(hold("db")).isInstanceOf(Hold.Leaving.class);
    release("db", Tenure.Release.MOVED);
    assertThat(on("db")).isEqualTo("c");
  }

  @Rule(value = "arch 4/21", says = "In maintenance nothing moves; it is lifted by itself")
  void maintenance() {
    attach("web");
    Maintenance.Key mine = Maintenance.Key.parse("web", "me");
    long until = bed.state.now().bootNanos() + 1_000_000_000L;
    bed.commit(new ClusterEvent.MaintenanceSet(new Maintenance(mine, "disk", until)));
    bed.commit(
        new ClusterEvent.MaintenanceSet(
            new Maintenance(Maintenance.Key.parse("node:a", "you"), "fan", Long.MAX_VALUE)));
    assertThat(bed.state.nextDeadline()).isEqualTo(until);
    bed.commit(ended("a", Proof.OBITUARY));
    assertThat(((Hold.Nobody) hold("web")).why()).contains("maintenance");
    bed.passes(Duration.ofSeconds(2));
    assertThat(bed.state.maintenances()).hasSize(1);
    assertThat(hold("web")).isInstanceOf(Hold.Nobody.class);
    bed.commit(new ClusterEvent.MaintenanceCleared(Maintenance.Key.parse("node:a", "you")));
    assertThat(on("web")).isEqualTo("b");
  }

  @Rule(value = "arch 4/22", says = "A detached one is gone when its tenant has stopped it")
  void detached() {
    attach("web");
    bed.must(new Command.Detach(Target.of("web"), false));
    assertThat(hold("web")).isInstanceOf(Hold.Leaving.class);
    attach("web", prefers("b"));
    assertThat(hold("web")).isInstanceOf(Hold.Leaving.class);
    release("web", Tenure.Release.MOVED);
    assertThat(on("web")).isEqualTo("b");
    bed.must(new Command.Detach(Target.of("web"), false));
    release("web", Tenure.Release.MOVED);
    assertThat(bed.state.tenures()).isEmpty();
  }

  @Rule(value = "arch 4/23", says = "A change of the definition is a new version of it")
  void version() {
    attach("web");
    long before = bed.state.tenures().get(WEB).version();
    bed.must(condition("web/died", ConditionType.DEATH, Filter.NONE));
    long after = bed.state.tenures().get(WEB).version();
    assertThat(after).isEqualTo(bed.state.last()).isGreaterThan(before);
    attach("db");
    assertThat(bed.state.tenures().get(WEB).version()).isEqualTo(after);
  }

  @Rule(value = "arch 4/24", says = "In the cluster tree only nodes come and go, never processes")
  void onlyAbsencesHappenThere() {
    attach("web");
    bed.must(condition("web/any", ConditionType.ANY, Filter.NONE));
    bed.must(action("web/any/say", log("any")));
    bed.when("web/lost", Proof.NONE);
    bed.then("web/lost/say", log("lost"));
    bed.lose("b");
    assertThat(bed.lines()).containsExactly("lost");
    assertThat(bed.ask(new Command.PublishState(Target.of("web"), 3))).isInstanceOf(Reply.No.class);
  }

  @Rule(value = "arch 4/25", says = "Pids, self-attached ones and reserved names are refused")
  void refused() {
    ProcessId pid = new ProcessId(7, 1);
    refuses(new Command.Attach(WEB, pid, spec(), Flags.OfEntity.NONE));
    refuses(new Command.Attach(WEB, null, null, Flags.OfEntity.NONE));
    refuses(new Command.Attach(new Name("*web"), null, spec(), Flags.OfEntity.NONE));
    refuses(new Command.AttachSelf(WEB, pid, null, Flags.OfEntity.NONE));
    refuses(new Command.CreateEntity(WEB, Flags.OfEntity.NONE));
    attach("web");
    refuses(new Command.Attach(WEB, null, spec(), Flags.OfEntity.NONE));
  }

  @Rule(value = "arch 4/26", says = "A new leash has a higher generation of the present start")
  void leash() {
    assertThat(bed.commit(new ClusterEvent.Leashed("a", leash(1, 1)))).isTrue();
    assertThat(bed.commit(new ClusterEvent.Leashed("a", leash(1, 1)))).isFalse();
    assertThat(bed.commit(new ClusterEvent.Leashed("a", leash(1, 2)))).isTrue();
    assertThat(bed.commit(new ClusterEvent.Leashed("a", leash(2, 1)))).isFalse();
    bed.join("a");
    assertThat(bed.node("a").leash()).isEqualTo(leash(1, 2));
    assertThat(bed.commit(new ClusterEvent.Leashed("a", leash(1, 3)))).isFalse();
    assertThat(bed.commit(new ClusterEvent.Leashed("a", leash(2, 1)))).isTrue();
  }

  @Rule(value = "arch 4/27", says = "A witness gets nothing, and nobody more than its capacity")
  void capacity() {
    attach("web");
    join("b", 0);
    join("c", 1);
    bed.commit(new ClusterEvent.Standby("a", true));
    release("web", Tenure.Release.MOVED);
    assertThat(on("web")).isEqualTo("c");
    attach("db");
    assertThat(hold("db")).isInstanceOf(Hold.Nobody.class);
    assertThat(((Hold.Nobody) hold("db")).why())
        .contains("a is on standby", "b is taking none", "c is full");
  }

  @Rule(
      value = "arch 4/28",
      says = "What is ended is not placed on nodes that are not heard either")
  void avoidsSuspects() {
    attach("web");
    bed.commit(new ClusterEvent.Ended("a", 1, Proof.OBITUARY, false, List.of("b")));
    assertThat(on("web")).isEqualTo("c");
  }

  @Rule(
      value = "arch 4/29",
      says = "A report of the present grant is kept and told, of another one not")
  void reported() {
    attach("web");
    long grant = granted("web").grant();
    Tenure.Report report = new Tenure.Report(grant, "up", 42, grant << 20);
    assertThat(bed.commit(new ClusterEvent.Reported(WEB, report))).isTrue();
    assertThat(bed.told()).contains("a web reported up");
    assertThat(bed.commit(new ClusterEvent.Reported(WEB, report))).isFalse();
    release("web", Tenure.Release.BUDGET);
    assertThat(bed.commit(new ClusterEvent.Reported(WEB, report))).isFalse();
  }

  @Rule(
      value = "arch 4/30",
      says = "A forecast says what a loss would lead to, and changes nothing")
  void forecast() {
    attach("web", prefers("a"));
    attach("db", new OwnerPolicy(List.of("a"), OwnerPolicy.QuorumLoss.KEEP, false));
    attach("mail", prefers("b"));
    ClusterState before = bed.state;
    Forecast one = Forecast.ofLoss(before, List.of("a"), FenceRule.NONE, false);
    assertThat(one.quorate()).isTrue();
    assertThat(one.fates())
        .extracting(f -> f.entity() + " " + f.from() + ">" + f.to())
        .containsExactly("db a>", "mail b>b", "web a>c");
    assertThat(one.fates().getFirst().why()).contains("confirmed that a is down");
    Forecast two = Forecast.ofLoss(before, List.of("a", "c"), FenceRule.NONE, false);
    assertThat(two.quorate()).isFalse();
    assertThat(two.fates()).extracting(Forecast.Fate::to).containsOnly("");
    assertThatThrownBy(() -> Forecast.ofLoss(before, List.of("x"), FenceRule.NONE, false))
        .hasMessageContaining("no node");
    assertThat(bed.state).isSameAs(before);
  }

  // --- words ----------------------------------------------------------------------------------

  private static ProcessSpec spec() {
    return ProcessSpec.of(List.of("/bin/web"));
  }

  private static OwnerPolicy prefers(String... nodes) {
    return new OwnerPolicy(List.of(nodes), OwnerPolicy.QuorumLoss.STOP, false);
  }

  private static Leash leash(long incarnation, long generation) {
    return new Leash(incarnation, generation, "0a".repeat(32));
  }

  private void attach(String name) {
    attach(name, null);
  }

  private void attach(String name, OwnerPolicy policy) {
    bed.must(new Command.Attach(new Name(name), null, spec(), Flags.OfEntity.NONE, policy));
  }

  private void join(String node, int capacity) {
    bed.commit(bed.start(node, capacity, ClusterBed.TERMS));
  }

  private void refuses(Command command) {
    assertThat(bed.ask(command)).isInstanceOf(Reply.No.class);
  }

  private void release(String name, Tenure.Release why) {
    long grant = hold(name).grant();
    assertThat(bed.commit(new ClusterEvent.Released(new Name(name), grant, why, ""))).isTrue();
  }

  private ClusterEvent ended(String node, Proof proof) {
    return new ClusterEvent.Ended(node, 1, proof, proof == Proof.FENCED, List.of());
  }

  private Hold hold(String name) {
    return bed.state.tenures().get(new Name(name)).hold();
  }

  private Hold.Granted granted(String name) {
    return (Hold.Granted) hold(name);
  }

  private String on(String name) {
    return hold(name).isOut() ? hold(name).node() : "";
  }
}
