package io.hamlet.core.cluster;

import static io.hamlet.core.cluster.ClusterBed.action;
import static io.hamlet.core.cluster.ClusterBed.alternate;
import static io.hamlet.core.cluster.ClusterBed.condition;
import static io.hamlet.core.cluster.ClusterBed.log;
import static io.hamlet.core.cluster.ClusterBed.lost;
import static io.hamlet.core.cluster.ClusterBed.tree;
import static io.hamlet.core.cluster.ClusterBed.voters;
import static io.hamlet.core.cluster.ClusterBed.waitFor;
import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.core.model.ConditionType;
import io.hamlet.core.model.Deed;
import io.hamlet.core.model.Filter;
import io.hamlet.core.model.Flags;
import io.hamlet.core.model.Name;
import io.hamlet.core.model.ProcessId;
import io.hamlet.core.model.ProcessSpec;
import io.hamlet.core.model.Proof;
import io.hamlet.core.model.Rejection;
import io.hamlet.core.recovery.Command;
import io.hamlet.core.recovery.Effect;
import io.hamlet.core.recovery.HamEvent;
import io.hamlet.core.recovery.HamState;
import io.hamlet.core.recovery.Reply;
import io.hamlet.core.recovery.Rule;
import java.time.Duration;
import java.util.List;

/** Nodes that come, are lost and come back (architecture.md 3, 4). */
class SpecClusterTest {
  private final ClusterBed bed = ClusterBed.ofThree();

  @Rule(value = "arch 4/1", says = "A cluster is founded once; another id is refused")
  void foundedOnce() {
    assertThat(bed.commit(new ClusterEvent.Founded("id", voters("x")))).isFalse();
    assertThat(bed.reply).isEqualTo(Reply.OK);
    bed.commit(new ClusterEvent.Founded("other", voters("x")));
    assertThat(bed.reply).isInstanceOf(Reply.No.class);
    assertThat(bed.state.id()).isEqualTo("id");
    assertThat(bed.state.voters().keySet()).containsExactly("a", "b", "c");
  }

  @Rule(value = "arch 4/2", says = "A start raises the incarnation of its node by one")
  void incarnationRises() {
    assertThat(bed.node("b").incarnation()).isEqualTo(1);
    bed.join("b");
    assertThat(bed.reply).isEqualTo(new Reply.Number(2));
    assertThat(bed.node("b").incarnation()).isEqualTo(2);
  }

  @Rule(value = "arch 4/3", says = "A join that expects an older incarnation is refused")
  void olderIncarnationIsRefused() {
    ClusterEvent.Joined stale = bed.start("b");
    bed.join("b");
    assertThat(bed.commit(stale)).isFalse();
    assertThat(bed.reply).isInstanceOf(Reply.No.class);
  }

  @Rule(value = "arch 4/4", says = "A join committed twice is one start")
  void joinTwice() {
    ClusterEvent.Joined start = bed.start("b");
    bed.commit(start);
    assertThat(bed.commit(start)).isFalse();
    assertThat(bed.reply).isEqualTo(new Reply.Number(2));
  }

  @Rule(value = "arch 4/5", says = "A node that knows a higher incarnation goes on from that")
  void incarnationsNeverGoBack() {
    bed.commit(
        new ClusterEvent.Joined("d", "boot", "s", 5, "d:1", 41, Node.Duty.NO_LIMIT, Terms.UNTOLD));
    assertThat(bed.node("d").incarnation()).isEqualTo(42);
  }

  @Rule(value = "arch 3/1", says = "A node is lost once in an absence, however often it is said")
  void lostOnce() {
    bed.when(".global/lost", Proof.NONE);
    bed.then(".global/lost/say", log("lost"));
    ClusterEvent.Lost loss = bed.loss("b", Proof.NONE, List.of());
    assertThat(bed.commit(loss)).isTrue();
    assertThat(bed.commit(loss)).isFalse();
    assertThat(bed.lines()).containsExactly("lost");
    assertThat(bed.told()).filteredOn(t -> t.equals("b  node-lost proof none")).hasSize(1);
    assertThat(bed.node("b").loss().place()).isEqualTo(7);
  }

  @Rule(value = "arch 3/2", says = "A loss judged before the node came back counts no more")
  void staleLoss() {
    ClusterEvent.Lost loss = bed.loss("b", Proof.NONE, List.of());
    bed.commit(loss);
    bed.commit(bed.heard("b"));
    assertThat(bed.commit(loss)).isFalse();
    assertThat(bed.node("b").standing()).isEqualTo(Node.Standing.UP);
    bed.lose("b");
    assertThat(bed.node("b").standing()).isEqualTo(Node.Standing.LOST);
  }

