package io.hamlet.manager.port;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * One order of commands for all voters (architecture.md 5). What is committed is on the disks of a
 * majority and is never lost. Thread-safe; nothing here blocks.
 */
public interface Consensus extends AutoCloseable {
  /** Longest command in bytes; with what is said around it, it fits into a message of the bus. */
  int MOST_BYTES = ClusterBus.MOST_BYTES - 1_024;

  /**
   * Has a command committed; only the leader can.
   *
   * @return completes with its index. Completes with {@link NotLeader} when it was certainly not
   *     taken, and with {@link Unknown} when it may still be committed, now or later.
   */
  CompletableFuture<Long> propose(byte[] command, Duration timeout);

  /** Who leads as far as this voter knows; null: nobody it knows of. A hint, never a proof. */
  String leader();

  /** The voters in the order of their names, as of the newest set this voter's log has. */
  List<Voter> members();

  /** The same, by name. */
  default List<String> voters() {
    return members().stream().map(Voter::node).toList();
  }

  /**
   * Replaces the set of voters; it must differ by one voter, added or removed. Only the leader can;
   * completes like {@link #propose}. A voter to be added must be running, and is waited for.
   *
   * @throws IllegalArgumentException when it differs by more or by nothing
   */
  CompletableFuture<Long> change(List<Voter> voters, Duration timeout);

  @Override
  void close();

  /**
   * One voter.
   *
   * @param address {@code HOST:PORT} of its consensus server
   * @param life which storage it votes with; empty for a founder. A voter that lost its storage has
   *     lost its vote as well, so it comes back under another life, as another member.
   */
  record Voter(String node, String address, String life) {
    /** A founder. */
    public Voter(String node, String address) {
      this(node, address, "");
    }
  }

  /** The replicated state. All calls come from one thread at a time, in order. */
  interface Machine {
    /**
     * The next command; the same sequence at every voter.
     *
     * @param index its place in the order: rises, but not one by one
     */
    void committed(long index, long term, byte[] command);

    /** The state as of the last command, from which {@link #restore} can go on. */
    byte[] snapshot();

    /**
     * Begins anew from a snapshot of another voter, or of an earlier run.
     *
     * @param index not before that of its last command, and before that of the next
     */
    void restore(long index, byte[] snapshot);

    /**
     * Somebody leads from now on, or nobody known.
     *
     * @param node null: nobody is known to lead
     * @param own this voter leads, and has applied a command of its own term
     */
    void leaderChanged(String node, long term, boolean own);

    /** This voter cannot go on, for example because its disk failed; it takes part no more. */
    void failed(String why);
  }

  /** Certainly not taken; the leader, if known, is named. */
  final class NotLeader extends RuntimeException {
    private final transient String leader;

    public NotLeader(String leader) {
      super(leader == null ? "no leader is known" : leader + " leads");
      this.leader = leader;
    }

    public String leader() {
      return leader;
    }
  }

  /** Nobody knows whether it will be committed. */
  final class Unknown extends RuntimeException {
    public Unknown(String message) {
      super(message);
    }
  }
}
