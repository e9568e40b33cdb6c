package io.hamlet.core.lease;

/**
 * One node that must not fall silent. Times are CLOCK_BOOTTIME of the listener.
 *
 * @param times of its lease: it lets hear from itself as often as they say
 * @param since its silence counts from here at the earliest
 * @param hinted since when it is said to be gone, and was not heard; {@link LeaseState#NEVER}: not
 * @param asked questions that went out for that
 * @param suspected it was reported, and has not been heard since
 */
public record Watch(LeaseTimes times, long since, long hinted, int asked, boolean suspected) {
  /** Asked so often, in equal steps, before a hint is believed. */
  private static final int QUESTIONS = 3;

  private static final long NEVER = LeaseState.NEVER;

  static Watch begin(LeaseTimes times, long now) {
    return new Watch(times, now, NEVER, 0, false);
  }

  boolean isHinted() {
    return hinted != NEVER;
  }

  /** Nothing that was counted before counts any more; a hint is examined anew. */
  Watch anew(long now) {
    return new Watch(times, now, isHinted() ? now : NEVER, 0, suspected);
  }

  /** With another lease it has begun anew: what was said of it before counts no more. */
  Watch by(LeaseTimes other, long now) {
    return other.equals(times) ? this : new Watch(other, now, NEVER, 0, suspected);
  }

  Watch hint(long now) {
    return isHinted() || suspected ? this : new Watch(times, since, now, 0, false);
  }

  Watch heard() {
    return isHinted() || suspected ? begin(times, since) : this;
  }

  Watch suspect() {
    return new Watch(times, since, NEVER, 0, true);
  }

  Watch ask() {
    return new Watch(times, since, hinted, asked + 1, suspected);
  }

  /** When the next question for a hint is due. */
  long nextQuestion() {
    boolean more = isHinted() && asked < QUESTIONS;
    return more ? hinted + times.confirmation() * asked / QUESTIONS : Long.MAX_VALUE;
  }

  /** When it will have been silent for too long; Long.MAX_VALUE: it is suspected already. */
  long limit(Voice voice) {
    if (suspected) {
      return Long.MAX_VALUE;
    }
    long ordinary = Math.max(voice.last(), since) + times.suspicion();
    return isHinted() ? Math.min(ordinary, hinted + times.confirmation()) : ordinary;
  }
}
