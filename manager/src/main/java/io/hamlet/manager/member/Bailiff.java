package io.hamlet.manager.member;

import io.hamlet.core.cluster.ClusterEvent;
import io.hamlet.core.cluster.ClusterState;
import io.hamlet.core.cluster.Hold;
import io.hamlet.core.cluster.Node;
import io.hamlet.core.cluster.Tenure;
import io.hamlet.core.model.Proof;
import io.hamlet.manager.port.Fencing;
import io.hamlet.manager.port.Hearing;
import io.hamlet.manager.port.Proposals;
import io.hamlet.manager.runtime.ClusterLoop;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The leader has nodes turned off from which something cannot be taken otherwise, and then has it
 * committed that nothing runs there any more. A new leader does it again: off is off.
 */
public final class Bailiff implements ClusterLoop.Part {
  private static final Logger LOG = LoggerFactory.getLogger(Bailiff.class);
  private static final long FIRST_PAUSE = 1_000_000_000L;
  private static final long LONGEST_PAUSE = 60_000_000_000L;

  private final Ledger ledger;
  private final Sender sender;
  private final Hearing hearing;
  private final Fencing fencing;
  private final Runnable wake;
  private final TreeMap<String, Case> cases = new TreeMap<>();
  private volatile List<String> notices = List.of();

  /** One start of a node that is to be turned off. */
  private static final class Case {
    final long incarnation;
    final Once ended = new Once();
    CompletableFuture<Void> off;
    boolean done;
    int vain;
    long again = Long.MIN_VALUE;
    String failure = "";

    Case(long incarnation) {
      this.incarnation = incarnation;
    }
  }

  /**
   * @param wake has {@link #due} called soon; any thread
   */
  public Bailiff(
      Ledger ledger, Proposals proposals, Hearing hearing, Fencing fencing, Runnable wake) {
    this.ledger = ledger;
    this.sender = new Sender(proposals);
    this.hearing = hearing;
    this.fencing = fencing;
    this.wake = wake;
    ledger.listen(Ledger.Listener.waking(wake));
  }

  /** Whom it cannot turn off, and why. Any thread. */
  public List<String> notices() {
    return notices;
  }

  @Override
  public long due(long now) {
    ClusterState state = ledger.state();
    if (!ledger.lead().reigns(state)) {
      cases.clear();
      notices = List.of();
      return Long.MAX_VALUE;
    }
    long next = Long.MAX_VALUE;
    for (Node node : state.nodes().values()) {
      next = Math.min(next, judge(state, node, now));
    }
    cases.keySet().retainAll(state.nodes().keySet());
    notices =
        cases.entrySet().stream()
            .filter(e -> !e.getValue().failure.isEmpty())
            .map(e -> "the node " + e.getKey() + " cannot be turned off: " + e.getValue().failure)
            .collect(Collectors.toUnmodifiableList());
    return next;
  }

  private long judge(ClusterState state, Node node, long now) {
    Case known = cases.get(node.name());
    // What is under way is not given up: a node that is off has to be said to be.
    boolean turning = known != null && (known.done || known.off != null);
    boolean wanted =
        state.heldBy(node.name(), turning ? known.incarnation : node.incarnation()).stream()
            .anyMatch(t -> turning || isNeeded(state, node, t));
    if (!wanted) {
      cases.remove(node.name());
      return Long.MAX_VALUE;
    }
    if (known == null || !turning && known.incarnation != node.incarnation()) {
      known = new Case(node.incarnation());
      cases.put(node.name(), known);
    }
    return turn(state, node.name(), known, now);
  }

  private boolean isNeeded(ClusterState state, Node node, Tenure tenure) {
    boolean stuck = tenure.hold() instanceof Hold.Stuck;
    boolean lost = node.standing() == Node.Standing.LOST;
    boolean unsure = stuck || lost && tenure.policy().keeps();
    boolean asked =
        switch (state.fencing()) {
          case NONE -> false;
          case WHEN_UNSURE -> unsure;
          case REQUIRED -> unsure || lost;
        };
    return asked && state.maintenanceOf(tenure) == null;
  }

  private long turn(ClusterState state, String node, Case it, long now) {
    if (it.off != null && it.off.isDone()) {
      finish(node, it, now);
    }
    if (it.done) {
      ClusterEvent ended =
          new ClusterEvent.Ended(
              node, it.incarnation, Proof.FENCED, true, Fencer.suspects(state, hearing));
      return it.ended.propose(sender, ended, now, wake);
    }
    if (it.off == null && now >= it.again) {
      LOG.warn("the node {} is turned off", node);
      it.off = fencing.off(node);
      it.off.whenComplete((v, failure) -> wake.run());
    }
    return it.off == null ? it.again : Long.MAX_VALUE;
  }

  private static void finish(String node, Case it, long now) {
    Throwable told = it.off.handle((v, f) -> f).join();
    // What another thread has thrown comes wrapped.
    Throwable failure = told instanceof CompletionException wrapped ? wrapped.getCause() : told;
    it.off = null;
    if (failure == null) {
      it.done = true;
      it.failure = "";
      LOG.warn("the node {} is off", node);
    } else {
      it.failure = String.valueOf(failure.getMessage());
      LOG.warn("the node {} was not turned off: {}", node, it.failure);
      it.again = now + Math.min(FIRST_PAUSE << Math.min(it.vain++, 6), LONGEST_PAUSE);
    }
  }
}
