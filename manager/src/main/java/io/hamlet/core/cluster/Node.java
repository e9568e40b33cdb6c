package io.hamlet.core.cluster;

import io.hamlet.core.model.Proof;

/**
 * A node as the cluster knows it.
 *
 * @param incarnation rises with every start; whoever goes by an older one is refused
 * @param boot names the boot it started in
 * @param booted the entry with which it first joined in that boot; 0: before this was kept
 * @param stateId of its state directory; two directories under one name are clones
 * @param terms as it has told them with its last join
 * @param longest waits of this start and of earlier ones of which something may still run
 * @param start drawn by its managers at this start, so that a join told twice is known again
 * @param address where its manager serves gRPC, {@code HOST:PORT}
 * @param since the entry with which its standing began
 * @param loss null unless it is lost
 * @param duty what it may be given
 * @param fence null unless this incarnation never gets a lease again
 * @param leash null: none that covers anything; may still be that of an older incarnation
 */
public record Node(
    String name,
    long incarnation,
    String boot,
    long booted,
    String stateId,
    Terms terms,
    Terms longest,
    long start,
    String address,
    long since,
    Standing standing,
    Loss loss,
    Duty duty,
    Fence fence,
    Leash leash) {
  /** What it is to the others. */
  public enum Standing {
    UP,
    /** Stopped in good order. */
    LEFT,
    LOST
  }

  /**
   * One absence.
   *
   * @param number the entry that committed it; names its graft
   * @param epoch of its newest known entry
   * @param place index of its newest known entry: what came after is not known here
   */
  public record Loss(long number, long epoch, long place, Proof proof) {}

  /**
   * What entities of the cluster it may be given.
   *
   * @param capacity so many at a time; 0: none, it is a witness; {@link #NO_LIMIT}
   * @param standby none, and those that it has go away at once
   * @param draining none, and those that it has go as soon as another can take them
   */
  public record Duty(int capacity, boolean standby, boolean draining) {
    public static final int NO_LIMIT = Integer.MAX_VALUE;

    public static final Duty ALL = new Duty(NO_LIMIT, false, false);

    boolean takesMore() {
      return capacity > 0 && !standby && !draining;
    }
  }

  /**
   * An incarnation that was fenced.
   *
   * @param proof that what it ran for the cluster has ended; NONE: not yet
   */
  public record Fence(Proof proof) {}

  /** Those on which it holds what it was granted under that incarnation. */
  public Terms termsUnder(long granted) {
    return granted == incarnation ? terms : longest;
  }

  /** This incarnation, and each before it, is acknowledged by no voter any more. */
  public boolean isFenced() {
    return fence != null;
  }

  /** No voter acknowledges a renewal of that incarnation of it, or of an older one. */
  public long fencedUpTo() {
    return isFenced() ? incarnation : incarnation - 1;
  }

  Node withStanding(Standing now, long sinceEntry, Loss newLoss) {
    return new Node(
        name,
        incarnation,
        boot,
        booted,
        stateId,
        terms,
        longest,
        start,
        address,
        sinceEntry,
        now,
        newLoss,
        duty,
        fence,
        leash);
  }

  Node with(Duty next) {
    return new Node(
        name,
        incarnation,
        boot,
        booted,
        stateId,
        terms,
        longest,
        start,
        address,
        since,
        standing,
        loss,
        next,
        fence,
        leash);
  }

  Node with(Fence next) {
    return new Node(
        name,
        incarnation,
        boot,
        booted,
        stateId,
        terms,
        longest,
        start,
        address,
        since,
        standing,
        loss,
        duty,
        next,
        leash);
  }

  Node with(Leash next) {
    return new Node(
        name,
        incarnation,
        boot,
        booted,
        stateId,
        terms,
        longest,
        start,
        address,
        since,
        standing,
        loss,
        duty,
        fence,
        next);
  }
}
