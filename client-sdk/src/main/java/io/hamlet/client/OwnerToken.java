package io.hamlet.client;

import java.util.Map;

/**
 * Proof of the right to run that an entity of the cluster is given with each start: a number above
 * 0, higher than at all starts before, on whichever node. A store that remembers the highest can
 * tell an old owner that wakes up late. Thread-safe: one thread at a time is let in.
 */
public final class OwnerToken {
  private static final String VARIABLE = "HAM_TOKEN";

  private long highest;

  /**
   * What a store remembers, to ask {@link #admits}. It is only as good as its memory: keep it with
   * the data, and in the same transaction.
   *
   * @param highest that was ever admitted; 0: none yet
   */
  public OwnerToken(long highest) {
    if (highest < 0) {
      throw new IllegalArgumentException("a token is not below 0: " + highest);
    }
    this.highest = highest;
  }

  /**
   * The token of this process, from the variable HAM_TOKEN. An entity of one node has one too: it
   * rises as well, and is to be compared with those of that node only.
   *
   * @throws IllegalStateException it was not started by a manager
   */
  public static long own() {
    return own(System.getenv());
  }

  static long own(Map<String, String> environment) {
    String text = environment.getOrDefault(VARIABLE, "");
    // Up to 63 bits.
    boolean number = text.matches("[1-9][0-9]{0,17}|[1-8][0-9]{18}");
    if (!number) {
      throw new IllegalStateException(
          "%s is '%s' and no token: only what a manager has started is given one"
              .formatted(VARIABLE, text));
    }
    return Long.parseLong(text);
  }

  /** False: somebody with a higher token was here before, and its bearer is the owner no more. */
  public synchronized boolean admits(long token) {
    boolean admitted = token > 0 && token >= highest;
    highest = admitted ? token : highest;
    return admitted;
  }

  /** The highest that was admitted; 0: none. */
  public synchronized long highest() {
    return highest;
  }
}
