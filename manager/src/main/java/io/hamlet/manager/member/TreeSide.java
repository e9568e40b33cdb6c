package io.hamlet.manager.member;

import io.hamlet.manager.port.Member;
import io.hamlet.manager.port.Subject;
import io.hamlet.manager.runtime.ClusterLoop;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * How the cluster's tree comes here or goes from here: a node follows a voter until it votes
 * itself, and feeds the others from then on. Cluster thread.
 */
public final class TreeSide implements ClusterLoop.Part {
  private final TreeFeed feed;
  private final TreeFollower follower;
  private final BooleanSupplier votes;

  /**
   * @param votes whether it does so now
   */
  public TreeSide(TreeFeed feed, TreeFollower follower, BooleanSupplier votes) {
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
    if (!votes.getAsBoolean()) {
      feed.rest();
    }
    return side().due(now);
  }

  private ClusterLoop.Part side() {
    return votes.getAsBoolean() ? feed : follower;
  }
}
