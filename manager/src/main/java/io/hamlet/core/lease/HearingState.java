package io.hamlet.core.lease;

import org.pcollections.PSortedMap;
import org.pcollections.TreePMap;

/**
 * All that one member has heard of the others, and, if it votes, what it has acknowledged.
 * Immutable. Times are its own CLOCK_BOOTTIME.
 *
 * @param node its own name
 * @param times of its own lease, and taken for those of whoever is not watched
 * @param began when it began to acknowledge, or could have
 * @param ready it may acknowledge: it acts for its node and is up to date
 * @param set the newest voter set of its own log
 * @param setSince when its log got that
 * @param forgotten who is acknowledged no more
 * @param due when it wants the next tick at the latest
 */
public record HearingState(
    String node,
    LeaseTimes times,
    long began,
    boolean ready,
    VoterSet set,
    long setSince,
    PSortedMap<String, Voice> voices,
    PSortedMap<String, Watch> watches,
    PSortedMap<String, Granted> grants,
    Forgotten forgotten,
    long due) {
  /** Nothing heard, nobody watched. */
  public static HearingState begin(String node, LeaseTimes times, long now) {
    return new HearingState(
        node,
        times,
        now,
        false,
        VoterSet.NONE,
        now,
        TreePMap.empty(),
        TreePMap.empty(),
        TreePMap.empty(),
        Forgotten.NOBODY,
        Long.MAX_VALUE);
  }

  public Voice voice(String of) {
    return voices.getOrDefault(of, Voice.NONE);
  }

  LeaseTimes timesOf(String other) {
    Watch watch = watches.get(other);
    return watch == null ? times : watch.times();
  }

  /** True when it is watched, was silent for too long, and has not been heard since. */
  public boolean suspects(String other) {
    Watch watch = watches.get(other);
    return watch != null && watch.suspected();
  }

  /**
   * Since when nothing was heard of a node; {@link LeaseState#NEVER}: it never was, and nobody
   * expects it.
   */
  public long silentSince(String other) {
    Watch watch = watches.get(other);
    return Math.max(voice(other).last(), watch == null ? LeaseState.NEVER : watch.since());
  }

  /**
   * For how long no renewal of that node has been acknowledged here. Never more than is certain:
   * counted from when this voter began at the earliest, and from when it got the newest voter set,
   * because until then a majority without it may have acknowledged.
   */
  public long ackAge(String other, long now) {
    long acked = grants.getOrDefault(other, Granted.NOTHING).acked();
    return now - Math.max(acked, Math.max(began, setSince));
  }

  /** True when nothing of that incarnation will be acknowledged here any more. */
  public boolean isFenced(String other, long incarnation) {
    return grants.getOrDefault(other, Granted.NOTHING).fenced() >= incarnation;
  }

  HearingState began(long now) {
    return new HearingState(
        node, times, now, false, set, setSince, voices, watches, grants, forgotten, due);
  }

  HearingState nowReady() {
    return new HearingState(
        node, times, began, true, set, setSince, voices, watches, grants, forgotten, due);
  }

  HearingState adopt(VoterSet newest, long now) {
    return new HearingState(
        node, times, began, ready, newest, now, voices, watches, grants, forgotten, due);
  }

  HearingState with(Forgotten newest) {
    return new HearingState(
        node, times, began, ready, set, setSince, voices, watches, grants, newest, due);
  }

  HearingState with(String other, Voice voice) {
    return new HearingState(
        node,
        times,
        began,
        ready,
        set,
        setSince,
        voices.plus(other, voice),
        watches,
        grants,
        forgotten,
        due);
  }

  HearingState with(String other, Granted granted) {
    return new HearingState(
        node,
        times,
        began,
        ready,
        set,
        setSince,
        voices,
        watches,
        grants.plus(other, granted),
        forgotten,
        due);
  }

  HearingState with(PSortedMap<String, Watch> nowWatches, long nextDue) {
    return new HearingState(
        node, times, began, ready, set, setSince, voices, nowWatches, grants, forgotten, nextDue);
  }
}