  @Rule(value = "arch 3/3", says = "A loss of an older incarnation counts not")
  void lossOfOlderIncarnation() {
    ClusterEvent.Lost loss = bed.loss("b", Proof.NONE, List.of());
    bed.join("b");
    assertThat(bed.commit(loss)).isFalse();
  }

  @Rule(
      value = "arch 3/4",
      says = "Only a lost node is heard again, once, and under its incarnation")
  void heardOnce() {
    bed.when(".global/joined", ConditionType.NODE_JOINED, Filter.NONE);
    bed.then(".global/joined/say", log("joined"));
    bed.lose("b");
    ClusterEvent.Heard heard = bed.heard("b");
    assertThat(bed.commit(new ClusterEvent.Heard("b", heard.incarnation() + 1, heard.loss())))
        .isFalse();
    assertThat(bed.commit(heard)).isTrue();
    assertThat(bed.commit(heard)).isFalse();
    assertThat(bed.lines()).containsExactly("joined");
  }

  @Rule(value = "arch 3/5", says = "A lost node that starts anew has joined")
  void newStartOfALostNodeJoins() {
    bed.when(".global/joined", ConditionType.NODE_JOINED, Filter.NONE);
    bed.then(".global/joined/say", log("joined"));
    bed.lose("b");
    bed.join("b");
    assertThat(bed.node("b").loss()).isNull();
    assertThat(bed.lines()).containsExactly("joined");
    bed.join("b");
    assertThat(bed.lines()).as("a restart that nobody missed").containsExactly("joined");
  }

  @Rule(value = "arch 3/6", says = "A node that left in good order is not lost, and joins again")
  void leftIsNotLost() {
    bed.when(".global/joined", ConditionType.NODE_JOINED, Filter.NONE);
    bed.then(".global/joined/say", log("joined"));
    bed.commit(new ClusterEvent.Left("b", 1));
    assertThat(bed.node("b").standing()).isEqualTo(Node.Standing.LEFT);
    assertThat(bed.commit(bed.loss("b", Proof.NONE, List.of()))).isFalse();
    bed.join("b");
    assertThat(bed.lines()).containsExactly("joined");
    assertThat(bed.commit(new ClusterEvent.Left("b", 1))).as("of an older start").isFalse();
  }

  @Rule(
      value = "arch 3/7",
      says = "A condition fires as soon as the proof it asks for is known, once")
  void proofs() {
    for (Proof proof : Proof.values()) {
      bed.when(".global/" + proof.word(), proof);
      bed.then(".global/" + proof.word() + "/say", log(proof.word()));
    }
    bed.lose("b");
    assertThat(bed.lines()).containsExactly("none");
    bed.prove("b", Proof.OBITUARY);
    assertThat(bed.lines()).containsExactly("none", "lease", "obituary");
    bed.prove("b", Proof.LEASE);
    bed.prove("b", Proof.OBITUARY);
    assertThat(bed.lines()).containsExactly("none", "lease", "obituary");
    bed.prove("b", Proof.FENCED);
    assertThat(bed.lines()).containsExactly("none", "lease", "obituary", "fenced");
  }

  @Rule(value = "arch 3/8", says = "An any condition of the cluster is true once in a loss")
  void anyOnce() {
    bed.when(".global/any", ConditionType.ANY, Filter.NONE);
    bed.then(".global/any/say", log("any"));
    bed.lose("b");
    bed.prove("b", Proof.LEASE);
    assertThat(bed.lines()).containsExactly("any");
  }

  @Rule(
      value = "arch 3/9",
      says = "Conditions of a lost node's entities fire, those about losses only")
  void graftFires() {
    HamState b =
        tree(
            "b",
            lost("web/gone", Proof.NONE),
            action("web/gone/say", log("web is lost")),
            condition("web/death", ConditionType.DEATH, Filter.NONE),
            action("web/death/say", log("dead")),
            condition("web/any", ConditionType.ANY, Filter.NONE),
            action("web/any/say", log("any")),
            lost(".global/gone", Proof.NONE),
            action(".global/gone/say", log("b is lost")));
    bed.lose("b", b);
    assertThat(bed.lines()).containsExactly("web is lost", "b is lost");
    assertThat(bed.told())
        .contains(
            "b web node-lost proof none",
            "b web/gone/say action-started node-lost",
            "b web/gone/say action-done",
            "b .global/gone/say action-done");
    assertThat(bed.conditions(bed.node("b").loss().number())).containsExactly("gone");
  }

