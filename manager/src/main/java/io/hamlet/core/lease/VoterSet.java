package io.hamlet.core.lease;

import java.util.List;

/**
 * The voters as of one entry of the consensus log.
 *
 * @param index of that entry; higher is newer, unless the entry was cut off again
 * @param voters by name, each once
 */
public record VoterSet(long index, List<String> voters) {
  /** Nobody votes yet. */
  public static final VoterSet NONE = new VoterSet(-1, List.of());

  public VoterSet {
    voters = List.copyOf(voters);
    if (voters.stream().distinct().count() != voters.size()) {
      throw new IllegalArgumentException("a voter is named twice: " + voters);
    }
  }

  /** So many are more than a half; with no voters nothing ever is. */
  public int majority() {
    return voters.isEmpty() ? Integer.MAX_VALUE : voters.size() / 2 + 1;
  }

  public boolean has(String node) {
    return voters.contains(node);
  }

  /** True when that node alone is the whole set, so that nobody else could take its place. */
  public boolean isOnly(String node) {
    return voters.size() == 1 && has(node);
  }
}
