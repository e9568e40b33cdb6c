package io.hamlet.core.cluster;

import io.hamlet.core.model.Name;
import io.hamlet.core.model.OwnerPolicy;
import org.pcollections.TreePMap;

/**
 * The right to run one entity of the cluster. What it runs is defined in the tree {@code *}, under
 * the same name.
 *
 * @param version the entry that changed the definition last
 * @param avoided nodes that could not run it, with the reason, until somebody resumes it
 * @param report what its tenant has said last
 */
public record Tenure(
    Name entity,
    OwnerPolicy policy,
    Hold hold,
    long version,
    TreePMap<String, Avoided> avoided,
    Report report) {
  /** Why a tenant gives a grant back. */
  public enum Release {
    /** It was told to. */
    MOVED,
    /** It has restarted it too often. */
    BUDGET,
    /** It cannot start it at all. */
    CANNOT_START,
    /** The node is being stopped; it is one of many again when it is back. */
    STOP
  }

  /** Why a node does not get it, with details for people. */
  public record Avoided(Release why, String detail) {}

  /**
   * What a tenant says of it, some time after the fact.
   *
   * @param grant under which; of another grant than the present one it is history
   * @param state of its process in a word, such as {@code running}
   * @param pid 0: it has no process
   * @param token of its newest start; 0: none yet
   */
  public record Report(long grant, String state, long pid, long token) {
    public static final Report NONE = new Report(0, "", 0, 0);
  }

  /** That node may be running it under a grant of that start or an older one. */
  public boolean isHeldBy(String node, long incarnation) {
    return hold.isOut() && hold.node().equals(node) && hold.incarnation() <= incarnation;
  }

  /** That node holds it from before it was booted, and a rejoin is no proof that it has ended. */
  public boolean isFromBeforeBootOf(Node node) {
    return isHeldBy(node.name(), node.incarnation()) && hold.grant() < node.booted();
  }

  Tenure with(Hold next) {
    return new Tenure(entity, policy, next, version, avoided, report);
  }

  Tenure with(TreePMap<String, Avoided> next) {
    return new Tenure(entity, policy, hold, version, next, report);
  }

  Tenure with(Report next) {
    return new Tenure(entity, policy, hold, version, avoided, next);
  }

  Tenure changedAt(long index) {
    return new Tenure(entity, policy, hold, index, avoided, report);
  }
}
