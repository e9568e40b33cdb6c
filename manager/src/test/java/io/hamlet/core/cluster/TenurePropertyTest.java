package io.hamlet.core.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.core.model.Flags;
import io.hamlet.core.model.Limits;
import io.hamlet.core.model.Name;
import io.hamlet.core.model.OwnerPolicy;
import io.hamlet.core.model.ProcessSpec;
import io.hamlet.core.model.Proof;
import io.hamlet.core.model.RequestId;
import io.hamlet.core.model.Target;
import io.hamlet.core.recovery.Command;
import io.hamlet.core.recovery.HamEvent;
import io.hamlet.manager.wire.ClusterCodec;
import io.hamlet.manager.wire.ClusterStateCodec;
import io.hamlet.manager.wire.Digest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** What holds of rights to run after any events in any order, sensible, late, twice or forged. */
class TenurePropertyTest {
  private static final String[] NODES = {"a", "b", "c", "d"};
  private static final String[] ENTITIES = {"db", "web", "mail"};

  private final List<ClusterEvent> past = new ArrayList<>();
  private Random random;
  private int requests;

  /** Looks at one entry and what it made of the state. */
  private interface Look {
    void at(ClusterState before, ClusterEntry entry, ClusterState after);
  }

  @Property(tries = 300)
  void aGrantEndsOnlyByReleaseGoodbyeOrProof(@ForAll long seed) {
    run(
        seed,
        (before, entry, after) -> {
          for (Tenure old : before.tenures().values()) {
            Hold now = hold(after, old.entity());
            if (old.hold().isOut() && now.grant() != old.hold().grant()) {
              assertThat(mayEnd(before, old, entry.event())).as("%s ends %s", entry, old).isTrue();
            }
          }
        });
  }

  @Property(tries = 200)
  void grantsRise(@ForAll long seed) {
    TreeMap<Name, Long> highest = new TreeMap<>();
    run(
        seed,
        (before, entry, after) -> {
          for (Tenure tenure : after.tenures().values()) {
            Hold hold = tenure.hold();
            boolean isNew = hold.isOut() && hold.grant() != hold(before, tenure.entity()).grant();
            if (isNew) {
              assertThat(hold.grant()).isEqualTo(entry.index());
              assertThat(hold.grant()).isGreaterThan(highest.getOrDefault(tenure.entity(), 0L));
              highest.put(tenure.entity(), hold.grant());
            }
          }
        });
  }

  @Property(tries = 200)
  void onlyAPresentStartThatCanIsGivenAnything(@ForAll long seed) {
    run(
        seed,
        (before, entry, after) -> {
          for (Tenure tenure : after.tenures().values()) {
            if (tenure.hold() instanceof Hold.Granted granted && granted.grant() == entry.index()) {
              Node node = after.nodes().get(granted.node());
              assertThat(node.standing()).isEqualTo(Node.Standing.UP);
              assertThat(node.incarnation()).isEqualTo(granted.incarnation());
              assertThat(node.isFenced()).isFalse();
              assertThat(node.duty().takesMore()).isTrue();
              assertThat(tenure.avoided()).doesNotContainKey(node.name());
              assertThat(after.heldBy(node.name(), Long.MAX_VALUE))
                  .hasSizeLessThanOrEqualTo(node.duty().capacity());
            }
          }
        });
  }

  @Property(tries = 200)
  void nothingWaitsThatANodeCouldTake(@ForAll long seed) {
    run(
        seed,
        (before, entry, after) -> {
          boolean avoids = entry.event() instanceof ClusterEvent.Ended e && !e.avoid().isEmpty();
          for (Tenure tenure : after.tenures().values()) {
            boolean waits = tenure.hold() instanceof Hold.Nobody;
            if (waits && !avoids && after.maintenanceOf(tenure) == null && entry.index() > 1) {
              assertThat(after.nodes().values())
                  .noneMatch(
                      n ->
                          n.standing() == Node.Standing.UP
                              && !n.isFenced()
                              && n.duty().takesMore()
                              && n.duty().capacity() > after.heldBy(n.name(), 99).size()
                              && !tenure.avoided().containsKey(n.name())
                              && after.maintenances().values().stream()
                                  .noneMatch(m -> n.name().equals(m.node())));
            }
          }
        },
        false);
  }

