package io.hamlet.agent.cluster;

import io.hamlet.manager.member.TreeFeed;
import io.hamlet.manager.member.TreeFollower;
import io.hamlet.manager.port.Member;
import io.hamlet.manager.port.Subject;
import io.hamlet.manager.runtime.ClusterLoop;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * How the cluster's tree comes here or goes from here: a node follows a voter until it votes
 * itself, and feeds the others from then on. Cluster thread.
 */
final class TreeSide implements ClusterLoop.Part {
  private final TreeFeed feed;
  private final TreeFollower follower;
  private final BooleanSupplier votes;

  TreeSide(TreeFeed feed, TreeFollower follower, BooleanSupplier votes) {
    this.feed = feed;
    this.follower = follower;
    this.votes = votes;
  }

  @Override
  public void received(Member from, Subject subject, byte[] message) {
    side().received(from, subject, message);
  }

  @Override
  public void viewChanged(List<Member> members) {
    feed.viewChanged(members);
    follower.viewChanged(members);
  }

  @Override
  public long due(long now) {
    return side().due(now);
  }

  private ClusterLoop.Part side() {
    return votes.getAsBoolean() ? feed : follower;
  }
}
