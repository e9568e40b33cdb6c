package io.hamlet.core.model;

import java.util.List;

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
    Stats stats) {
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
    return new Entity(
        name,
        uid,
        shape,
        f,
        enabled,
        spec,
        life,
        userState,
        heartbeat,
        conditions,
        deaths,
        tally,
        exit,
        stats);
  }

  public Entity withEnabled(boolean e) {
    return new Entity(
        name,
        uid,
        shape,
        flags,
        e,
        spec,
        life,
        userState,
        heartbeat,
        conditions,
        deaths,
        tally,
        exit,
        stats);
  }

  public Entity withShape(Shape s, ProcessSpec p) {
    return new Entity(
        name,
        uid,
        s,
        flags,
        enabled,
        p,
        life,
        userState,
        heartbeat,
        conditions,
        deaths,
        tally,
        exit,
        stats);
  }

  public Entity withLife(Life l) {
    return new Entity(
        name,
        uid,
        shape,
        flags,
        enabled,
        spec,
        l,
        userState,
        heartbeat,
        conditions,
        deaths,
        tally,
        exit,
        stats);
  }

  public Entity withUserState(int s) {
    return new Entity(
        name,
        uid,
        shape,
        flags,
        enabled,
        spec,
        life,
        s,
        heartbeat,
        conditions,
        deaths,
        tally,
        exit,
        stats);
  }

  public Entity withHeartbeat(Heartbeat h) {
    return new Entity(
        name,
        uid,
        shape,
        flags,
        enabled,
        spec,
        life,
        userState,
        h,
        conditions,
        deaths,
        tally,
        exit,
        stats);
  }

  public Entity withConditions(List<Condition> list) {
    return new Entity(
        name, uid, shape, flags, enabled, spec, life, userState, heartbeat, list, deaths, tally,
        exit, stats);
  }

  public Entity withDeaths(List<PendingDeath> list) {
    return new Entity(
        name,
        uid,
        shape,
        flags,
        enabled,
        spec,
        life,
        userState,
        heartbeat,
        conditions,
        list,
        tally,
        exit,
        stats);
  }

  public Entity withTally(Tally t) {
    return new Entity(
        name,
        uid,
        shape,
        flags,
        enabled,
        spec,
        life,
        userState,
        heartbeat,
        conditions,
        deaths,
        t,
        exit,
        stats);
  }

  public Entity withExit(Exit x) {
    return new Entity(
        name,
        uid,
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
        x,
        stats);
  }

  public Entity withStats(Stats s) {
    return new Entity(
        name,
        uid,
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
        s);
  }
}
