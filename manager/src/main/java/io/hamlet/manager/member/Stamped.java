package io.hamlet.manager.member;

import io.hamlet.manager.port.Consensus;
import io.hamlet.manager.wire.ClusterCodec;
import io.hamlet.manager.wire.WireException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * The consensus as commands reach it at the leader: each gets the leader's moment here, whoever
 * sent it, so that the time of the cluster is one. What is no command is not taken. Thread-safe.
 */
public final class Stamped implements Consensus {
  private final Consensus consensus;
  private final Ledger ledger;

  public Stamped(Consensus consensus, Ledger ledger) {
    this.consensus = consensus;
    this.ledger = ledger;
  }

  @Override
  public CompletableFuture<Long> propose(byte[] command, Duration timeout) {
    byte[] stamped;
    try {
      ClusterCodec.Command read = ClusterCodec.decode(command);
      stamped = ClusterCodec.encode(new ClusterCodec.Command(ledger.now(), read.event()));
    } catch (WireException e) {
      return CompletableFuture.failedFuture(e);
    }
    return consensus.propose(stamped, timeout);
  }

  @Override
  public String leader() {
    return consensus.leader();
  }

  @Override
  public List<Voter> members() {
    return consensus.members();
  }

  @Override
  public CompletableFuture<Long> change(List<Voter> voters, Duration timeout) {
    return consensus.change(voters, timeout);
  }

  @Override
  public void close() {
    consensus.close();
  }
}
