package io.hamlet.client;

/** How far a change has got, in rising order (architecture.md 2). */
public enum Ack {
  /** In the live log: survives the death of any process. */
  LOCAL,
  /** On the disk of that node: survives a power cut. */
  DURABLE,
  /** Durable, and in another voter's log. */
  REPLICA,
  /** Committed by a majority of voters. */
  MAJORITY
}
