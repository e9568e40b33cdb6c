package io.hamlet.it.check;

import io.hamlet.core.model.Entity;
import io.hamlet.core.model.Life;
import io.hamlet.core.recovery.HamState;
import java.util.ArrayList;
import java.util.List;

/** After the faults every entity runs again, as one process, and nothing is under way. */
public final class Recovered {
  private Recovered() {}

  public static List<String> faults(HamState state, List<Observed> all) {
    List<String> faults = new ArrayList<>();
    for (Observed seen : all) {
      Entity entity = state.entities().get(seen.entity());
      if (entity == null || !(entity.life() instanceof Life.Up up)) {
        faults.add(seen.entity() + " does not run: " + (entity == null ? null : entity.life()));
      } else if (!seen.living().equals(List.of(up.process()))) {
        faults.add(seen.entity() + " should be " + up.process() + ", lives " + seen.living());
      }
    }
    if (!state.lanes().isEmpty() || !state.open().isEmpty()) {
      faults.add("still under way: " + state.lanes() + state.open());
    }
    return faults;
  }
}
