package io.hamlet.core.cluster;

import static io.hamlet.core.cluster.ClusterBed.action;
import static io.hamlet.core.cluster.ClusterBed.condition;
import static io.hamlet.core.cluster.ClusterBed.log;
import static io.hamlet.core.cluster.ClusterBed.lost;
import static io.hamlet.core.cluster.ClusterBed.tree;
import static io.hamlet.core.cluster.ClusterBed.voters;
import static io.hamlet.core.cluster.ClusterBed.waitFor;
import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.core.model.ConditionType;
import io.hamlet.core.model.EffectId;
import io.hamlet.core.model.Entity;
import io.hamlet.core.model.Filter;
import io.hamlet.core.model.Limits;
import io.hamlet.core.model.Proof;
import io.hamlet.core.model.RequestId;
import io.hamlet.core.recovery.Effect;
import io.hamlet.core.recovery.HamEvent;
import io.hamlet.core.recovery.HamState;
import io.hamlet.manager.wire.ClusterCodec;
import io.hamlet.manager.wire.ClusterStateCodec;
import io.hamlet.manager.wire.Digest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** What holds after any events in any order, sensible or not. */
class ClusterMachinePropertyTest {
  private static final String[] NODES = {"a", "b", "c", "d"};

  private final List<ClusterEvent> past = new ArrayList<>();
  private Random random;

  @Property(tries = 300)
  void anyOrderKeepsTheInvariants(@ForAll long seed) {
    ClusterBed bed = run(seed);
    assertThat(bed.state.last()).isEqualTo(bed.log.size());
  }

  @Property(tries = 100)
  void aReplayFromAnySnapshotGivesTheSameState(@ForAll long seed) {
    ClusterBed bed = run(seed);
    byte[] end = Digest.of(bed.state);
    int cut = random.nextInt(bed.log.size() + 1);
    ClusterState state = ClusterState.empty(Limits.DEFAULT);
    for (ClusterEntry entry : bed.log.subList(0, cut)) {
      state = ClusterMachine.apply(state, entry).state();
    }
    ClusterState restored = ClusterStateCodec.decode(ClusterStateCodec.encode(state));
    assertThat(restored).isEqualTo(state);
    for (ClusterEntry entry : bed.log.subList(cut, bed.log.size())) {
      byte[] bytes = ClusterCodec.encode(new ClusterCodec.Command(entry.at(), entry.event()));
      ClusterCodec.Command read = ClusterCodec.decode(bytes);
      restored =
          ClusterMachine.apply(restored, new ClusterEntry(entry.index(), read.at(), read.event()))
              .state();
    }
    assertThat(Digest.of(restored)).isEqualTo(end);
  }

  @Property(tries = 200)
  void lossesAndReturnsAlternate(@ForAll long seed) {
    ClusterBed bed = run(seed);
    for (String node : NODES) {
      List<String> told =
          bed.told().stream()
              .filter(t -> t.startsWith(node + "  node-"))
              .map(t -> t.contains("node-joined") ? "joined" : t.replaceFirst(".* proof ", ""))
              .toList();
      Proof known = null;
      for (String event : told) {
        if (event.equals("joined")) {
          known = null;
        } else {
          Proof proof = Proof.valueOf(event.toUpperCase(java.util.Locale.ROOT));
          assertThat(known == null || known.compareTo(proof) < 0).as("%s", told).isTrue();
          known = proof;
        }
      }
    }
  }

  @Property(tries = 100)
  void noTwoEffectsHaveOneIdAndHappeningsAreInOrder(@ForAll long seed) {
    ClusterBed bed = run(seed);
    List<EffectId> ids =
        bed.of(Effect.Announce.class).stream().map(a -> a.happening().id()).toList();
    assertThat(ids).doesNotHaveDuplicates().isSorted();
  }

  private ClusterBed run(long seed) {
    random = new Random(seed);
    past.clear();
    ClusterBed bed = new ClusterBed();
    int length = 1 + random.nextInt(80);
    for (int i = 0; i < length; i++) {
      boolean again = !past.isEmpty() && random.nextInt(4) == 0;
      ClusterEvent event = again ? past.get(random.nextInt(past.size())) : event(bed);
      past.add(event);
      bed.passes(event, Duration.ofMillis(random.nextInt(200) - 50));
    }
    return bed;
  }

  private ClusterEvent event(ClusterBed bed) {
    String name = NODES[random.nextInt(NODES.length)];
    Node node = bed.node(name);
    long incarnation = node == null ? 0 : node.incarnation() - random.nextInt(10) / 9;
    long loss = node == null || node.loss() == null ? 3 : node.loss().number();
    Proof proof = Proof.values()[random.nextInt(4)];
    return switch (random.nextInt(14)) {
      case 0 -> new ClusterEvent.Founded("id", voters("a", "b", "c"));
      case 1, 2 -> bed.start(name);
      case 3 -> new ClusterEvent.Left(name, incarnation);
      case 4, 5 ->
          new ClusterEvent.Lost(
              name, incarnation, node == null ? 0 : node.since(), 1, 9, proof, graft(name));
      case 6 -> new ClusterEvent.Proved(name, loss, proof);
      case 7 -> new ClusterEvent.Heard(name, incarnation, loss);
      case 8 -> new ClusterEvent.Forgotten(name);
      case 9 -> new ClusterEvent.VotersChanged(voters("a", "b", "c", name.equals("d") ? "d" : "e"));
      case 10 -> new ClusterEvent.Led(name, bed.state.reign().term() + random.nextInt(2), 9);
      case 11 -> new ClusterEvent.Tree(new HamEvent.TimePassed());
      case 12 -> answer(bed);
      default -> new ClusterEvent.Tree(request());
    };
  }

  private List<Entity> graft(String node) {
    HamState tree =
        tree(
            node,
            lost("web/l", Proof.values()[random.nextInt(4)]),
            action("web/l/wait", waitFor(1 + random.nextInt(300))),
            action("web/l/say", log("lost")),
            condition("web/j", ConditionType.NODE_JOINED, Filter.NONE),
            action("web/j/say", log("joined")));
    return random.nextInt(3) == 0 ? List.of() : Grafts.of(tree);
  }

  private HamEvent request() {
    RequestId id = new RequestId(random.nextInt(3), random.nextInt(20), 0);
    String path = ".global/c" + random.nextInt(3);
    return switch (random.nextInt(4)) {
      case 0 -> new HamEvent.Requested(id, lost(path, Proof.values()[random.nextInt(4)]));
      case 1 -> new HamEvent.Requested(id, condition(path, ConditionType.ANY, Filter.NONE));
      case 2 -> new HamEvent.Requested(id, action(path + "/w", waitFor(1 + random.nextInt(90))));
      default -> new HamEvent.Requested(id, action(path + "/l", log("x")));
    };
  }

  private ClusterEvent answer(ClusterBed bed) {
    List<EffectId> open = new ArrayList<>(bed.state.tree().open().keySet());
    bed.state.grafts().values().forEach(g -> open.addAll(g.tree().open().keySet()));
    if (open.isEmpty()) {
      return new ClusterEvent.Tree(new HamEvent.TimePassed());
    }
    return new ClusterEvent.Tree(new HamEvent.Failed(open.get(random.nextInt(open.size())), "x"));
  }
}
