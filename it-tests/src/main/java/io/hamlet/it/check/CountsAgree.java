package io.hamlet.it.check;

import io.hamlet.core.model.Entity;
import io.hamlet.core.recovery.HamState;
import java.util.ArrayList;
import java.util.List;

/**
 * Each death is counted once and answered by one start, no more and no less; so what never died was
 * never restarted.
 */
public final class CountsAgree {
  private CountsAgree() {}

  public static List<String> faults(HamState state, List<Observed> all) {
    List<String> faults = new ArrayList<>();
    for (Observed seen : all) {
      Entity entity = state.entities().get(seen.entity());
      if (entity == null) {
        continue;
      }
      long deaths = entity.stats().deaths();
      if (deaths != seen.starts() - seen.living().size()) {
        faults.add(
            seen.entity()
                + ": "
                + deaths
                + " deaths counted, but "
                + seen.starts()
                + " starts and "
                + seen.living().size()
                + " alive");
      }
      if (entity.stats().restarts() != seen.starts() - 1) {
        faults.add(
            seen.entity()
                + ": "
                + entity.stats().restarts()
                + " restarts, starts "
                + seen.starts());
      }
    }
    return faults;
  }
}
