package io.hamlet.manager.errand;

import io.hamlet.core.model.Errand;
import io.hamlet.manager.port.ClusterBus;
import io.hamlet.manager.port.Member;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Who is certainly not there. Thread-safe. */
final class Reach {
  private final ClusterBus bus;
  private final long began;
  private final Set<String> known = ConcurrentHashMap.newKeySet();

  /**
   * @param began when this manager began, CLOCK_BOOTTIME in nanoseconds
   */
  Reach(ClusterBus bus, long began) {
    this.bus = bus;
    this.began = began;
  }

  void seen(List<Member> members) {
    members.forEach(member -> known.add(member.node()));
  }

  /**
   * No manager of that node is in the view. Who has just begun, after a takeover for example, has
   * not met everybody yet, and gives each node the span of an errand to come.
   */
  boolean lacks(String node, long now) {
    for (Member member : bus.view()) {
      if (member.node().equals(node)) {
        return false;
      }
    }
    return known.contains(node) || now - began > Errand.SPAN.toNanos();
  }
}
