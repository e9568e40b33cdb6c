package io.hamlet.manager.port;

/** How far a change has got (architecture.md 2). Declared in rising order. */
public enum Ack {
  /** In the live log: survives the death of any process. */
  LOCAL,
  /** On this node's disk: survives a power cut. */
  DURABLE,
  /** Durable here and in another voter's log. */
  REPLICA,
  /** Committed by a majority of voters. */
  MAJORITY
}
