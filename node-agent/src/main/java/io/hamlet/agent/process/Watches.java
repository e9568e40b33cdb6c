package io.hamlet.agent.process;

import io.hamlet.agent.os.KernelException;
import io.hamlet.agent.os.Reactor;
import io.hamlet.core.model.Exit;
import io.hamlet.core.recovery.Effect;
import io.hamlet.core.recovery.HamEvent;
import io.hamlet.manager.port.Inbox;
import java.util.HashMap;
import java.util.Map;

/** Whose death is to be told. Core thread. */
final class Watches {
  private record Key(long uid, long life) {}

  /** A watch that stands, and the process it stands on. */
  private record Standing(Tracked tracked, Tracked.Mourner mourner) {}

  /** Wanted, but the kernel has no descriptor to spare. */
  private static final Standing NOT_YET = new Standing(null, null);

  private static final long AGAIN_NANOS = 1_000_000_000L;

  private final Processes processes;
  private final Reactor reactor;
  private final Inbox inbox;
  private final Map<Key, Standing> standing = new HashMap<>();

  Watches(Processes processes, Reactor reactor, Inbox inbox) {
    this.reactor = reactor;
    this.processes = processes;
    this.inbox = inbox;
  }

  int size() {
    return standing.size();
  }

  void watch(Effect.Watch effect) {
    Key key = new Key(effect.uid(), effect.life());
    if (standing.containsKey(key)) {
      return;
    }
    Tracked tracked;
    try {
      tracked = processes.find(effect.process(), effect.home());
    } catch (KernelException e) {
      standing.put(key, NOT_YET);
      reactor.after(AGAIN_NANOS, () -> again(key, effect));
      return;
    }
    if (tracked == null) {
      inbox.post(died(effect, Exit.UNKNOWN));
      return;
    }
    Tracked.Mourner mourner = (exit, late) -> mourn(key, effect, exit, late);
    if (tracked.exit == null || tracked.awaitsCause) {
      tracked.mourners.add(mourner);
    }
    if (tracked.exit != null) {
      inbox.post(died(effect, tracked.exit));
    } else {
      standing.put(key, new Standing(tracked, mourner));
    }
  }

  void unwatch(Effect.Unwatch effect) {
    Standing watch = standing.remove(new Key(effect.uid(), effect.life()));
    if (watch != null && watch != NOT_YET) {
      watch.tracked().mourners.remove(watch.mourner());
      processes.release(watch.tracked());
    }
  }

  private void again(Key key, Effect.Watch effect) {
    if (standing.remove(key, NOT_YET)) {
      watch(effect);
    }
  }

  private void mourn(Key key, Effect.Watch watch, Exit exit, boolean late) {
    standing.remove(key);
    inbox.post(
        late
            ? new HamEvent.ExitLearned(watch.entity(), watch.uid(), watch.life(), exit)
            : died(watch, exit));
  }

  private static HamEvent died(Effect.Watch watch, Exit exit) {
    return new HamEvent.Died(watch.entity(), watch.uid(), watch.life(), exit);
  }
}
