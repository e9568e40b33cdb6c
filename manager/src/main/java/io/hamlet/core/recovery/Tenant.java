package io.hamlet.core.recovery;

import io.hamlet.core.model.Entity;
import io.hamlet.core.model.Grant;
import io.hamlet.core.model.Life;
import io.hamlet.core.model.Name;
import java.util.ArrayList;
import java.util.List;

/**
 * How it stands with an entity of the cluster on the node that runs it: what the cluster is told.
 *
 * @param name in the tree of the cluster
 * @param pid 0 while it has no process
 * @param token of its newest start; 0 before the first
 * @param leaves it leaves this tree as soon as nothing is left of it
 * @param detail why it is stuck; else empty
 */
public record Tenant(
    Name name, Grant grant, Phase phase, long pid, long token, boolean leaves, String detail) {
  /** In the order in which one is worse than the other. */
  public enum Phase {
    RUNNING,
    STARTING,
    /** Dead, with its recovery under way. */
    DOWN,
    /** It has no right to run, or was denied it. */
    WAITING,
    /** Its processes are being ended. */
    ENDING,
    /** They cannot be ended; nobody else may start it. */
    STUCK,
    /** It is not started here again, and nothing is left of it. */
    GAVE_UP,
    /** The same, and it never ran here. */
    CANNOT_START,
    /** All its tokens are used; nothing is left of it. */
    USED_UP;

    /** Nothing of it runs, and nothing will without another right. */
    public boolean isOver() {
      return switch (this) {
        case WAITING, GAVE_UP, CANNOT_START, USED_UP -> true;
        case RUNNING, STARTING, DOWN, ENDING, STUCK -> false;
      };
    }
  }

  /** Those of a node's tree, by name. */
  public static List<Tenant> of(HamState state) {
    List<Tenant> all = new ArrayList<>();
    for (Entity e : state.entities().tailMap(new Name("*"), true).values()) {
      if (!e.name().value().startsWith("*")) {
        break;
      }
      if (e.grant() != null) {
        all.add(of(state, e));
      }
    }
    return all;
  }

  private static Tenant of(HamState state, Entity e) {
    long starts = e.stats().starts();
    long token = starts == 0 ? 0 : e.grant().token(starts);
    Name name = Grant.plain(e.name());
    for (OpenEffect open : state.open().values()) {
      if (open.purpose() instanceof OpenEffect.Purpose.ForQuell q && q.uid() == e.uid()) {
        String stuck = ((OpenEffect.Work.Quelling) open.work()).stuck();
        Phase phase = stuck.isEmpty() ? Phase.ENDING : Phase.STUCK;
        boolean leaves = !q.leaves().isEmpty();
        return new Tenant(name, e.grant(), phase, e.pid(), token, leaves, stuck);
      }
    }
    return new Tenant(name, e.grant(), phase(e), e.pid(), token, false, "");
  }

  private static Phase phase(Entity e) {
    return switch (e.life()) {
      case Life.Up up -> Phase.RUNNING;
      case Life.Starting s -> Phase.STARTING;
      case Life.None n -> Phase.DOWN;
      case Life.DiedUnseen d -> Phase.DOWN;
      case Life.Stopped s -> Phase.WAITING;
      case Life.GaveUp g when Tenants.isUsedUp(e) -> Phase.USED_UP;
      case Life.GaveUp g -> e.stats().lastLife() == 0 ? Phase.CANNOT_START : Phase.GAVE_UP;
    };
  }
}
