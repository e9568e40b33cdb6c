package io.hamlet.core.cluster;

import io.hamlet.core.model.Grant;
import io.hamlet.core.model.Name;
import io.hamlet.core.model.Refused;

/**
 * The right of one program to lead under a name.
 *
 * <p>It may believe in it for the span after it has sent its newest renewal. Whoever takes it away
 * has waited longer than that since the renewal was applied, on a clock of its own, and names the
 * renewal: one that comes between keeps the right.
 *
 * @param holder drawn by the program for each time it leads
 * @param turn its newest request
 * @param grant the entry with which it began
 * @param renewed the entry with which it went on last
 * @param spanNanos of its newest request
 * @param who for people
 */
public record Chair(
    Name name, long holder, long turn, long grant, long renewed, long spanNanos, String who) {
  /** So many lead at a time. */
  public static final int MOST = 1_024;

  public static final long LEAST_SPAN = 500_000_000L;
  public static final long MOST_SPAN = 60_000_000_000L;
  private static final int MOST_WHO = 128;

  /** The path that its happenings are told under. */
  public static String path(Name name) {
    return ".lead/" + name;
  }

  /** Higher than of all who led before, and of all owners that were given a grant before. */
  public long token() {
    return Grant.token(grant, 0);
  }

  Chair renewed(ClusterEvent.Claimed by, long index) {
    return new Chair(name, holder, by.turn(), grant, index, by.spanNanos(), who);
  }

  /** Throws Refused. */
  public static void check(long turn, long spanNanos, String who) {
    if (turn < 1) {
      throw Refused.invalid("turn: counts from 1");
    }
    if (spanNanos < LEAST_SPAN || spanNanos > MOST_SPAN) {
      throw Refused.invalid("span: from 500 ms to 60 s");
    }
    if (who.length() > MOST_WHO || who.chars().anyMatch(Character::isISOControl)) {
      throw Refused.invalid("who: at most " + MOST_WHO + " characters, none of them for control");
    }
  }
}