  @Property(tries = 200)
  void nothingMovesInMaintenance(@ForAll long seed) {
    run(
        seed,
        (before, entry, after) -> {
          for (Tenure old : before.tenures().values()) {
            boolean kept = before.maintenanceOf(old) != null && after.maintenanceOf(old) != null;
            Tenure now = after.tenures().get(old.entity());
            if (kept && now != null && after.maintenanceOf(now) != null) {
              assertThat(now.hold() instanceof Hold.Granted g && g.grant() == entry.index())
                  .as("%s: %s", entry, now)
                  .isFalse();
            }
          }
        });
  }

  @Property(tries = 150)
  void aReplayFromAnySnapshotGivesTheSameState(@ForAll long seed) {
    ClusterBed bed = run(seed, (before, entry, after) -> {});
    ClusterState state = ClusterState.empty(Limits.DEFAULT);
    int cut = random.nextInt(bed.log.size() + 1);
    for (ClusterEntry entry : bed.log) {
      if (entry.index() == cut) {
        ClusterState restored = ClusterStateCodec.decode(ClusterStateCodec.encode(state));
        assertThat(restored).isEqualTo(state);
        state = restored;
      }
      byte[] bytes = ClusterCodec.encode(new ClusterCodec.Command(entry.at(), entry.event()));
      ClusterCodec.Command read = ClusterCodec.decode(bytes);
      assertThat(read.event()).isEqualTo(entry.event());
      state =
          ClusterMachine.apply(state, new ClusterEntry(entry.index(), read.at(), read.event()))
              .state();
    }
    assertThat(Digest.of(state)).isEqualTo(Digest.of(bed.state));
  }

  // --- what may be ----------------------------------------------------------------------------

  private static boolean mayEnd(ClusterState before, Tenure old, ClusterEvent event) {
    Hold hold = old.hold();
    Node node = before.nodes().get(hold.node());
    return switch (event) {
      case ClusterEvent.Released e -> e.entity().equals(old.entity()) && e.grant() == hold.grant();
      case ClusterEvent.Left e ->
          e.node().equals(hold.node())
              && e.incarnation() == hold.incarnation()
              && !(hold instanceof Hold.Stuck);
      case ClusterEvent.Wished e -> mayEnd(before, old, e.wish());
      case ClusterEvent.Vouched e ->
          e.node().equals(hold.node())
              && (node.standing() != Node.Standing.UP || hold.grant() < node.booted());
      case ClusterEvent.Ended e -> {
        boolean its = e.node().equals(hold.node()) && e.incarnation() >= hold.incarnation();
        boolean kept = old.policy().keeps() && !e.all();
        boolean sure = e.proof().compareTo(Proof.LEASE) > 0 && !kept;
        boolean lease =
            e.proof() == Proof.LEASE
                && !old.policy().keeps()
                && !(hold instanceof Hold.Stuck)
                && hold.incarnation() <= node.fencedUpTo();
        yield its && (sure || lease);
      }
      default -> false;
    };
  }

  private static Hold hold(ClusterState state, Name entity) {
    Tenure tenure = state.tenures().get(entity);
    return tenure == null ? new Hold.Nobody("", "") : tenure.hold();
  }

  // --- what happens ---------------------------------------------------------------------------

  private ClusterBed run(long seed, Look look) {
    return run(seed, look, true);
  }

  private ClusterBed run(long seed, Look look, boolean avoiding) {
    random = new Random(seed);
    past.clear();
    ClusterBed bed = ClusterBed.ofThree();
    int length = 1 + random.nextInt(120);
    for (int i = 0; i < length; i++) {
      boolean again = !past.isEmpty() && random.nextInt(6) == 0;
      ClusterEvent event =
          again ? past.get(random.nextInt(past.size())) : named(event(bed, avoiding));
      past.add(event);
      ClusterState before = bed.state;
      bed.passes(event, Duration.ofMillis(random.nextInt(200) - 50));
      look.at(before, bed.log.getLast(), bed.state);
    }
    return bed;
  }

  /** Half of the wishes are those of somebody. */
  private ClusterEvent named(ClusterEvent event) {
    return event instanceof ClusterEvent.Wish wish && random.nextBoolean()
        ? new ClusterEvent.Wished(new RequestId(9, past.size() + 1L, 0), wish)
        : event;
  }

