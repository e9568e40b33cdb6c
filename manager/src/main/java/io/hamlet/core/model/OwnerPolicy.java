package io.hamlet.core.model;

import java.util.List;

/**
 * Where an entity of the cluster wants to run, and what becomes of it without a quorum.
 *
 * @param prefer nodes, the best first; after them any other will do
 * @param failback it goes back to a better node as soon as that can take it
 */
public record OwnerPolicy(List<String> prefer, QuorumLoss quorumLoss, boolean failback) {
  /** What is done where no majority of the voters is heard. */
  public enum QuorumLoss {
    /** It is stopped there, so that the majority can start it elsewhere. */
    STOP,
    /** It runs on there, and is started elsewhere only with proof that it does not. */
    KEEP
  }

  public static final OwnerPolicy DEFAULT = new OwnerPolicy(List.of(), QuorumLoss.STOP, false);

  private static final int MOST_PREFERRED = 64;

  public OwnerPolicy {
    prefer = List.copyOf(prefer);
    if (prefer.size() > MOST_PREFERRED) {
      throw Refused.invalid("prefer: more than " + MOST_PREFERRED + " nodes");
    }
    for (String node : prefer) {
      if (!NodeName.isOne(node)) {
        throw Refused.invalid("prefer: a node name is " + NodeName.RULE);
      }
    }
    if (prefer.stream().distinct().count() != prefer.size()) {
      throw Refused.invalid("prefer: a node is named twice");
    }
    if (failback && prefer.isEmpty()) {
      throw Refused.invalid("failback: say where to go back to, with --prefer NODE");
    }
  }

  public boolean keeps() {
    return quorumLoss == QuorumLoss.KEEP;
  }

  /** How good that node is: 0 is the best, all that are not named are equally the last. */
  public int rank(String node) {
    int place = prefer.indexOf(node);
    return place < 0 ? prefer.size() : place;
  }
}
