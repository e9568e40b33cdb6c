package io.hamlet.core.cluster;

import io.hamlet.core.model.Proof;

/**
 * A node as the cluster knows it.
 *
 * @param incarnation rises with every start; whoever goes by an older one is refused
 * @param boot names the boot it started in
 * @param stateId of its state directory; two directories under one name are clones
 * @param start drawn by its managers at this start, so that a join told twice is known again
 * @param address where its manager serves gRPC, {@code HOST:PORT}
 * @param since the entry with which its standing began
 * @param loss null unless it is lost
 */
public record Node(
    String name,
    long incarnation,
    String boot,
    String stateId,
    long start,
    String address,
    long since,
    Standing standing,
    Loss loss) {
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

  Node withStanding(Standing now, long sinceEntry, Loss newLoss) {
    return new Node(name, incarnation, boot, stateId, start, address, sinceEntry, now, newLoss);
  }
}
