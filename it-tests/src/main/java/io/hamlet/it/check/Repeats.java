package io.hamlet.it.check;

import io.hamlet.core.model.EffectId;
import io.hamlet.core.recovery.Happening;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A signal reaches its receiver once, or each further time is told as a {@code repeat}. */
public final class Repeats {
  private Repeats() {}

  /**
   * @param sent how often each signal was sent
   */
  public static List<String> faults(Map<EffectId, Integer> sent, List<Happening> happenings) {
    List<String> faults = new ArrayList<>();
    sent.forEach(
        (id, times) -> {
          long told =
              happenings.stream()
                  .filter(h -> h.event().equals("repeat"))
                  .filter(h -> h.detail().equals("effect " + id + " sent again"))
                  .count();
          if (times - 1 > told) {
            faults.add("signal " + id + " was sent " + times + " times, repeats told: " + told);
          }
        });
    return faults;
  }
}
