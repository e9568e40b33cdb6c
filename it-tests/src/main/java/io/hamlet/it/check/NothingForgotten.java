package io.hamlet.it.check;

import io.hamlet.core.model.RequestId;
import io.hamlet.core.recovery.Entry;
import io.hamlet.core.recovery.HamEvent;
import io.hamlet.core.recovery.Reply;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Every change that a client was told of stands in the log, once. */
public final class NothingForgotten {
  private NothingForgotten() {}

  /**
   * @param told answers that clients got, but for those to requests that only read
   */
  public static List<String> faults(List<Entry> log, Map<RequestId, Reply> told) {
    Map<List<Long>, Integer> logged = new HashMap<>();
    for (Entry entry : log) {
      if (entry.event() instanceof HamEvent.Requested r) {
        logged.merge(List.of(r.id().client(), r.id().sequence()), 1, Integer::sum);
      }
    }
    List<String> faults = new ArrayList<>();
    told.forEach(
        (id, reply) -> {
          int times = logged.getOrDefault(List.of(id.client(), id.sequence()), 0);
          boolean refused = reply instanceof Reply.No;
          if (times > 1 || (times == 0 && !refused)) {
            faults.add(id + " was answered " + reply + " and is logged " + times + " times");
          }
        });
    return faults;
  }
}