  private ClusterEvent event(ClusterBed bed, boolean avoiding) {
    String name = NODES[random.nextInt(NODES.length)];
    Name entity = new Name(ENTITIES[random.nextInt(ENTITIES.length)]);
    Node node = bed.node(name);
    long incarnation = node == null ? 1 : node.incarnation() - random.nextInt(4) / 3;
    Hold hold = hold(bed.state, entity);
    long grant = hold.grant() - random.nextInt(4) / 3;
    Proof proof = Proof.values()[random.nextInt(4)];
    return switch (random.nextInt(25)) {
      case 0, 1, 2, 3 -> request(attach(entity));
      case 4 -> request(new Command.Detach(Target.of(entity.value()), false));
      case 5 -> request(new Command.Resume(Target.of(entity.value())));
      case 6, 7 -> joined(bed, name);
      case 8 -> new ClusterEvent.Left(name, incarnation);
      case 9, 10 ->
          new ClusterEvent.Lost(
              name, incarnation, node == null ? 0 : node.since(), 1, 9, Proof.NONE, List.of());
      case 11 ->
          new ClusterEvent.Heard(
              name, incarnation, node == null || node.loss() == null ? 3 : node.loss().number());
      case 12, 13 -> new ClusterEvent.Fenced(name, incarnation);
      case 14, 15 ->
          new ClusterEvent.Ended(
              name,
              incarnation,
              proof,
              random.nextBoolean(),
              avoiding && random.nextBoolean() ? List.of(NODES[random.nextInt(4)]) : List.of());
      case 16 -> new ClusterEvent.Vouched(name);
      case 17, 18 ->
          new ClusterEvent.Released(
              entity, grant, Tenure.Release.values()[random.nextInt(4)], "because");
      case 19 -> new ClusterEvent.GaveStuck(entity, grant, "state D");
      case 20 -> new ClusterEvent.Reported(entity, new Tenure.Report(grant, "up", 7, grant << 20));
      case 21 -> new ClusterEvent.Moved(entity, name);
      case 22 ->
          random.nextInt(3) == 0
              ? new ClusterEvent.Drained(name)
              : new ClusterEvent.Standby(name, random.nextInt(3) == 0);
      case 23 -> maintenance(bed, name, entity);
      default ->
          random.nextBoolean()
              ? new ClusterEvent.Leashed(
                  name, new Leash(incarnation, random.nextInt(5), "0f".repeat(32)))
              : random.nextBoolean()
                  ? new ClusterEvent.Forgotten(name)
                  : new ClusterEvent.Tree(new HamEvent.TimePassed());
    };
  }

  private ClusterEvent joined(ClusterBed bed, String name) {
    int capacity = random.nextInt(3) == 0 ? random.nextInt(3) : Node.Duty.NO_LIMIT;
    return bed.start(name, capacity, ClusterBed.TERMS);
  }

  private ClusterEvent maintenance(ClusterBed bed, String node, Name entity) {
    String[] scopes = {"cluster", "node:" + node, "entity:" + entity};
    Maintenance.Key key = new Maintenance.Key(scopes[random.nextInt(3)], "me");
    long until = bed.state.now().bootNanos() + random.nextInt(1_000_000_000);
    return random.nextInt(3) == 0
        ? new ClusterEvent.MaintenanceCleared(key)
        : new ClusterEvent.MaintenanceSet(
            new Maintenance(key, "disk", random.nextBoolean() ? until : Long.MAX_VALUE));
  }

  private Command attach(Name entity) {
    List<String> prefer =
        random.nextBoolean() ? List.of() : List.of(NODES[random.nextInt(NODES.length)]);
    OwnerPolicy.QuorumLoss loss = OwnerPolicy.QuorumLoss.values()[random.nextInt(2)];
    OwnerPolicy policy = new OwnerPolicy(prefer, loss, !prefer.isEmpty() && random.nextBoolean());
    return new Command.Attach(
        entity,
        null,
        ProcessSpec.of(List.of("/bin/" + entity)),
        Flags.OfEntity.NONE,
        random.nextInt(4) == 0 ? null : policy);
  }

  private ClusterEvent request(Command command) {
    return new ClusterEvent.Tree(
        new HamEvent.Requested(new io.hamlet.core.model.RequestId(5, ++requests, 0), command));
  }
}
