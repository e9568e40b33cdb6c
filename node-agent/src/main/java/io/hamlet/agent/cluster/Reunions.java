package io.hamlet.agent.cluster;

import io.hamlet.manager.port.Member;
import io.hamlet.manager.port.Member.Role;
import io.hamlet.manager.runtime.ClusterLoop;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** Tells of each node whose HAM was not on the bus, or was another process, and is there now. */
final class Reunions implements ClusterLoop.Part {
  private final Consumer<String> met;
  private Set<Ham> before = Set.of();

  private record Ham(String node, long pid) {}

  /**
   * @param met hears the names, on the cluster thread
   */
  Reunions(Consumer<String> met) {
    this.met = met;
  }

  @Override
  public void viewChanged(List<Member> members) {
    Set<Ham> now = new HashSet<>();
    for (Member member : members) {
      Ham ham = new Ham(member.node(), member.pid());
      if (member.role() == Role.HAM && now.add(ham) && !before.contains(ham)) {
        met.accept(member.node());
      }
    }
    before = now;
  }
}
