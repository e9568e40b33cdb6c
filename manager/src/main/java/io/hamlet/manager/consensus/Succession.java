package io.hamlet.manager.consensus;

import io.hamlet.manager.port.Consensus.Voter;
import java.io.IOException;
import java.util.List;
import org.apache.ratis.proto.RaftProtos.RaftRpcRequestProto;
import org.apache.ratis.proto.RaftProtos.StartLeaderElectionRequestProto;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.util.ProtoUtils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who follows a leader that is proved to be dead. Nobody need wait for its silence; but if two
 * stood at once they would halve the votes, so one does. If that one is away as well, or lacks
 * something that was committed, silence decides as ever.
 */
final class Succession {
  private static final Logger LOG = LoggerFactory.getLogger(Succession.class);

  private Succession() {}

  /** The first by name of those that are left. */
  static boolean isHeir(Voter self, String dead, List<Voter> voters) {
    return voters.stream()
        .filter(v -> !v.node().equals(dead))
        .findFirst()
        .filter(self::equals)
        .isPresent();
  }

  /**
   * Does what a leader has its chosen successor do, and is as safe: a new term, an election, and no
   * vote for whoever has less in its log.
   */
  static void stand(RaftServer server, RaftServer.Division division, RaftPeerId dead) {
    RaftRpcRequestProto.Builder from =
        RaftRpcRequestProto.newBuilder()
            .setRequestorId(dead.toByteString())
            .setReplyId(server.getId().toByteString())
            .setRaftGroupId(ProtoUtils.toRaftGroupIdProtoBuilder(division.getGroup().getGroupId()));
    try {
      server.startLeaderElection(
          StartLeaderElectionRequestProto.newBuilder()
              .setServerRequest(from)
              .setLeaderLastEntry(division.getRaftLog().getLastEntryTermIndex().toProto())
              .build());
    } catch (IOException | RuntimeException e) {
      LOG.debug("it does not stand for election: {}", e.getMessage());
    }
  }
}
