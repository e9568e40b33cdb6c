package io.hamlet.core.recovery;

import io.hamlet.core.model.EffectId;
import io.hamlet.core.model.Entity;
import io.hamlet.core.model.EntryId;
import io.hamlet.core.model.Flags;
import io.hamlet.core.model.Lane;
import io.hamlet.core.model.Life;
import io.hamlet.core.model.Limits;
import io.hamlet.core.model.Moment;
import io.hamlet.core.model.Name;
import io.hamlet.core.model.Tally;
import io.hamlet.core.sam.SamBook;
import java.util.Collection;
import java.util.List;
import org.pcollections.PVector;
import org.pcollections.TreePMap;

/**
 * The whole state of one tree. Immutable and safe to share; every map has one fixed order.
 *
 * @param node the name of the node, or {@link #CLUSTER}
 * @param boot of the processes in it (architecture.md 2); in the cluster the node that leads
 * @param last the entry that led here
 * @param told the newest happening; {@link #NOTHING_TOLD} before the first
 * @param nextUid the next handle number
 * @param entities by name, without the global one
 * @param global the global entity (ham.md 1.4)
 * @param lanes true conditions, running (the head) and waiting, by lane
 * @param open effects in flight
 * @param deadlines when to say TimePassed, by time and effect
 * @param clients the requests that may still be repeated
 * @param channels for pulses
 * @param errands what other trees have asked for
 * @param sam the supervised programs
 * @param pair the two managers and their failures
 * @param verbosity of the activity log
 * @param beatsSuspended nobody's missed beats count
 * @param stopping the node is going down; requests are refused
 * @param right the incarnation under which this node may run what the cluster granted it; 0: it may
 *     not now
 * @param granted index of the newest grant that was taken or given up here; none of an index up to
 *     it is taken any more
 */
public record HamState(
    String node,
    String boot,
    EntryId last,
    EffectId told,
    long nextUid,
    TreePMap<Name, Entity> entities,
    Entity global,
    TreePMap<Lane, PVector<Occurrence>> lanes,
    TreePMap<EffectId, OpenEffect> open,
    TreePMap<Deadline, EffectId> deadlines,
    TreePMap<Long, Client> clients,
    TreePMap<ChannelId, Channel> channels,
    ErrandBook errands,
    SamBook sam,
    Pair pair,
    int verbosity,
    boolean beatsSuspended,
    boolean stopping,
    long right,
    long granted,
    Limits limits) {
  /** Stands for the node in a tree of the cluster; no node has that name. */
  public static final String CLUSTER = "*";

  public static final EffectId NOTHING_TOLD = new EffectId(EntryId.NONE, 0);

  /**
   * @param since when this HAM began to act
   * @param guardianSince when this Guardian came, null for none
   */
  public record Pair(
      long hamPid,
      long guardianPid,
      long hamFailures,
      long guardianFailures,
      Moment since,
      Moment guardianSince) {}

  /** A deadline on CLOCK_BOOTTIME; the effect makes it unique. */
  public record Deadline(long bootNanos, EffectId effect) implements Comparable<Deadline> {
    @Override
    public int compareTo(Deadline other) {
      int byTime = Long.compare(bootNanos, other.bootNanos);
      return byTime != 0 ? byTime : effect.compareTo(other.effect);
    }
  }

  /** An empty tree of a node that has never run. */
  public static HamState empty(String node, Limits limits) {
    Entity global =
        new Entity(
            Name.GLOBAL,
            1,
            Entity.Shape.GLOBAL,
            Flags.OfEntity.NONE,
            true,
            null,
            Life.NONE,
            0,
            null,
            List.of(),
            List.of(),
            Tally.EMPTY,
            null,
            Entity.Stats.born(Moment.ZERO),
            null);
    return new HamState(
        node,
        "",
        EntryId.NONE,
        NOTHING_TOLD,
        2,
        TreePMap.empty(),
        global,
        TreePMap.empty(),
        TreePMap.empty(),
        TreePMap.empty(),
        TreePMap.empty(),
        TreePMap.empty(),
        ErrandBook.EMPTY,
        SamBook.EMPTY,
        new Pair(0, 0, 0, 0, Moment.ZERO, null),
        0,
        false,
        false,
        0,
        0,
        limits);
  }

  /** All entities by name, without the global one. */
  public Collection<Entity> everyEntity() {
    return entities.values();
  }

  /** The entity of that name, the global one included, or null. */
  public Entity entity(Name name) {
    return name.isGlobal() ? global : entities.get(name);
  }

  /** The same, with other answers remembered. */
  public HamState with(TreePMap<Long, Client> answered) {
    return new HamState(
        node,
        boot,
        last,
        told,
        nextUid,
        entities,
        global,
        lanes,
        open,
        deadlines,
        answered,
        channels,
        errands,
        sam,
        pair,
        verbosity,
        beatsSuspended,
        stopping,
        right,
        granted,
        limits);
  }

  /** True for the cluster tree, and for what it keeps of lost nodes' trees. */
  public boolean isOfCluster() {
    return node.equals(CLUSTER);
  }

  /** CLOCK_BOOTTIME of the nearest deadline; Long.MAX_VALUE for none, and while the node stops. */
  public long nextDeadline() {
    return stopping || deadlines.isEmpty() ? Long.MAX_VALUE : deadlines.firstKey().bootNanos();
  }
}
