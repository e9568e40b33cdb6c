package io.hamlet.client;

import io.hamlet.client.internal.ClusterCalls;
import java.time.Duration;
import java.util.List;

/**
 * What operators want of a cluster. Its entities are in the cluster tree: {@code
 * ham.connectNode("*")}. Thread-safe; calls block and throw as those of {@link Ham}.
 */
public final class Cluster {
  private final ClusterCalls calls;

  Cluster(ClusterCalls calls) {
    this.calls = calls;
  }

  /** Starts a command on one node of the cluster, and on another when that one fails. */
  public Entity attach(String name, Command command, ClusterPolicy policy, Flag.OfEntity... flags)
      throws InterruptedException {
    return calls.attach(name, command, policy, flags);
  }

  /**
   * Who runs an entity of the cluster, and for how long nobody else can; its node is asked itself.
   *
   * @throws HamException there is no such entity, or no manager
   * @throws IllegalStateException there is no /proc/uptime here, which is its clock
   */
  public Ownership owner(String entity) throws InterruptedException {
    return calls.owner(entity);
  }

  /** The same, asked anew at each change and well before it ends, until it is closed. */
  public OwnerWatch watchOwner(String entity) throws InterruptedException {
    return calls.watchOwner(entity);
  }

  /** Has an entity run on that node; answered when its owner has been told to give it back. */
  public Receipt move(String entity, String node) throws InterruptedException {
    return calls.move(entity, node);
  }

  /** Has a node run nothing for the cluster: what it runs is moved at once. */
  public Receipt standby(String node) throws InterruptedException {
    return calls.standby(node, true);
  }

  /** Ends a standby, or a drain. */
  public Receipt activate(String node) throws InterruptedException {
    return calls.standby(node, false);
  }

  /** Empties a node as far as others can take what it runs; nothing is down for that. */
  public Receipt drain(String node) throws InterruptedException {
    return calls.drain(node);
  }

  /**
   * Leaves everything of a scope where it is while somebody works.
   *
   * @param scope {@code cluster}, {@code node:NODE}, or the name of an entity
   * @param span ends by itself after so long; zero: when it is ended
   */
  public Receipt maintain(String scope, String owner, String reason, Duration span)
      throws InterruptedException {
    return calls.maintain(scope, owner, reason, span);
  }

  /** That work is done. */
  public Receipt endMaintenance(String scope, String owner) throws InterruptedException {
    return calls.endMaintenance(scope, owner);
  }

  /**
   * Vouches that a lost node is down, or that the earlier boots of one that is up are over: all
   * that it ran then is started anew. Refused of a node that is up and holds nothing from before.
   */
  public Receipt confirmFenced(String node) throws InterruptedException {
    return calls.confirmFenced(node);
  }

  /**
   * Has a node vote, or vote no more. One that has lost its STATE is first taken from the voters,
   * and then added.
   */
  public Receipt setVoter(String node, boolean votes) throws InterruptedException {
    return calls.setVoter(node, votes);
  }

  /** What would happen if these nodes were lost now. Changes nothing. */
  public Forecast simulate(List<String> lost) throws InterruptedException {
    return calls.simulate(lost);
  }
}
