package io.hamlet.manager.member;

import io.hamlet.core.model.EffectId;
import io.hamlet.core.model.Errand;
import io.hamlet.core.model.ErrandId;
import io.hamlet.core.recovery.Effect;
import io.hamlet.core.recovery.HamEvent;
import io.hamlet.core.recovery.HamState;
import io.hamlet.manager.port.Courier;
import io.hamlet.manager.port.Inbox;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Errands of the cluster for the leader's own node: they do not travel, but are logged and done by
 * the node's tree as any other. Thread-safe.
 */
public final class AtHome implements Courier {
  private final String node;
  private final String boot;
  private final Courier far;
  private final Inbox tree;
  private final Inbox answers;
  private final Set<EffectId> open = ConcurrentHashMap.newKeySet();

  /**
   * @param node this one
   * @param boot that it is in
   * @param far for all other nodes
   * @param tree of this node
   * @param answers where the cluster's answers go
   */
  public AtHome(String node, String boot, Courier far, Inbox tree, Inbox answers) {
    this.node = node;
    this.boot = boot;
    this.far = far;
    this.tree = tree;
    this.answers = answers;
  }

  @Override
  public void ask(Effect.Ask effect) {
    if (!effect.errand().node().equals(node)) {
      far.ask(effect);
      return;
    }
    if (effect.isForAnother(boot)) {
      answers.post(new HamEvent.Failed(effect.id(), Errand.beganAnew(node)));
      return;
    }
    open.add(effect.id());
    long born = effect.expires() - Errand.SPAN.toNanos();
    ErrandId id = new ErrandId(HamState.CLUSTER, effect.id());
    tree.post(new HamEvent.Asked(id, effect.errand(), born, effect.expires()));
  }

  @Override
  public void report(Effect.Report effect) {
    far.report(effect);
  }

  /** The courier of the node's own tree, which reports what it did for the cluster. */
  public Courier around(Courier ofNode) {
    return new Courier() {
      @Override
      public void ask(Effect.Ask effect) {
        ofNode.ask(effect);
      }

      @Override
      public void report(Effect.Report effect) {
        boolean ours = effect.id().tree().equals(HamState.CLUSTER);
        if (ours && open.remove(effect.id().effect())) {
          answers.post(answer(effect.id().effect(), effect.fate()));
        } else {
          ofNode.report(effect);
        }
      }
    };
  }

  private static HamEvent answer(EffectId id, Errand.Fate fate) {
    return switch (fate) {
      case Errand.Fate.Done d -> new HamEvent.Done(id);
      case Errand.Fate.Failed f -> new HamEvent.Failed(id, f.why(), f.done());
      case Errand.Fate.Refused r -> new HamEvent.Failed(id, r.why());
      case Errand.Fate.Expired e -> new HamEvent.Failed(id, "expired before it began");
    };
  }
}
