package io.hamlet.core.lease;

import java.util.Set;

/**
 * Nodes that do not belong to the cluster any more. Their names are not kept; whoever is no member
 * has been one, up to that incarnation.
 *
 * @param members who is none of them, whatever its incarnation
 * @param upTo the highest incarnation of all that were forgotten; 0: nobody was
 */
public record Forgotten(Set<String> members, long upTo) {
  public static final Forgotten NOBODY = new Forgotten(Set.of(), 0);

  /** What is given is copied. */
  public Forgotten {
    members = Set.copyOf(members);
  }

  boolean has(String node, long incarnation) {
    return incarnation <= upTo && !members.contains(node);
  }
}
