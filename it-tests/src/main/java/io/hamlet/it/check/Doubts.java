package io.hamlet.it.check;

import io.hamlet.core.model.EffectId;
import io.hamlet.core.recovery.Entry;
import io.hamlet.core.recovery.HamEvent;
import io.hamlet.core.recovery.Happening;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A command that one manager sent on its way and another found begun is told as {@code outcome
 * unknown}; no other is.
 */
public final class Doubts {
  private static final String FLAG = "outcome unknown";

  private Doubts() {}

  /**
   * @param commands all that ever began
   */
  public static List<String> faults(
      List<Entry> log, Set<EffectId> commands, List<Happening> happenings) {
    Map<EffectId, Long> reigns = new HashMap<>();
    int doubtful = 0;
    for (Entry entry : log) {
      long reign = entry.id().epoch();
      if (entry.event() instanceof HamEvent.Prepared p) {
        reigns.put(p.effect(), reign);
      } else if (entry.event() instanceof HamEvent.Started s && commands.contains(s.effect())) {
        doubtful += reigns.get(s.effect()) == reign ? 0 : 1;
      }
    }
    long told =
        happenings.stream()
            .filter(h -> h.event().equals("action-done") && h.reason().equals(FLAG))
            .count();
    return told == doubtful
        ? List.of()
        : List.of(doubtful + " commands are in doubt, and " + told + " are told to be");
  }
}
