package io.hamlet.manager.member;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hamlet.core.cluster.ClusterEvent;
import io.hamlet.core.model.Moment;
import io.hamlet.manager.wire.ClusterCodec;
import org.junit.jupiter.api.Test;

/** An entry of a newer version, or a damaged one. */
class LedgerTest {
  private static final byte[] UNREADABLE = {(byte) 0xff, 1};

  private final Ledger ledger = new Voting("a", "b", "c").voter("a").ledger;
  private final long last = ledger.state().last();

  /**
   * Found in review: the consensus took it for applied, and wrote the state of before as a snapshot
   * of after.
   */
  @Test
  void anEntryThatCannotBeReadStopsTheLedgerAndWhoeverCountsOnIt() {
    assertThatThrownBy(() -> ledger.committed(last + 1, 1, UNREADABLE))
        .isInstanceOf(IllegalStateException.class);
    assertThat(ledger.fault()).contains("cannot be read");
    byte[] good =
        ClusterCodec.encode(new ClusterCodec.Command(Moment.ZERO, new ClusterEvent.Forgotten("x")));
    assertThatThrownBy(() -> ledger.committed(last + 2, 1, good))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(ledger::snapshot).isInstanceOf(IllegalStateException.class);
    assertThat(ledger.state().last()).isEqualTo(last);
  }
}
