package io.hamlet.core.model;

import java.util.List;
import java.util.function.Consumer;

/**
 * One entity: a process with a name (ham.md 1.3).
 *
 * @param uid the handle's number; a removed and re-created entity has another
 * @param spec how to start it; null when it was adopted, is self-attached or a placeholder
 * @param userState the state it last reported, 0 before the first report (ham.md 4)
 * @param heartbeat null unless it beats
 * @param conditions in order of creation
 * @param deaths deaths whose actions have not all run yet, oldest first
 * @param exit how its last process ended; null before the first death
 * @param grant under which it runs here; null: it is the node's own
 */
public record Entity(
    Name name,
    long uid,
    Shape shape,
    Flags.OfEntity flags,
    boolean enabled,
    ProcessSpec spec,
    Life life,
    int userState,
    Heartbeat heartbeat,
    List<Condition> conditions,
    List<PendingDeath> deaths,
    Tally tally,
    Exit exit,
    Stats stats,
    Grant grant) {
  /** The shapes of ham.md 1.3, as {@code .info} shows them. */
  public enum Shape {
    ATTACHED,
    ATTACHEDSELF,
    UNATTACHED,
    GLOBAL
  }

  /**
   * A death, or a detachment, whose actions are still running. When the last of them is done the
   * entity is pruned (after a restart), kept as a placeholder, or removed (ham.md 1.8, 1.10).
   *
   * @param life the life that ended
   * @param open how many conditions that it made true have not finished
   * @param restarted a restart action of this death has succeeded
   * @param process that ended; what it left behind may have to be ended before a restart
   * @param home where the agent had put it
   */
  public record PendingDeath(
      long life, int open, boolean restarted, ProcessId process, String home) {
    public PendingDeath {
      if (open < 0) {
        throw new IllegalArgumentException("a death with " + open + " open conditions");
      }
    }
  }

  /**
   * What is shown and counted.
   *
   * @param lastDeath null before the first
   * @param restarted time of the last restart, null before the first
   * @param starts counts the lives; the newest has this number
   * @param lastLife the life that ended last, 0 before the first death
   */
  public record Stats(
      Moment created,
      Moment lastDeath,
      Moment restarted,
      long restarts,
      long deaths,
      long beatsMissed,
      long starts,
      long lastLife) {
    public static Stats born(Moment at) {
      return new Stats(at, null, null, 0, 0, 0, 0, 0);
    }

    public Stats plusDeath(Moment at, long life) {
      return new Stats(created, at, restarted, restarts, deaths + 1, beatsMissed, starts, life);
    }

    public Stats plusRestart(Moment at) {
      return new Stats(created, lastDeath, at, restarts + 1, deaths, beatsMissed, starts, lastLife);
    }

    public Stats plusMissed(int misses) {
      return new Stats(
          created, lastDeath, restarted, restarts, deaths, beatsMissed + misses, starts, lastLife);
    }

    public Stats withStarts(long number) {
      return new Stats(
          created, lastDeath, restarted, restarts, deaths, beatsMissed, number, lastLife);
    }
  }

  public Entity {
    conditions = List.copyOf(conditions);
    deaths = List.copyOf(deaths);
  }

  public boolean isGlobal() {
    return shape == Shape.GLOBAL;
  }

  /** The pid people see: 0 when there is no process. */
  public long pid() {
    return switch (life) {
      case Life.Up up -> up.process().pid();
      case Life.Starting s -> 0;
      case Life.None n -> 0;
      case Life.GaveUp g -> 0;
      case Life.DiedUnseen d -> 0;
      case Life.Stopped s -> 0;
    };
  }

  /** The condition of that name, or null. */
  public Condition condition(Name wanted) {
    for (Condition c : conditions) {
      if (c.name().equals(wanted)) {
        return c;
      }
    }
    return null;
  }

  public Entity withFlags(Flags.OfEntity f) {
    return with(d -> d.flags = f);
  }

  public Entity withEnabled(boolean e) {
    return with(d -> d.enabled = e);
  }

  public Entity withShape(Shape s, ProcessSpec p) {
    return with(
        d -> {
          d.shape = s;
          d.spec = p;
        });
  }

  public Entity withLife(Life l) {
    return with(d -> d.life = l);
  }

  public Entity withUserState(int s) {
    return with(d -> d.userState = s);
  }

  public Entity withHeartbeat(Heartbeat h) {
    return with(d -> d.heartbeat = h);
  }

  public Entity withConditions(List<Condition> list) {
    return with(d -> d.conditions = list);
  }

  public Entity withDeaths(List<PendingDeath> list) {
    return with(d -> d.deaths = list);
  }

  public Entity withTally(Tally t) {
    return with(d -> d.tally = t);
  }

  public Entity withExit(Exit x) {
    return with(d -> d.exit = x);
  }

  public Entity withStats(Stats s) {
    return with(d -> d.stats = s);
  }

  public Entity withGrant(Grant g) {
    return with(d -> d.grant = g);
  }

  private Entity with(Consumer<Draft> change) {
    Draft draft = new Draft(this);
    change.accept(draft);
    return draft.entity();
  }

  /** The parts of an entity that change, open for one change. */
  private static final class Draft {
    private final Entity old;
    private Shape shape;
    private Flags.OfEntity flags;
    private boolean enabled;
    private ProcessSpec spec;
    private Life life;
    private int userState;
    private Heartbeat heartbeat;
    private List<Condition> conditions;
    private List<PendingDeath> deaths;
    private Tally tally;
    private Exit exit;
    private Stats stats;
    private Grant grant;

    Draft(Entity e) {
      old = e;
      shape = e.shape;
      flags = e.flags;
      enabled = e.enabled;
      spec = e.spec;
      life = e.life;
      userState = e.userState;
      heartbeat = e.heartbeat;
      conditions = e.conditions;
      deaths = e.deaths;
      tally = e.tally;
      exit = e.exit;
      stats = e.stats;
      grant = e.grant;
    }

    Entity entity() {
      return new Entity(
          old.name,
          old.uid,
          shape,
          flags,
          enabled,
          spec,
          life,
          userState,
          heartbeat,
          conditions,
          deaths,
          tally,
          exit,
          stats,
          grant);
    }
  }
}
