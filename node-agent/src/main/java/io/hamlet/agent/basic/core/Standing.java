package io.hamlet.agent.basic.core;

import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * How things stand in the cluster. Immutable.
 *
 * @param acts our node leads it, and a majority of its voters is heard: sequences run here
 * @param leader empty: nobody is known to lead
 * @param up the nodes that are there
 * @param records what the leaders wrote of each host, as of the moment from which we act; else null
 */
public record Standing(boolean acts, String leader, Set<String> up, Map<String, Recorded> records) {
  /** Nothing is known yet. */
  public static final Standing NONE = new Standing(false, "", Set.of(), null);

  public Standing {
    up = Collections.unmodifiableSet(new LinkedHashSet<>(up));
  }
}
