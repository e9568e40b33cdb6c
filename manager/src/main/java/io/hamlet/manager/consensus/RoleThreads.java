package io.hamlet.manager.consensus;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.ratis.proto.RaftProtos.RaftPeerRole;
import org.apache.ratis.server.DivisionInfo;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.util.LifeCycle;

/**
 * Ratis 3.3 does the work of each role on a thread that ends at its first exception and tells
 * nobody; the role goes on without.
 */
final class RoleThreads {
  private static final String APPLIES = "StateMachineUpdater";

  private static final Map<RaftPeerRole, String> OF =
      Map.of(
          RaftPeerRole.LEADER, "LeaderStateImpl",
          RaftPeerRole.FOLLOWER, "FollowerState",
          RaftPeerRole.CANDIDATE, "LeaderElection");

  private RoleThreads() {}

  /** Which has ended, as a sentence; empty: none, as far as can be known in passing. */
  static String missing(RaftServer.Division voter) {
    DivisionInfo info = voter.getInfo();
    String work = OF.get(info.getCurrentRole());
    boolean isVoter = voter.getRaftConf().getPeer(voter.getMemberId().getPeerId()) != null;
    if (work == null || !isVoter || info.getLifeCycleState() != LifeCycle.State.RUNNING) {
      return "";
    }
    List<String> alive = alive(voter.getThreadGroup());
    for (String name : List.of(APPLIES, work)) {
      if (alive.stream().noneMatch(t -> t.matches(".*-" + name + "\\d*"))) {
        return "its thread " + name + " has ended";
      }
    }
    return "";
  }

  private static List<String> alive(ThreadGroup group) {
    Thread[] found = new Thread[2 * group.activeCount() + 16];
    int count = group.enumerate(found, false);
    return Arrays.stream(found, 0, count).map(Thread::getName).toList();
  }
}