  @Rule(
      value = "arch 3/10",
      says = "What the loss caused goes on after the return, then the graft goes")
  void graftGoes() {
    HamState b =
        tree(
            "b",
            lost("web/gone", Proof.NONE),
            action("web/gone/wait", waitFor(500)),
            action("web/gone/say", log("waited")),
            condition("web/back", ConditionType.NODE_JOINED, Filter.NONE),
            action("web/back/say", log("back")));
    bed.lose("b", b);
    long number = bed.node("b").loss().number();
    bed.commit(bed.heard("b"));
    assertThat(bed.state.grafts()).containsKey(number);
    bed.passes(Duration.ofMillis(499));
    assertThat(bed.lines()).isEmpty();
    bed.passes(Duration.ofMillis(1));
    assertThat(bed.lines()).containsExactly("waited", "back");
    assertThat(bed.state.grafts()).isEmpty();
  }

  @Rule(value = "arch 3/11", says = "Who had a process on the lost node as receiver is not reached")
  void receiversOnTheLostNode() {
    HamState b =
        tree(
            "b",
            lost("web/gone", Proof.NONE),
            action("web/gone/signal", new Deed.Signal("", new ProcessId(77, 1), 15, 0, 0)),
            alternate("web/gone/signal", "other", log("no signal")),
            action("web/gone/pulse", new Deed.Pulse("", 77, 1, 1, 1)),
            alternate("web/gone/pulse", "other", log("no pulse")),
            action("web/gone/self", new Deed.Signal("", null, 15, 0, 0)),
            alternate("web/gone/self", "other", log("no self")));
    bed.lose("b", b);
    for (int i = 0; i < 2; i++) {
      Effect.Ask ask = bed.of(Effect.Ask.class).get(i);
      assertThat(ask.errand().node()).isEqualTo("b");
      bed.answer(new HamEvent.Failed(ask.id(), "lost"));
    }
    assertThat(bed.of(Effect.Signal.class)).isEmpty();
    assertThat(bed.of(Effect.Ask.class)).hasSize(2);
    assertThat(bed.lines()).containsExactly("no signal", "no pulse", "no self");
  }

  @Rule(
      value = "arch 3/19",
      says = "A command without a node runs where the leader is, told of the loss")
  void commandsRunAtTheLeader() {
    bed.when(".global/lost", Proof.NONE);
    bed.then(".global/lost/run", new Deed.Execute(List.of("/bin/failover"), ""));
    bed.then(".global/lost/there", new Deed.Execute(List.of("/bin/there"), "c"));
    bed.lose("b");
    Effect.Ask ask = bed.of(Effect.Ask.class).getFirst();
    assertThat(ask.errand().node()).isEqualTo("a");
    assertThat(ask.errand().environment())
        .contains(
            new ProcessSpec.Variable("HAM_NODE", "b"),
            new ProcessSpec.Variable("HAM_EVENT", "node-lost"),
            new ProcessSpec.Variable("HAM_REASON", "proof none"));
    bed.commit(new ClusterEvent.Led("c", 2, 30));
    assertThat(ClusterMachine.resume(bed.state))
        .as("asked again, of the same node")
        .containsExactly(new Effect.Ask(ask.id(), ask.errand(), ask.expires(), true));
    bed.answer(new HamEvent.Done(ask.id()));
    assertThat(bed.of(Effect.Ask.class).getLast().errand().node()).isEqualTo("c");
  }

  @Rule(
      value = "arch 3/20",
      says =
          "What the leader's own end interrupts has failed; its alternate is for the next leader")
  void aFailedActionStaysWhereItWas() {
    bed.when(".global/lost", Proof.NONE);
    bed.then(".global/lost/run", new Deed.Execute(List.of("/bin/failover"), ""));
    bed.orElse(".global/lost/run", "again", new Deed.Execute(List.of("/bin/failover"), ""));
    bed.then(".global/lost/more", new Deed.Execute(List.of("/bin/more"), ""));
    bed.lose("b");
    Effect.Ask first = bed.of(Effect.Ask.class).getFirst();
    assertThat(first.errand().node()).isEqualTo("a");
    bed.commit(new ClusterEvent.Led("c", 2, 30));
    bed.answer(new HamEvent.Failed(first.id(), "node 'a' is not reachable"));
    Effect.Ask alternate = bed.of(Effect.Ask.class).getLast();
    assertThat(alternate.errand().node()).isEqualTo("c");
    assertThat(alternate.id()).as("a command of its own").isNotEqualTo(first.id());
    bed.answer(new HamEvent.Done(alternate.id()));
    assertThat(bed.of(Effect.Ask.class).getLast().errand().node()).isEqualTo("c");
    bed.answer(new HamEvent.Done(first.id()));
    assertThat(bed.of(Effect.Ask.class)).as("too late").hasSize(3);
    assertThat(bed.told())
        .containsSubsequence(
            ".global/lost/run action-failed",
            ".global/lost/run action-done alternate again",
            ".global/lost/more action-started node-lost");
  }

