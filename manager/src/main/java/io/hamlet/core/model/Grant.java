package io.hamlet.core.model;

import java.nio.charset.StandardCharsets;

/**
 * The right of a node to run an entity of the cluster (architecture.md 4). The entity stands in the
 * node's own tree under its name with a star before it, which no user can give.
 *
 * @param index place of the command that gave it: 64 times the index of its entry, and which one of
 *     it; rises with each grant, and lasts for 2^37 entries
 * @param incarnation of the node that holds it
 * @param version of the definition that it runs by
 * @param keep it runs on without a majority; else it stops
 */
public record Grant(long index, long incarnation, long version, boolean keep) {
  /** How many starts one grant has tokens for. */
  public static final long MOST_STARTS = (1L << 20) - 1;

  private static final int START_BITS = 20;
  private static final long MOST_INDEX = 1L << 43;
  private static final String MARK = "*";

  public Grant {
    if (index < 1 || index >= MOST_INDEX || incarnation < 1 || version < 0) {
      throw Refused.invalid("there is no grant " + index + " of incarnation " + incarnation);
    }
  }

  /** The fencing token of the so-manieth start under this grant: higher than any before it. */
  public long token(long start) {
    return token(index, start);
  }

  /** The token of a right that was given by the command of that place; see {@link #token(long)}. */
  public static long token(long index, long start) {
    return index << START_BITS | start;
  }

  /** The name in the tree of the node that runs it. */
  public static Name local(Name name) {
    return new Name(MARK + name.value());
  }

  /** The name in the tree of the cluster. */
  public static Name plain(Name local) {
    return new Name(local.value().substring(MARK.length()));
  }

  /** True for names in a node's tree that stand for entities of the cluster. */
  public static boolean isLocal(Name name) {
    return name.value().startsWith(MARK) && name.value().length() > MARK.length();
  }

  /** True if its local name would be one. */
  public static boolean fits(Name name) {
    return name.value().getBytes(StandardCharsets.UTF_8).length < Name.MAX_BYTES
        && !isLocal(name)
        && !name.isGlobal();
  }
}
