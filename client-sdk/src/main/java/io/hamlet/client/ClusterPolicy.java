package io.hamlet.client;

import java.util.List;

/**
 * Where an entity of the cluster wants to run, and what becomes of it without a majority.
 *
 * @param prefer nodes, the best first; after them any other will do
 * @param quorumLoss what is done where no majority of the voters is heard
 * @param failback it goes back to a better node as soon as that can take it
 */
public record ClusterPolicy(List<String> prefer, QuorumLoss quorumLoss, boolean failback) {
  /** What is done without a majority. */
  public enum QuorumLoss {
    /** It is stopped, so that the majority can start it elsewhere. */
    STOP,
    /** It runs on, and is started elsewhere only with proof that it does not. */
    KEEP
  }

  /** Anywhere; stopped without a majority; where it is it stays. */
  public static final ClusterPolicy ANYWHERE = new ClusterPolicy(List.of(), QuorumLoss.STOP, false);

  public ClusterPolicy {
    prefer = List.copyOf(prefer);
  }
}
