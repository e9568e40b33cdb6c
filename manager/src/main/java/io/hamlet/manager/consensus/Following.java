package io.hamlet.manager.consensus;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.apache.ratis.proto.RaftProtos.ServerRpcProto;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.server.DivisionInfo;
import org.apache.ratis.server.RaftServer;

/**
 * How another follows a leader.
 *
 * @param next the entry that it is sent next
 * @param silence since it answered last, in milliseconds
 */
record Following(String voter, long next, long silence) {

  /** Of each that a leader sends entries to; none: it leads no more, or some just come or go. */
  static List<Following> of(DivisionInfo leader) {
    long[] next = leader.getFollowerNextIndices();
    List<ServerRpcProto> told = leader.getRoleInfoProto().getLeaderInfo().getFollowerInfoList();
    List<Following> all = new ArrayList<>();
    for (int i = 0; next != null && next.length == told.size() && i < next.length; i++) {
      ServerRpcProto one = told.get(i);
      String voter = one.getId().getId().toStringUtf8();
      all.add(new Following(voter, next[i], one.getLastRpcElapsedTimeMs()));
    }
    return all;
  }

  /** Whether a leader can commit: those that lack nothing committed, and answer, suffice. */
  static boolean suffices(RaftServer.Division leader, long patience) {
    List<String> voters =
        leader.getRaftConf().getAllPeers().stream()
            .map(RaftPeer::getId)
            .map(String::valueOf)
            .toList();
    long committed = leader.getRaftLog().getLastCommittedIndex();
    String self = leader.getMemberId().getPeerId().toString();
    return suffices(voters, self, committed, patience, of(leader.getInfo()));
  }

  static boolean suffices(
      Collection<String> voters,
      String self,
      long committed,
      long patience,
      Collection<Following> others) {
    long ready =
        others.stream()
            .filter(f -> voters.contains(f.voter) && f.next > committed && f.silence <= patience)
            .count();
    return 2 * (ready + (voters.contains(self) ? 1 : 0)) > voters.size();
  }
}
