package io.hamlet.core.model;

/**
 * One of QNX's execution classes (ham.md 1.6): a FIFO of true conditions whose actions run one
 * after the other.
 *
 * @param key 0 for all no-wait conditions, 1 for all others, else the uid of an independent
 *     condition
 */
public record Lane(long key) implements Comparable<Lane> {
  public static final Lane NO_WAIT = new Lane(0);
  public static final Lane OTHER = new Lane(1);

  @Override
  public int compareTo(Lane other) {
    return Long.compare(key, other.key);
  }
}
