package io.hamlet.manager.member;

import io.hamlet.core.cluster.ClusterEvent;
import io.hamlet.core.cluster.ClusterState;
import io.hamlet.core.cluster.Node;
import io.hamlet.core.model.Proof;
import io.hamlet.manager.port.Hearing;
import io.hamlet.manager.port.Obituaries;
import io.hamlet.manager.port.Proposals;
import io.hamlet.manager.runtime.ClusterLoop;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Has it committed that a leash has ended what its node ran; at once, and whoever hears it. {@link
 * #ended}: any thread.
 */
public final class Mourner implements ClusterLoop.Part, Obituaries {
  private final Ledger ledger;
  private final Sender sender;
  private final Hearing hearing;
  private final Runnable wake;
  private final TreeMap<String, Word> words = new TreeMap<>();
  private final ConcurrentLinkedQueue<Word> heard = new ConcurrentLinkedQueue<>();

  /** Of a leash. */
  private record Word(String node, long incarnation, boolean all, Once once) {
    boolean saysMoreThan(Word known) {
      return known == null
          || incarnation > known.incarnation
          || incarnation == known.incarnation && all && !known.all;
    }
  }

  /**
   * @param wake has {@link #due} called soon; any thread
   */
  public Mourner(Ledger ledger, Proposals proposals, Hearing hearing, Runnable wake) {
    this.ledger = ledger;
    this.sender = new Sender(proposals);
    this.hearing = hearing;
    this.wake = wake;
    ledger.listen(Ledger.Listener.waking(wake));
  }

  @Override
  public void ended(String node, long incarnation, boolean all) {
    heard.add(new Word(node, incarnation, all, new Once()));
    wake.run();
  }

  @Override
  public long due(long now) {
    for (Word word = heard.poll(); word != null; word = heard.poll()) {
      if (word.saysMoreThan(words.get(word.node()))) {
        words.put(word.node(), word);
      }
    }
    ClusterState state = ledger.state();
    long next = Long.MAX_VALUE;
    for (Word word : List.copyOf(words.values())) {
      List<String> avoid = Fencer.suspects(state, hearing);
      ClusterEvent.Ended ended =
          new ClusterEvent.Ended(
              word.node(), word.incarnation(), Proof.OBITUARY, word.all(), avoid);
      if (isNews(state, ended)) {
        next = Math.min(next, word.once().propose(sender, ended, now, wake));
      } else {
        words.remove(word.node());
      }
    }
    return next;
  }

  private static boolean isNews(ClusterState state, ClusterEvent.Ended ended) {
    Node node = state.nodes().get(ended.node());
    if (node == null || ended.incarnation() > node.incarnation()) {
      return false;
    }
    boolean proved = node.isFenced() && node.fence().proof().compareTo(ended.proof()) >= 0;
    return ended.incarnation() == node.incarnation() && !proved
        || state.tenures().values().stream().anyMatch(ended::frees);
  }
}
