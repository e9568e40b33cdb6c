package io.hamlet.manager.consensus;

import io.hamlet.manager.port.Consensus.Machine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.LongPredicate;
import java.util.function.LongSupplier;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.proto.RaftProtos.RaftConfigurationProto;
import org.apache.ratis.proto.RaftProtos.RoleInfoProto;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftGroupMemberId;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.protocol.exceptions.StateMachineException;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.statemachine.StateMachineStorage;
import org.apache.ratis.statemachine.TransactionContext;
import org.apache.ratis.statemachine.impl.BaseStateMachine;
import org.apache.ratis.util.LifeCycle;

/** What Ratis calls, handed to the machine. Entries of Ratis itself are not shown to it. */
final class Replica extends BaseStateMachine {
  private final Machine machine;
  private final Lane lane;
  private final ClientId own;
  private final LongPredicate take;
  private final LongSupplier term;
  private final SureVote vote;
  private final SnapshotWeight weight;
  private final Consumer<String> failure;
  private final Snapshots snapshots = new Snapshots();

  private volatile boolean isLeading;
  private volatile boolean isLeaderless = true;
  private volatile long newestTerm;

  /**
   * @param own whose commands are taken; nobody else may submit here
   * @param take told of an entry's number just before it is appended; false: it must not be
   * @param term the current one
   * @param vote settled before this voter leads
   * @param weight of what no snapshot has yet
   * @param failure hears why this voter cannot go on
   */
  Replica(
      Machine machine,
      Lane lane,
      ClientId own,
      LongPredicate take,
      LongSupplier term,
      SureVote vote,
      SnapshotWeight weight,
      Consumer<String> failure) {
    this.machine = machine;
    this.lane = lane;
    this.own = own;
    this.take = take;
    this.term = term;
    this.vote = vote;
    this.weight = weight;
    this.failure = failure;
  }

  @Override
  public void initialize(RaftServer server, RaftGroupId group, RaftStorage storage)
      throws IOException {
    super.initialize(server, group, storage);
    getLifeCycle().startAndTransition(() -> begin(storage), IOException.class);
  }

  private void begin(RaftStorage storage) throws IOException {
    vote.guard(storage);
    snapshots.init(storage);
    restore();
  }

  private void restore() throws IOException {
    byte[] bytes = snapshots.read();
    if (bytes != null) {
      TermIndex at = snapshots.getLatestSnapshot().getTermIndex();
      lane.call(
          () -> {
            machine.restore(Bundle.place(at.getIndex(), Bundle.MOST - 1), bytes);
            return null;
          });
      setLastAppliedTermIndex(at);
      weight.taken(bytes.length);
    }
  }

  @Override
  public StateMachineStorage getStateMachineStorage() {
    return snapshots;
  }

  // --- commands

  @Override
  public TransactionContext startTransaction(RaftClientRequest request) throws IOException {
    TransactionContext begun = super.startTransaction(request);
    if (!own.equals(request.getClientId())) {
      begun.setException(new IOException("commands are proposed by the voters themselves"));
    }
    return begun;
  }

  @Override
  public TransactionContext preAppendTransaction(TransactionContext begun) throws IOException {
    if (!take.test(begun.getClientRequest().getCallId())) {
      throw new StateMachineException("nobody waits for it any more", false);
    }
    return begun;
  }

  @Override
  public CompletableFuture<Message> applyTransaction(TransactionContext committed) {
    LogEntryProto entry = committed.getLogEntry();
    byte[] bytes = entry.getStateMachineLogEntry().getLogData().toByteArray();
    List<byte[]> commands;
    try {
      commands = Bundle.decode(bytes);
      lane.call(
          () -> {
            commit(entry, commands);
            return null;
          });
    } catch (IOException | RuntimeException e) {
      failure.accept("entry " + entry.getIndex() + " cannot be applied: " + e);
      throw new IllegalStateException(e);
    }
    updateLastAppliedTermIndex(entry.getTerm(), entry.getIndex());
    weight.applied(commands.size(), bytes.length);
    return CompletableFuture.completedFuture(Message.EMPTY);
  }

  private void commit(LogEntryProto entry, List<byte[]> commands) {
    for (int i = 0; i < commands.size(); i++) {
      machine.committed(Bundle.place(entry.getIndex(), i), entry.getTerm(), commands.get(i));
    }
  }

  // --- snapshots

  @Override
  public long takeSnapshot() {
    TermIndex at = getLastAppliedTermIndex();
    byte[] bytes = lane.call(machine::snapshot);
    try {
      snapshots.write(at, bytes);
      weight.taken(bytes.length);
    } catch (IOException e) {
      failure.accept("a snapshot cannot be written: " + e.getMessage());
      throw new UncheckedIOException(e);
    }
    return at.getIndex();
  }

  @Override
  public void pause() {
    getLifeCycle().transition(LifeCycle.State.PAUSING);
    getLifeCycle().transition(LifeCycle.State.PAUSED);
    try {
      snapshots.syncArrived();
    } catch (IOException e) {
      failure.accept("a snapshot cannot be written: " + e.getMessage());
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void reinitialize() throws IOException {
    restore();
    if (getLifeCycleState() == LifeCycle.State.PAUSED) {
      getLifeCycle().transition(LifeCycle.State.STARTING);
      getLifeCycle().transition(LifeCycle.State.RUNNING);
    }
  }

  // --- who leads

  @Override
  public void notifyConfigurationChanged(long entryTerm, long index, RaftConfigurationProto to) {
    newestTerm = entryTerm;
  }

  /** An entry of the own term has just been applied; on the thread that applied it. */
  @Override
  public void notifyLeaderReady() {
    vote.settle(); // A sole voter has asked nobody and sent nothing.
    long current = newestTerm;
    isLeading = true;
    isLeaderless = false;
    lane.post(() -> machine.leaderChanged(Peers.node(getId()), current, true));
    lane.call(() -> null);
  }

  @Override
  public void notifyLeaderChanged(RaftGroupMemberId member, RaftPeerId leader) {
    isLeaderless = false;
    long current = term.getAsLong();
    lane.post(() -> machine.leaderChanged(Peers.node(leader), current, false));
  }

  @Override
  public void notifyNotLeader(Collection<TransactionContext> pending) {
    isLeading = false;
    lost();
  }

  @Override
  public void notifyExtendedNoLeader(RoleInfoProto role) {
    if (!isLeaderless) {
      lost();
    }
  }

  private void lost() {
    isLeaderless = true;
    long current = term.getAsLong();
    lane.post(() -> machine.leaderChanged(null, current, false));
  }

  boolean isLeading() {
    return isLeading;
  }

  // --- the end

  @Override
  public void notifyLogFailed(Throwable cause, LogEntryProto entry) {
    failure.accept("its log cannot be written: " + cause.getMessage());
  }

  @Override
  public void close() {
    failure.accept("Ratis has stopped it: it was removed from the voters, or see the log");
  }
}