  @Rule(value = "arch 3/12", says = "Entities of two nodes, and of two losses, are told apart")
  void graftsApart() {
    Command[] care = {
      lost("web/gone", Proof.NONE),
      action("web/gone/wait", waitFor(100)),
      action("web/gone/say", log("gone"))
    };
    bed.lose("b", tree("b", care));
    bed.lose("c", tree("c", care));
    bed.commit(bed.heard("b"));
    bed.lose("b", tree("b", care));
    assertThat(bed.state.grafts()).hasSize(3);
    bed.passes(Duration.ofMillis(100));
    assertThat(bed.lines()).containsExactly("gone", "gone", "gone");
    assertThat(bed.state.grafts().values().stream().map(Graft::node)).containsExactly("c", "b");
    assertThat(bed.of(Effect.Announce.class).stream().map(a -> a.happening().id()))
        .doesNotHaveDuplicates()
        .isSorted();
  }

  @Rule(value = "arch 3/13", says = "Time of the cluster never goes back, whoever leads")
  void timeNeverGoesBack() {
    bed.passes(Duration.ofSeconds(5));
    long now = bed.state.now().bootNanos();
    bed.passes(Duration.ofSeconds(-3));
    assertThat(bed.state.now().bootNanos()).isEqualTo(now);
  }

  @Rule(value = "arch 3/14", says = "A new leader goes on with what is under way")
  void leaderChange() {
    bed.when(".global/lost", Proof.NONE);
    bed.then(".global/lost/wait", new Deed.WaitFor("/run/there", Duration.ofSeconds(1)));
    bed.lose("b");
    Effect.AwaitPath await = bed.of(Effect.AwaitPath.class).getFirst();
    assertThat(bed.commit(new ClusterEvent.Led("c", 2, 30))).isTrue();
    assertThat(bed.commit(new ClusterEvent.Led("a", 1, 10))).as("an earlier term").isFalse();
    assertThat(bed.state.reign()).isEqualTo(new ClusterState.Reign("c", 2));
    assertThat(ClusterMachine.resume(bed.state)).containsExactly(await);
    bed.answer(new HamEvent.Done(await.id()));
    assertThat(bed.told()).contains(".global/lost/wait action-done");
  }

  @Rule(value = "arch 3/15", says = "Placeholders and channels are refused in the cluster, plainly")
  void ofNodes() {
    Reply no = bed.ask(new Command.CreateEntity(new Name("db"), Flags.OfEntity.NONE));
    assertThat(((Reply.No) no).rejection().reason()).isEqualTo(Rejection.Reason.INVALID);
    assertThat(((Reply.No) no).rejection().message()).contains("--node NODE");
    no = bed.ask(new Command.OpenChannel(new ProcessId(1, 1)));
    assertThat(((Reply.No) no).rejection().reason()).isEqualTo(Rejection.Reason.INVALID);
    bed.when(".global/lost", Proof.NONE);
    no = bed.ask(action(".global/lost/pulse", new Deed.Pulse("", 1, 1, 1, 1)));
    assertThat(((Reply.No) no).rejection().message()).contains("--to-node");
  }

  @Rule(value = "arch 3/16", says = "A lost node is forgotten; one that is up, or a voter, is not")
  void forgotten() {
    bed.join("d");
    bed.commit(new ClusterEvent.Forgotten("d"));
    assertThat(bed.reply).isInstanceOf(Reply.No.class);
    bed.lose("d");
    bed.commit(new ClusterEvent.Forgotten("d"));
    assertThat(bed.state.nodes()).doesNotContainKey("d");
    bed.lose("b");
    bed.commit(new ClusterEvent.Forgotten("b"));
    assertThat(bed.reply).isInstanceOf(Reply.No.class);
    bed.commit(new ClusterEvent.VotersChanged(voters("a", "c")));
    bed.commit(new ClusterEvent.Forgotten("b"));
    assertThat(bed.state.nodes().keySet()).containsExactly("a", "c");
  }

  @Rule(
      value = "arch 3/17",
      says = "In a node's own tree a loss condition can stand and is never true")
  void inertInOwnTree() {
    HamState b = tree("b", lost("web/gone", Proof.NONE), action("web/gone/say", log("gone")));
    var step =
        io.hamlet.core.recovery.HamMachine.apply(
            b,
            new io.hamlet.core.recovery.Entry(
                b.last().next(),
                io.hamlet.core.model.Moment.ZERO,
                new HamEvent.NodeLost("c", Proof.NONE, null)));
    assertThat(step.changed()).isFalse();
    assertThat(step.effects()).isEmpty();
  }

  @Rule(value = "arch 3/18", says = "Before it is founded nothing happens to a cluster")
  void beforeFounding() {
    ClusterBed fresh = new ClusterBed();
    assertThat(fresh.commit(fresh.start("a"))).isFalse();
    assertThat(fresh.reply).isInstanceOf(Reply.No.class);
  }
}
