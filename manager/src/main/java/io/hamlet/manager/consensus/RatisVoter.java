package io.hamlet.manager.consensus;

import io.hamlet.manager.port.Consensus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftGroup;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.protocol.SetConfigurationRequest;
import org.apache.ratis.protocol.SnapshotManagementRequest;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.thirdparty.com.google.protobuf.UnsafeByteOperations;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A voter: Ratis on the acting HAM of one node. Thread-safe. */
public final class RatisVoter implements Consensus {
  private static final Logger LOG = LoggerFactory.getLogger(RatisVoter.class);
  private static final byte[] NO_COMMAND = {};
  private static final Duration LONGEST_CLOSE = Duration.ofSeconds(5);

  /** After this one may be asked for again. */
  private static final long SNAPSHOT_MILLIS = 60_000;

  /** Whoever asks has counted already. */
  private static final long LEAST_ENTRIES = 1;

  private final VoterConfig config;
  private final Machine machine;
  private final RaftGroupId group;
  private final ClientId client = ClientId.randomId();
  private final Voter self;
  private final List<Voter> founders;
  private final Lane lane;
  private final Proposals proposals = new Proposals(this::leader);
  private final Submitter submitter;
  private final AtomicBoolean ended = new AtomicBoolean();
  private final CompletableFuture<String> hung = new CompletableFuture<>();
  private final StallGuard stall;
  private final HangGuard hang;
  private final Replica replica;
  private final RaftServer server;
  private volatile RaftServer.Division division;
  private volatile String failure = "";

  private RatisVoter(VoterConfig config, Machine machine) throws IOException {
    this.config = config;
    this.machine = machine;
    group = RaftGroupId.valueOf(config.group());
    VoterStorage storage = VoterStorage.open(config);
    LogCheck.mend(VoterStorage.log(config), VoterStorage.remedy(config));
    self = storage.self();
    founders = storage.founders();
    lane = new Lane(config.node());
    submitter = new Submitter(config.node(), proposals, this::submit);
    SureVote vote = new SureVote(this::fail);
    SnapshotWeight weight =
        new SnapshotWeight(config.snapshotEvery(), config.snapshotBytes(), this::snapshot);
    replica =
        new Replica(machine, lane, client, proposals::take, this::term, vote, weight, this::fail);
    VoterSettings.calmTheInside();
    Unanswered unanswered = new Unanswered();
    RaftStorage.StartupOption option =
        Files.exists(VoterStorage.log(config))
            ? RaftStorage.StartupOption.RECOVER
            : RaftStorage.StartupOption.FORMAT;
    server =
        RaftServer.newBuilder()
            .setServerId(Peers.id(self))
            .setGroup(RaftGroup.valueOf(group, Peers.of(storage.founders())))
            .setOption(option)
            .setStateMachine(replica)
            .setProperties(VoterSettings.properties(config, storage.founders().size() == 1))
            .setParameters(VoterSettings.parameters(config, vote, unanswered))
            .build();
    Vitals vitals = new Vitals(config, server, client, proposals, replica, unanswered, ended::get);
    stall = new StallGuard(config.node(), config.stall(), vitals, this::fail);
    hang = new HangGuard(config.node(), config.hang(), vitals, this::hang);
  }

  /**
   * Makes the storage of a voter that has none yet, and names with whom it founds; on the disk when
   * it returns, and {@link #hasBegun} from then on. It votes when it is started.
   *
   * @throws IOException as {@link #start}
   */
  public static void prepare(VoterConfig config) throws IOException {
    VoterStorage.open(config);
  }

  /**
   * Starts it; reads the log, which takes time.
   *
   * @throws IOException when storage or port cannot be used, with what to do about it. Storage that
   *     is damaged is never used: who goes on with less than it has acknowledged breaks the
   *     promise.
   */
  public static RatisVoter start(VoterConfig config, Machine machine) throws IOException {
    RatisVoter voter = new RatisVoter(config, machine);
    try {
      voter.server.start();
      voter.division = voter.server.getDivision(voter.group);
      voter.hang.start();
      return voter;
    } catch (IOException | RuntimeException e) {
      voter.close();
      throw new IOException("the voter cannot start: " + rootOf(e), e);
    }
  }

