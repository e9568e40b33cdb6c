package io.hamlet.manager.consensus;

import org.apache.ratis.grpc.server.GrpcLogAppender;
import org.apache.ratis.proto.RaftProtos.AppendEntriesRequestProto;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.leader.FollowerInfo;
import org.apache.ratis.server.leader.LeaderState;
import org.apache.ratis.server.raftlog.RaftLog;
import org.apache.ratis.server.raftlog.RaftLogIOException;

/**
 * A leader tells a follower of nothing as committed that the same message does not prove to be in
 * the follower's log. Ratis 3.3 does when it knows of no common entry: who hears that takes the
 * first entry of its own log for committed, whoever wrote it, and never again goes along with a
 * leader whose log begins with another (DECISIONS.md, "Who founds may have led alone before").
 */
final class SureAppender extends GrpcLogAppender {
  SureAppender(RaftServer.Division server, LeaderState state, FollowerInfo follower) {
    super(server, state, follower);
  }

  @Override
  public AppendEntriesRequestProto newAppendEntriesRequest(long callId, boolean heartbeat)
      throws RaftLogIOException {
    AppendEntriesRequestProto request = super.newAppendEntriesRequest(callId, heartbeat);
    return request == null ? null : sure(request);
  }

  static AppendEntriesRequestProto sure(AppendEntriesRequestProto request) {
    int entries = request.getEntriesCount();
    long proved =
        entries == 0 ? RaftLog.INVALID_LOG_INDEX : request.getEntries(entries - 1).getIndex();
    return request.hasPreviousLog() || request.getLeaderCommit() <= proved
        ? request
        : request.toBuilder().setLeaderCommit(proved).build();
  }
}
