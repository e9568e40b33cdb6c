package io.hamlet.manager.consensus;

import java.util.EnumSet;
import org.apache.ratis.conf.Parameters;
import org.apache.ratis.grpc.GrpcConfigKeys;
import org.apache.ratis.grpc.GrpcFactory;
import org.apache.ratis.grpc.server.GrpcServices;
import org.apache.ratis.rpc.RpcFactory;
import org.apache.ratis.rpc.RpcType;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.leader.FollowerInfo;
import org.apache.ratis.server.leader.LeaderState;
import org.apache.ratis.server.leader.LogAppender;
import org.apache.ratis.thirdparty.io.grpc.netty.NettyServerBuilder;

/**
 * Ratis over gRPC, with a {@link SureVote} and {@link OneAppend} between the voter and the others.
 * A candidate's vote for itself may be lost while it only asks: so it is settled when it has won,
 * before it writes or sends anything. Made by Ratis, by this name.
 */
final class SureRpc implements RpcType {
  private static final String VOTE = "hamlet.vote";

  /**
   * Has Ratis use it.
   *
   * @param unanswered is told of what comes in, before all others
   */
  static void use(SureVote vote, Unanswered unanswered, Parameters parameters) {
    parameters.put(VOTE, vote, SureVote.class);
    OneAppend appends = new OneAppend(OneAppend.LONGEST);
    GrpcConfigKeys.Server.setServicesCustomizer(
        parameters,
        (NettyServerBuilder builder, EnumSet<GrpcServices.Type> types) ->
            builder.intercept(vote).intercept(appends).intercept(unanswered));
  }

  @Override
  public String name() {
    return SureRpc.class.getName();
  }

  @Override
  public RpcFactory newFactory(Parameters parameters) {
    SureVote vote = parameters.getNonNull(VOTE, SureVote.class);
    return new GrpcFactory(parameters) {
      @Override
      public LogAppender newLogAppender(
          RaftServer.Division server, LeaderState state, FollowerInfo follower) {
        vote.settle();
        return new SureAppender(server, state, follower);
      }
    };
  }
}
