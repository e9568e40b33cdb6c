package io.hamlet.manager.port;

import io.hamlet.core.recovery.Effect;
import io.hamlet.core.recovery.HamEvent;

/**
 * Carries errands to other nodes and their outcomes back. Called on the thread that owns the tree,
 * never blocks, answers by the {@link Inbox} of that tree.
 */
public interface Courier {
  /** Answers Done or Failed, or nothing when nobody knows. */
  void ask(Effect.Ask effect);

  /** Tells the tree that asked; when that cannot be, it asks again. */
  void report(Effect.Report effect);

  /** Of a node that is in no cluster. */
  static Courier alone(Inbox inbox) {
    return new Courier() {
      @Override
      public void ask(Effect.Ask effect) {
        String why = "node '" + effect.errand().node() + "' is not reachable: there is no cluster";
        inbox.post(new HamEvent.Failed(effect.id(), why));
      }

      @Override
      public void report(Effect.Report effect) {
        // Whoever asked is gone with the cluster.
      }
    };
  }
}
