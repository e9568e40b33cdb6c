package io.hamlet.agent.process;

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

  private final Processes processes;
  private final Inbox inbox;
  private final Map<Key, Standing> standing = new HashMap<>();

  Watches(Processes processes, Inbox inbox) {
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
    Tracked tracked = processes.find(effect.process(), effect.home());
    if (tracked == null) {
      inbox.post(died(effect, Exit.UNKNOWN));
      return;
    }
    Tracked.Mourner mourner = (exit, late) -> mourn(key, effect, exit, late);
    tracked.mourners.add(mourner);
    if (tracked.exit != null) {
      inbox.post(died(effect, tracked.exit));
    } else {
      standing.put(key, new Standing(tracked, mourner));
    }
  }

  void unwatch(Effect.Unwatch effect) {
    Standing watch = standing.remove(new Key(effect.uid(), effect.life()));
    if (watch != null) {
      watch.tracked().mourners.remove(watch.mourner());
      processes.release(watch.tracked());
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
