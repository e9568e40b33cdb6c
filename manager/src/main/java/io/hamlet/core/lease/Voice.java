package io.hamlet.core.lease;

/**
 * What the two managers of a node have let hear. {@link LeaseState#NEVER} where there was nothing.
 *
 * @param incarnation the highest they spoke under
 * @param epoch the highest of its HAM under that incarnation
 * @param hamNumber of the newest datagram of its HAM under that epoch
 * @param ham when that came, CLOCK_BOOTTIME of the listener
 * @param guardianNumber of the newest datagram of its Guardian
 * @param guardian when that came
 * @param deaf its HAM says that it hears nobody: from then on this is when it was heard last, and
 *     what it says counts for nothing; else {@link LeaseState#NEVER}
 */
public record Voice(
    long incarnation,
    long epoch,
    long hamNumber,
    long ham,
    long guardianNumber,
    long guardian,
    long deaf) {
  private static final long NEVER = LeaseState.NEVER;

  static final Voice NONE = new Voice(NEVER, NEVER, NEVER, NEVER, NEVER, NEVER, NEVER);

  /** When one of both was heard last. */
  public long last() {
    return isDeaf() ? deaf : Math.max(ham, guardian);
  }

  boolean isDeaf() {
    return deaf != NEVER;
  }

  /**
   * What the clock of that host was at least, at that time here: numbers are times of sending, and
   * a datagram takes time. {@link LeaseState#NEVER}: unknown.
   */
  public long clockAt(long now) {
    long byHam = hamNumber == NEVER ? NEVER : hamNumber + (now - ham);
    long byGuardian = guardianNumber == NEVER ? NEVER : guardianNumber + (now - guardian);
    return Math.max(byHam, byGuardian);
  }

  /** True when this is no repetition and does not come from a process that was replaced. */
  boolean isNewsOfHam(long from, long itsEpoch, long number) {
    if (from != incarnation) {
      return from > incarnation;
    }
    return itsEpoch > epoch || itsEpoch == epoch && number > hamNumber;
  }

  boolean isNewsOfGuardian(long from, long number) {
    return from > incarnation || from == incarnation && number > guardianNumber;
  }

  /** A new incarnation takes the times along: the node was heard, whoever it was. */
  Voice hamSpoke(long from, long itsEpoch, long number, long now) {
    long itsGuardian = from == incarnation ? guardianNumber : NEVER;
    return new Voice(from, itsEpoch, number, now, itsGuardian, guardian, NEVER);
  }

  /** It says in that very datagram that nobody answers it. */
  Voice hearsNobody(Voice before) {
    return new Voice(incarnation, epoch, hamNumber, ham, guardianNumber, guardian, before.last());
  }

  Voice guardianSpoke(long from, long number, long now) {
    boolean same = from == incarnation;
    return new Voice(
        from,
        same ? epoch : NEVER,
        same ? hamNumber : NEVER,
        ham,
        number,
        now,
        same ? deaf : NEVER);
  }
}
