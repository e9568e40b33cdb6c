package io.hamlet.agent;

import io.hamlet.agent.cluster.ClusterNode;
import io.hamlet.agent.guardian.PairPage;
import io.hamlet.core.model.EntryId;
import io.hamlet.core.recovery.HamState;
import io.hamlet.manager.log.LogJournal;
import io.hamlet.manager.port.AckLevels;
import io.hamlet.manager.port.Ticker;
import io.hamlet.manager.runtime.BeatWatch;
import io.hamlet.manager.runtime.EffectRouter;
import io.hamlet.manager.runtime.EventHistory;
import io.hamlet.manager.runtime.HamLoop;
import io.hamlet.manager.runtime.Mailbox;
import java.util.List;
import java.util.function.Supplier;

/**
 * What a HAM begins with.
 *
 * @param first the id of its first entry
 * @param sockets listening descriptors of the one before; empty: they are to be made
 * @param cluster null: it is in none
 * @param stuck why a dead HAM is still in the way; null: none is
 */
record Inheritance(
    HamState state,
    EntryId first,
    String boot,
    LogJournal journal,
    EventHistory history,
    PairPage page,
    List<Integer> sockets,
    ClusterNode cluster,
    Supplier<String> stuck) {
  /** The one before did not end by {@code ham stop}. */
  boolean afterFailure() {
    return !sockets.isEmpty() || (state.boot().equals(boot) && !state.stopping());
  }

  HamLoop loop(
      Mailbox mailbox, Ticker ticker, BeatWatch beats, EffectRouter.Outside outside, boolean held) {
    AckLevels levels = cluster == null ? AckLevels.alone(journal) : cluster.levels(journal);
    HamLoop loop =
        new HamLoop(state, first, mailbox, journal, ticker, beats, history, outside, held, levels);
    if (cluster != null) {
      cluster.replicate(journal, state, loop, ticker);
    }
    return loop;
  }
}
