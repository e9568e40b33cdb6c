package io.hamlet.manager.wire;

import io.hamlet.core.cluster.ClusterState;
import io.hamlet.core.model.EntryId;
import io.hamlet.core.model.Moment;
import io.hamlet.core.recovery.HamState;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * A state in 32 bytes (SHA-256 of its own): equal for equal states. Comparable only between
 * managers of one version, because a new field gives new bytes.
 */
public final class Digest {
  private Digest() {}

  /** Of the whole state: what replicas at the same entry must agree on. */
  public static byte[] of(HamState state) {
    return of(StateCodec.encode(state));
  }

  /** Of all that voters at the same entry must agree on. */
  public static byte[] of(ClusterState state) {
    return of(ClusterStateCodec.encode(state));
  }

  private static byte[] of(byte[] bytes) {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      return sha.digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }

  /**
   * Of what clients made: all but {@link HamState#last()}, what was told, the managers that serve
   * it, and the node's lease in its cluster, which comes and goes. A refused request leaves it as
   * it was, and so does a takeover.
   */
  public static byte[] ofContent(HamState s) {
    return of(
        new HamState(
            s.node(),
            // Of the tree of the cluster it is the node that leads.
            s.isOfCluster() ? "" : s.boot(),
            EntryId.NONE,
            HamState.NOTHING_TOLD,
            s.nextUid(),
            s.entities(),
            s.global(),
            s.lanes(),
            s.open(),
            s.deadlines(),
            s.clients(),
            s.channels(),
            s.errands(),
            s.sam().withQuorum(true),
            new HamState.Pair(0, 0, 0, 0, Moment.ZERO, null),
            s.verbosity(),
            s.beatsSuspended(),
            s.stopping(),
            0,
            s.granted(),
            s.limits()));
  }
}
