package io.hamlet.manager.cluster;

/** Which of the newest numbers were seen; those that are too far back count as seen. */
final class Numbers {
  private static final int WINDOW = 8192;

  private final long[] seen = new long[WINDOW / Long.SIZE];
  private long highest;

  /** False when it was seen before, or nobody can tell. */
  boolean add(long number) {
    if (number <= 0 || number <= highest - WINDOW) {
      return false;
    }
    if (number > highest) {
      long from = Math.max(highest + 1, number - WINDOW + 1);
      for (long n = from; n <= number; n++) {
        seen[word(n)] &= ~bit(n);
      }
      highest = number;
    }
    if ((seen[word(number)] & bit(number)) != 0) {
      return false;
    }
    seen[word(number)] |= bit(number);
    return true;
  }

  private static int word(long number) {
    return (int) (number % WINDOW) / Long.SIZE;
  }

  private static long bit(long number) {
    return 1L << (number % Long.SIZE);
  }
}
