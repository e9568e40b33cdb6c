package io.hamlet.manager.member;

import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.core.cluster.ClusterState;
import io.hamlet.core.cluster.Node;
import io.hamlet.core.model.ConditionType;
import io.hamlet.core.model.Deed;
import io.hamlet.core.model.EntryId;
import io.hamlet.core.model.Filter;
import io.hamlet.core.model.Flags;
import io.hamlet.core.model.Moment;
import io.hamlet.core.model.Name;
import io.hamlet.core.model.ObjectPath;
import io.hamlet.core.model.Proof;
import io.hamlet.core.model.RequestId;
import io.hamlet.core.model.Target;
import io.hamlet.core.recovery.Command;
import io.hamlet.core.recovery.Entry;
import io.hamlet.core.recovery.HamEvent;
import io.hamlet.core.recovery.HamMachine;
import io.hamlet.core.recovery.HamState;
import io.hamlet.core.recovery.Step;
import io.hamlet.manager.wire.Digest;
import java.time.Duration;
import java.util.Random;
import java.util.TreeSet;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

/** A lost node has more entities that care than a message, or a command, holds as they are. */
class LongGraftTest {
  private static final int MANY = 10_000;

  @Test
  void tenThousandEntitiesThatCareAllFire() {
    Voting cluster = lost("b/c", tree(MANY, i -> "entity " + i + " was on the node that is lost"));
    assertThat(cluster.voter("a").lines).hasSize(MANY);
    assertThat(new TreeSet<>(cluster.voter("a").lines)).hasSize(MANY);
    assertThat(cluster.voter("a").judge.notices()).isEmpty();
  }

  /** The leader has it itself, and it goes over no bus. */
  @Test
  void soTheyDoWhenTheLeaderHasTheReplica() {
    Voting cluster = lost("a/c", tree(MANY, i -> "entity " + i + " was on the node that is lost"));
    assertThat(cluster.voter("a").lines).hasSize(MANY);
  }

  @Test
  void whatIsTooMuchIsLeftOutAndSaid() {
    Random random = new Random(1);
    HamState noise = tree(600, i -> noise(random));
    Voting cluster = lost("b/c", noise);
    int fired = cluster.voter("a").lines.size();
    assertThat(fired).isBetween(100, 599);
    assertThat(cluster.voter("a").judge.notices())
        .singleElement()
        .asString()
        .contains("node 'c'", fired + " go on", 600 - fired + " are left out");
    cluster.heal();
    cluster.run(Duration.ofSeconds(1));
    assertThat(cluster.voter("a").judge.notices()).isEmpty();
  }

  /** What nothing makes shorter. */
  private static String noise(Random random) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 4_000; i++) {
      text.append((char) ('!' + random.nextInt(90)));
    }
    return text.toString();
  }

  private static Voting lost(String replica, HamState tree) {
    Voting cluster = new Voting("a", "b", "c");
    cluster.kept.put(replica, tree);
    cluster.cutOff("c");
    cluster.run(Duration.ofSeconds(1));
    for (String voter : new String[] {"a", "b"}) {
      ClusterState state = cluster.voter(voter).ledger.state();
      assertThat(state.nodes().get("c").standing()).isEqualTo(Node.Standing.LOST);
    }
    assertThat(Digest.of(cluster.voter("b").ledger.state()))
        .isEqualTo(Digest.of(cluster.voter("a").ledger.state()));
    return cluster;
  }

  /** The tree of c; each entity says something when its node is lost. */
  private static HamState tree(int entities, IntFunction<String> words) {
    HamState tree = Voting.empty("c");
    for (int i = 0; i < entities; i++) {
      Name name = new Name("entity-" + i);
      tree = after(tree, new Command.CreateEntity(name, Flags.OfEntity.NONE));
      tree =
          after(
              tree,
              new Command.AddCondition(
                  new Target(ObjectPath.of(name), 0),
                  new Name("gone"),
                  ConditionType.NODE_LOST,
                  new Filter.Proven(Proof.NONE),
                  new Flags.OfCondition(0),
                  Flags.Rearm.DEFAULT));
      tree =
          after(
              tree,
              new Command.AddAction(
                  new Target(ObjectPath.of(name, new Name("gone")), 0),
                  new Name("say"),
                  new Deed.Log(words.apply(i), false, 0),
                  new Flags.OfAction(0),
                  Flags.Rearm.DEFAULT));
    }
    return tree;
  }

  private static HamState after(HamState tree, Command command) {
    EntryId id = new EntryId(1, 1, tree.last().index() + 1);
    HamEvent event = new HamEvent.Requested(new RequestId(0, id.index(), 0), command);
    Step step = HamMachine.apply(tree, new Entry(id, Moment.ZERO, event));
    assertThat(step.changed()).isTrue();
    return step.state();
  }
}