  /** Has Ratis take one soon, on the thread that applies. */
  private CompletableFuture<?> snapshot() {
    SnapshotManagementRequest request =
        SnapshotManagementRequest.newCreate(
            client, server.getId(), group, 0, SNAPSHOT_MILLIS, LEAST_ENTRIES);
    try {
      return server.snapshotManagementAsync(request);
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private static String rootOf(Throwable e) {
    Throwable root = e;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root.getMessage() == null ? root.toString() : root.getMessage();
  }

  /** True when a voter has begun in that directory; then its founders are known there. */
  public static boolean hasBegun(Path directory) {
    return VoterStorage.hasBegun(directory);
  }

  /**
   * Empties the directory of a voter that was removed and has been closed. What is left after a
   * crash is not taken for a voter.
   */
  public static void clear(Path directory) throws IOException {
    VoterStorage.clear(directory);
  }

  /** With whom this voter founded the cluster, this one included; empty: it was added later. */
  public List<Voter> founders() {
    return founders;
  }

  /** How others are to name this voter in {@link #change}. */
  public Voter self() {
    return self;
  }

  /**
   * A node was away and is there again: its voter is dialled anew. A connection from before would
   * be tried again by the kernel as long after the cut as the cut has lasted, and one that was
   * refused is tried by gRPC after up to two minutes. Returns at once.
   */
  public void met(String node) {
    for (Voter voter : members()) {
      if (voter.node().equals(node) && !voter.equals(self)) {
        Lane.daemon(() -> redial(Peers.id(voter)), "redial-" + node).start();
      }
    }
  }

  /**
   * A node is proved to be dead. If it led, the first of the other voters stands for election at
   * once; all must be told, and do nothing. Returns at once.
   */
  public void mourn(String node) {
    RaftServer.Division known = division;
    RaftPeerId leader = known == null || ended.get() ? null : known.getInfo().getLeaderId();
    boolean led = leader != null && Peers.node(leader).equals(node);
    if (led && Succession.isHeir(self, node, members())) {
      Lane.daemon(() -> Succession.stand(server, known, leader), "stand-" + config.node()).start();
    }
  }

  private void redial(RaftPeerId peer) {
    // Who is interrupted does not wait for what is still on the old connection, and closes it.
    Thread.currentThread().interrupt();
    server.getServerRpc().handleException(peer, new IOException("it was away"), true);
  }

  /** Why it ended by itself; empty: it did not. */
  public String failure() {
    return failure;
  }

  /**
   * Completes, with what waits, when this voter stands still inside. It has ended then; a process
   * that begins with the same storage goes on where this one stood.
   */
  public CompletableFuture<String> hung() {
    return hung;
  }

  private void hang(String why) {
    if (fail("it hangs: " + why)) {
      hung.complete(why);
    }
  }

  @Override
  public CompletableFuture<Long> propose(byte[] command, Duration timeout) {
    if (command.length > MOST_BYTES) {
      throw new IllegalArgumentException(
          "a command of " + command.length + " bytes; at most " + MOST_BYTES);
    }
    Proposals.Proposal proposal = proposals.begin(command.clone(), timeout);
    submitter.add(proposal);
    stall.begin();
    return proposal.future;
  }

  private void submit(Proposals.Entry entry) {
    if (ended.get() || !replica.isLeading()) {
      entry.fail("not leading");
      return;
    }
    byte[] bytes = entry.bytes();
    if (bytes == null) {
      return;
    }
    RaftClientRequest request =
        RaftClientRequest.newBuilder()
            .setClientId(client)
            .setServerId(server.getId())
            .setGroupId(group)
            .setCallId(entry.number)
            .setMessage(Message.valueOf(UnsafeByteOperations.unsafeWrap(bytes)))
            .setType(RaftClientRequest.writeRequestType())
            .build();
    try {
      server.submitClientRequestAsync(request).whenComplete((r, e) -> answer(entry, r, e));
    } catch (IOException | RuntimeException e) {
      answer(entry, null, e);
    }
  }

  private void answer(Proposals.Entry entry, RaftClientReply reply, Throwable error) {
    if (reply != null && reply.isSuccess()) {
      entry.done(reply.getLogIndex());
    } else {
      entry.fail(String.valueOf(reply == null ? rootOf(error) : reply.getException()));
    }
  }

  @Override
  public CompletableFuture<Long> change(List<Voter> voters, Duration timeout) {
    List<Voter> now = members();
    Set<Voter> changed = new HashSet<>(voters);
    changed.removeAll(now);
    Set<Voter> removed = new HashSet<>(now);
    voters.forEach(removed::remove);
    if (voters.isEmpty() || changed.size() + removed.size() != 1) {
      throw new IllegalArgumentException("one voter at a time: from " + now + " to " + voters);
    }
    Proposals.Proposal proposal = proposals.begin(NO_COMMAND, timeout);
    submitter.add(proposal, entry -> submitChange(entry, now, voters));
    stall.begin();
    return proposal.future;
  }

  private void submitChange(Proposals.Entry entry, List<Voter> from, List<Voter> to) {
    if (!replica.isLeading() || !proposals.take(entry.number)) {
      entry.fail("not leading");
      return;
    }
    SetConfigurationRequest request =
        new SetConfigurationRequest(
            client,
            server.getId(),
            group,
            entry.number,
            SetConfigurationRequest.Arguments.newBuilder()
                .setMode(SetConfigurationRequest.Mode.COMPARE_AND_SET)
                .setServersInCurrentConf(Peers.of(from))
                .setServersInNewConf(Peers.of(to))
                .build());
    try {
      server
          .setConfigurationAsync(request)
          .whenComplete(
              (reply, error) -> {
                if (reply != null && reply.isSuccess()) {
                  entry.done(division.getRaftConf().getLogEntryIndex());
                } else {
                  answer(entry, reply, error);
                }
              });
    } catch (IOException | RuntimeException e) {
      answer(entry, null, e);
    }
  }

  @Override
  public String leader() {
    RaftServer.Division known = division;
    RaftPeerId leader = known == null || ended.get() ? null : known.getInfo().getLeaderId();
    return leader == null ? null : Peers.node(leader);
  }

  @Override
  public List<Voter> members() {
    RaftServer.Division known = division;
    return known == null ? List.of() : Peers.voters(known.getRaftConf().getAllPeers());
  }

  private long term() {
    try {
      return server.getDivision(group).getInfo().getCurrentTerm();
    } catch (IOException e) {
      return 0;
    }
  }

  /** Ends it for a reason that the machine is told; false when it has ended before. */
  private boolean fail(String why) {
    if (!ended.compareAndSet(false, true)) {
      return false;
    }
    failure = why;
    LOG.error("The voter {} ends: {}", config.node(), why);
    lane.post(() -> machine.failed(why));
    Lane.daemon(this::end, "end-" + config.node()).start();
    return true;
  }

  /** Waits a few seconds at most; what a hanging disk holds is left to the end of the JVM. */
  @Override
  public void close() {
    ended.set(true);
    Thread ending = Lane.daemon(this::end, "end-" + config.node());
    ending.start();
    try {
      ending.join(LONGEST_CLOSE.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized void end() {
    submitter.close();
    stall.close();
    hang.close();
    proposals.failAll("this voter has ended");
    try {
      server.close();
      lane.close();
    } catch (IOException | RuntimeException e) {
      LOG.warn("The voter {} did not end in order: {}", config.node(), rootOf(e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
