package io.hamlet.core.lease;

import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;

/**
 * Nodes that do not belong to the cluster any more. Their names are not kept; whoever is no member
 * has been one, up to that incarnation.
 *
 * @param members who is none of them, whatever its incarnation
 * @param upTo the highest incarnation of all that were forgotten; 0: nobody was
 */
public record Forgotten(Set<String> members, long upTo) {
  public static final Forgotten NOBODY = new Forgotten(new TreeSet<>(), 0);

  /** What is given is copied. */
  public Forgotten {
    members = Collections.unmodifiableSet(new TreeSet<>(members));
  }

  boolean has(String node, long incarnation) {
    return incarnation <= upTo && !members.contains(node);
  }
}
