package io.hamlet.agent.process;

import io.hamlet.core.recovery.Effect;
import io.hamlet.core.recovery.HamEvent;
import io.hamlet.manager.port.Inbox;

/**
 * Ends what has lost its right to run, and says so only when nothing of it is left. What cannot be
 * ended is tried for ever, and told. Core thread.
 */
final class Quells {
  /** SIGKILL works at once; what is there after this hangs in the kernel. */
  private static final long STUCK_NANOS = 2_000_000_000L;

  private final Inbox inbox;
  private final Remains remains;

  Quells(Inbox inbox, Remains remains) {
    this.inbox = inbox;
    this.remains = remains;
  }

  /** Asked again with less grace, the shorter one ends it first: ending twice does no harm. */
  void quell(Effect.Quell effect) {
    Quelling quelling = new Quelling(effect);
    Remains.Pace pace = new Remains.Pace(effect.grace().toNanos(), STUCK_NANOS);
    effect.those().forEach(one -> quelling.end(one, pace));
  }

  private final class Quelling {
    private final Effect.Quell effect;
    private int left;

    Quelling(Effect.Quell effect) {
      this.effect = effect;
      this.left = effect.those().size();
    }

    void end(Effect.Remains one, Remains.Pace pace) {
      remains.clear(one, pace, why -> ended(one, why));
    }

    private void ended(Effect.Remains one, String why) {
      if (why != null) {
        inbox.post(new HamEvent.Failed(effect.id(), "stuck: " + why));
        end(one, new Remains.Pace(0, STUCK_NANOS));
      } else if (--left == 0) {
        inbox.post(new HamEvent.Done(effect.id()));
      }
    }
  }
}
