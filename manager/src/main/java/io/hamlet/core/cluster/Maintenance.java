package io.hamlet.core.cluster;

import io.hamlet.core.model.Moment;
import io.hamlet.core.model.Name;
import io.hamlet.core.model.NodeName;
import io.hamlet.core.model.Refused;

/**
 * Somebody works on something: until it ends nothing of it is placed or relocated.
 *
 * @param until in the time of the cluster, CLOCK_BOOTTIME nanoseconds; Long.MAX_VALUE: until it is
 *     cleared
 */
public record Maintenance(Key key, String reason, long until) {
  /** So many are kept at a time. */
  public static final int MOST = 256;

  /** So long a reason or an owner may be. */
  public static final int MOST_TEXT = 256;

  private static final String NODE = "node:";
  private static final String ENTITY = "entity:";

  /**
   * What is worked on, and by whom: one owner has one maintenance of one thing.
   *
   * @param scope {@code cluster}, {@code node:NODE} or {@code entity:NAME}
   */
  public record Key(String scope, String owner) implements Comparable<Key> {
    public Key {
      if (!scope.equals("cluster") && !isNode(scope) && !isEntity(scope)) {
        throw Refused.invalid("the scope of a maintenance is cluster, node:NODE or an entity");
      }
      if (owner.length() > MOST_TEXT) {
        throw Refused.invalid("the owner of a maintenance has " + MOST_TEXT + " characters");
      }
    }

    /** Reads what people write: an entity may stand without {@code entity:}. */
    public static Key parse(String scope, String owner) {
      boolean said = scope.equals("cluster") || scope.startsWith(NODE) || scope.startsWith(ENTITY);
      return new Key(said ? scope : ENTITY + scope, owner);
    }

    @Override
    public int compareTo(Key other) {
      int byScope = scope.compareTo(other.scope);
      return byScope != 0 ? byScope : owner.compareTo(other.owner);
    }

    @Override
    public String toString() {
      return scope + (owner.isEmpty() ? "" : " by " + owner);
    }
  }

  public Maintenance {
    if (reason.length() > MOST_TEXT) {
      throw Refused.invalid("the reason of a maintenance has " + MOST_TEXT + " characters");
    }
  }

  /** It ends by itself. */
  public boolean ends() {
    return until != Long.MAX_VALUE;
  }

  /** Its end on the clock for people, nanoseconds since 1970, if it {@link #ends}. */
  public long wallEnd(Moment now) {
    return now.wallNanos() + until - now.bootNanos();
  }

  /** Its reason and how long it still goes on, for people. */
  String words(Moment now) {
    long seconds = Math.ceilDiv(Math.max(0, until - now.bootNanos()), 1_000_000_000L);
    String end = ends() ? "ends in " + seconds + " s" : "";
    return reason + (reason.isEmpty() || end.isEmpty() ? "" : ", ") + end;
  }

  /** The node that is meant; null: another scope. */
  public String node() {
    return isNode(key.scope) ? key.scope.substring(NODE.length()) : null;
  }

  /** The entity that is meant; null: another scope. */
  public Name entity() {
    return isEntity(key.scope) ? new Name(key.scope.substring(ENTITY.length())) : null;
  }

  /** True when it must stay where it is. */
  boolean covers(Tenure tenure) {
    if (node() != null) {
      return node().equals(tenure.hold().node());
    }
    return entity() == null || entity().equals(tenure.entity());
  }

  private static boolean isNode(String scope) {
    return scope.startsWith(NODE) && NodeName.isOne(scope.substring(NODE.length()));
  }

  private static boolean isEntity(String scope) {
    return scope.startsWith(ENTITY) && new Name(scope.substring(ENTITY.length())) != null;
  }
}
