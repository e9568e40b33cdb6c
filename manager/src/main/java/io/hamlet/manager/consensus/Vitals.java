package io.hamlet.manager.consensus;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import org.apache.ratis.proto.RaftProtos.FollowerInfoProto;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.TransferLeadershipRequest;
import org.apache.ratis.server.RaftServer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the guards of a voter see of it, and what they may do to it. Thread-safe. */
final class Vitals implements StallGuard.Leader, HangGuard.Voter {
  private static final Logger LOG = LoggerFactory.getLogger(Vitals.class);

  private final VoterConfig config;
  private final RaftGroupId group;
  private final RaftServer server;
  private final ClientId client;
  private final Proposals proposals;
  private final Replica replica;
  private final Unanswered unanswered;
  private final BooleanSupplier ended;
  private final DiskProbe disk;

  Vitals(
      VoterConfig config,
      RaftServer server,
      ClientId client,
      Proposals proposals,
      Replica replica,
      Unanswered unanswered,
      BooleanSupplier ended) {
    this.config = config;
    this.group = RaftGroupId.valueOf(config.group());
    this.server = server;
    this.client = client;
    this.proposals = proposals;
    this.replica = replica;
    this.unanswered = unanswered;
    this.ended = ended;
    this.disk = new DiskProbe(config);
  }

  // --- the disk of a leader

  @Override
  public boolean isLeading() {
    return !ended.getAsBoolean()
        && replica.isLeading()
        && division().getRaftConf().getAllPeers().size() > 1;
  }

  @Override
  public long flushed() {
    return division().getRaftLog().getFlushIndex();
  }

  @Override
  public boolean isBusy() {
    return !proposals.isEmpty() || flushed() < division().getRaftLog().getLastCommittedIndex();
  }

  // --- the inside of a voter

  @Override
  public HangGuard.Sight sight() {
    RaftServer.Division division = division();
    String missing = RoleThreads.missing(division);
    if (!missing.isEmpty()) {
      return new HangGuard.Sight(false, 0, 0, missing);
    }
    boolean leads = division.getInfo().isLeader();
    long term = leads ? division.getInfo().getCurrentTerm() : 0;
    long mark = leads ? replica.getLastAppliedTermIndex().getIndex() : unanswered.oldest();
    String waits = leads ? ofLeader(division, mark) : ofFollower(division, mark);
    return new HangGuard.Sight(leads, term, mark, waits);
  }

  /** Who waits for others that catch up, or are away, does not hang. */
  private String ofLeader(RaftServer.Division division, long applied) {
    boolean waits = !proposals.isEmpty() || flushed() > applied;
    return waits && Following.suffices(division, config.stall().toMillis())
        ? "commands behind entry " + applied
        : "";
  }

  private String ofFollower(RaftServer.Division division, long oldest) {
    return oldest == Unanswered.NONE ? forsaken(division) : "entries of the leader";
  }

  /** A sound follower that hears from no leader has become a candidate long ago. */
  private String forsaken(RaftServer.Division division) {
    if (!division.getInfo().isFollower()
        || division.getRaftConf().getPeer(server.getId()) == null) {
      return "";
    }
    FollowerInfoProto info = division.getInfo().getRoleInfoProto().getFollowerInfo();
    boolean silent = info.getLeaderInfo().getLastRpcElapsedTimeMs() > config.hang().toMillis();
    return silent ? "an election" : "";
  }

  private RaftServer.Division division() {
    try {
      return server.getDivision(group);
    } catch (IOException e) {
      throw new IllegalStateException("the voter has gone", e);
    }
  }

  @Override
  public CompletableFuture<Void> probe() {
    return disk.begin();
  }

  @Override
  public void stepDown() {
    LOG.warn("Nothing goes on at voter {}; it gives up leading", config.node());
    try {
      server.transferLeadershipAsync(
          new TransferLeadershipRequest(
              client, server.getId(), group, proposals.next(), null, config.stall().toMillis()));
    } catch (IOException | RuntimeException e) {
      LOG.warn("The voter {} cannot give up leading: {}", config.node(), String.valueOf(e));
    }
  }
}
