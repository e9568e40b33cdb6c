package io.hamlet.manager.member;

import io.hamlet.core.cluster.ClusterEvent;
import io.hamlet.core.cluster.ClusterState;
import io.hamlet.core.cluster.Grafts;
import io.hamlet.core.cluster.Node;
import io.hamlet.core.lease.LeaseTimes;
import io.hamlet.core.model.Entity;
import io.hamlet.core.model.EntryId;
import io.hamlet.core.model.Proof;
import io.hamlet.manager.port.ClusterBus;
import io.hamlet.manager.port.Hearing;
import io.hamlet.manager.port.Member;
import io.hamlet.manager.port.Proposals;
import io.hamlet.manager.port.Replicas;
import io.hamlet.manager.port.Subject;
import io.hamlet.manager.runtime.ClusterLoop;
import io.hamlet.manager.wire.GraftCodec;
import io.hamlet.manager.wire.InquiryCodec;
import io.hamlet.manager.wire.InquiryCodec.Body;
import io.hamlet.manager.wire.InquiryCodec.Inquiry;
import io.hamlet.manager.wire.WireException;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides which nodes are lost, and which are heard again. Each voter answers what it hears; the
 * leader asks when it hears nothing itself, and has a loss committed when a majority agrees. One
 * that cannot commit asks, and nothing comes of it. Subject INQUIRY.
 */
public final class LossJudge implements ClusterLoop.Part, Hearing.Listener {
  private static final Logger LOG = LoggerFactory.getLogger(LossJudge.class);

  /** Between two rounds about a node that others hear. */
  private static final long PAUSE = 50_000_000L;

  /** From the entry by which a node is back, until its silence counts again, at least. */
  private static final long WELCOME = 1_000_000_000L;

  private final String own;
  private final Ledger ledger;
  private final Sender sender;
  private final Senses senses;
  private final Runnable wake;
  private final TreeMap<String, Inquest> inquests = new TreeMap<>();
  private final TreeMap<String, Long> pauses = new TreeMap<>();
  private final TreeMap<String, Long> standings = new TreeMap<>();
  private final TreeMap<String, Long> welcomes = new TreeMap<>();
  private final TreeMap<String, Once> proposals = new TreeMap<>();
  private final Map<String, String> notices = new ConcurrentSkipListMap<>();
  private SortedMap<String, LeaseTimes> watched = new TreeMap<>();
  private TreeSet<String> seen = new TreeSet<>();
  private long round;

  /**
   * What a voter knows of others.
   *
   * @param times of the own lease, taken for those of whoever told none
   */
  public record Senses(Hearing hearing, Replicas replicas, ClusterBus bus, LeaseTimes times) {}

  /**
   * @param wake has {@link #due} called soon; any thread
   */
  public LossJudge(String own, Ledger ledger, Proposals proposals, Senses senses, Runnable wake) {
    this.own = own;
    this.ledger = ledger;
    this.sender = new Sender(proposals);
    this.senses = senses;
    this.wake = wake;
    ledger.listen(Ledger.Listener.waking(wake));
  }

  /** What is not done for a loss that this node has judged, while it lasts. Any thread. */
  public List<String> notices() {
    return List.copyOf(notices.values());
  }

  @Override
  public void silent(String node, long incarnation) {
    wake.run();
  }

  @Override
  public void heardAgain(String node, long incarnation) {
    wake.run();
  }

  @Override
  public void received(Member from, Subject subject, byte[] message) {
    Inquiry inquiry;
    try {
      inquiry = InquiryCodec.decode(message);
    } catch (WireException e) {
      LOG.warn("a message of {} is passed over: {}", from.node(), e.getMessage());
      return;
    }
    switch (inquiry.body()) {
      case Body.Question q ->
          say(from, new Inquiry(inquiry.node(), inquiry.round(), finding(inquiry.node(), q.cut())));
      case Body.Finding f -> {
        Inquest inquest = inquests.get(inquiry.node());
        boolean wanted = inquest != null && inquest.round() == inquiry.round();
        if (wanted && ledger.state().voters().containsKey(from.node())) {
          inquest.found(from.node(), f);
        }
      }
    }
  }

  /**
   * Who is gone from the view is asked for at once. Who never was in it is only not met yet: a
   * manager that begins meets nobody at first, and has no quick word on anybody's silence.
   */
  @Override
  public void viewChanged(List<Member> members) {
    TreeSet<String> now = new TreeSet<>();
    members.forEach(m -> now.add(m.node()));
    for (Node node : ledger.state().nodes().values()) {
      boolean gone = seen.contains(node.name()) && !now.contains(node.name());
      if (gone && node.standing() == Node.Standing.UP) {
        senses.hearing().gone(node.name());
      }
    }
    seen = now;
  }

  @Override
  public long due(long now) {
    ClusterState state = ledger.state();
    watch(state);
    welcome(state, now);
    notices.keySet().removeIf(node -> !isLost(state, node) && !inquests.containsKey(node));
    if (!ledger.lead().reigns(state)) {
      inquests.clear();
      pauses.clear();
      proposals.clear();
      return Long.MAX_VALUE;
    }
    long next = Long.MAX_VALUE;
    for (Node node : state.nodes().values()) {
      if (!node.name().equals(own)) {
        next = Math.min(next, judge(state, node, now));
      }
    }
    return next;
  }

  private long judge(ClusterState state, Node node, long now) {
    return switch (node.standing()) {
      case LEFT -> {
        forget(node.name());
        yield Long.MAX_VALUE;
      }
      case LOST -> {
        inquests.remove(node.name());
        if (!senses.hearing().heardUnder(node.name(), node.incarnation())) {
          proposals.remove(node.name());
          yield Long.MAX_VALUE;
        }
        long loss = node.loss().number();
        yield propose(node, new ClusterEvent.Heard(node.name(), node.incarnation(), loss), now);
      }
      case UP -> {
        if (!senses.hearing().suspects(node.name())) {
          forget(node.name());
          yield Long.MAX_VALUE;
        }
        long welcomed = welcomes.getOrDefault(node.name(), Long.MIN_VALUE);
        yield now < welcomed ? welcomed : suspect(state, node, now);
      }
    };
  }

  private long suspect(ClusterState state, Node node, long now) {
    Inquest inquest = inquests.get(node.name());
    if (inquest == null || inquest.isOld(now)) {
      long pause = pauses.getOrDefault(node.name(), Long.MIN_VALUE);
      if (now < pause) {
        return pause;
      }
      inquest = new Inquest(node.name(), state.voters().keySet(), ++round, now);
      inquests.put(node.name(), inquest);
      ask(state, node.name());
      inquest.found(own, finding(node.name(), true));
    }
    return switch (inquest.verdict(now)) {
      case OPEN -> inquest.next(now);
      case NOT_LOST -> {
        inquests.remove(node.name());
        pauses.put(node.name(), now + PAUSE);
        yield now + PAUSE;
      }
      case LOST -> lost(node, inquest, now);
    };
  }

  private long lost(Node node, Inquest inquest, long now) {
    List<Entity> graft = inquest.graft(own);
    if (graft != null) {
      notice(node.name(), graft.size(), inquest.leftOut(own));
      EntryId newest = inquest.newest();
      ClusterEvent loss =
          new ClusterEvent.Lost(
              node.name(),
              node.incarnation(),
              node.since(),
              newest.epoch(),
              newest.index(),
              Proof.NONE,
              graft);
      return propose(node, loss, now);
    }
    String holder = inquest.longest(own);
    Member member = senses.bus().ham(holder);
    if (inquest.asksForCut(holder, now) && member != null) {
      say(member, new Inquiry(node.name(), inquest.round(), new Body.Question(true)));
    }
    return now + Inquest.FOR_THE_REST;
  }

  private void notice(String node, int grafted, int leftOut) {
    if (leftOut == 0) {
      return;
    }
    String notice =
        ("of the entities of node '%s' that care about its loss %d go on and %d are left out: their"
                + " conditions are more than one command of the cluster holds (%d KiB); have fewer"
                + " of them, or one of '*:.global'")
            .formatted(node, grafted, leftOut, GraftCodec.MOST_BYTES / 1024);
    if (!notice.equals(notices.put(node, notice))) {
      LOG.warn("{}", notice);
    }
  }

  private long propose(Node node, ClusterEvent event, long now) {
    return proposals
        .computeIfAbsent(node.name(), n -> new Once())
        .propose(sender, event, now, wake);
  }

  private void forget(String node) {
    inquests.remove(node);
    pauses.remove(node);
    proposals.remove(node);
  }

  private void ask(ClusterState state, String node) {
    for (String voter : state.voters().keySet()) {
      Member member = voter.equals(own) || voter.equals(node) ? null : senses.bus().ham(voter);
      if (member != null) {
        say(member, new Inquiry(node, round, new Body.Question(false)));
      }
    }
  }

  private Body.Finding finding(String node, boolean cut) {
    Replicas.Tree tree = senses.replicas().of(node);
    EntryId newest = tree == null ? EntryId.NONE : tree.state().last();
    boolean silent = senses.hearing().suspects(node);
    if (!cut) {
      return new Body.Finding(silent, newest, null, 0);
    }
    List<Entity> whole = tree == null ? List.of() : Grafts.of(tree.state());
    List<Entity> graft = GraftCodec.fitting(whole);
    return new Body.Finding(silent, newest, graft, whole.size() - graft.size());
  }

  private static boolean isLost(ClusterState state, String node) {
    Node known = state.nodes().get(node);
    return known != null && known.standing() == Node.Standing.LOST;
  }

  /**
   * Who is back was silent until now, and has to learn first that it is back. Its next sign may be
   * an interval away, and on a busy host longer: it has a whole lease of its own.
   */
  private void welcome(ClusterState state, long now) {
    for (Node node : state.nodes().values()) {
      Long before = standings.put(node.name(), node.since());
      if (before != null
          && before.longValue() != node.since()
          && node.standing() == Node.Standing.UP) {
        welcomes.put(node.name(), now + Math.max(WELCOME, times(node).leaseNanos()));
      }
    }
    standings.keySet().retainAll(state.nodes().keySet());
    welcomes.keySet().retainAll(state.nodes().keySet());
  }

  /** Lost ones too: they may be heard again. */
  private void watch(ClusterState state) {
    SortedMap<String, LeaseTimes> wanted = new TreeMap<>();
    for (Node node : state.nodes().values()) {
      if (node.standing() != Node.Standing.LEFT) {
        wanted.put(node.name(), times(node));
      }
    }
    if (!wanted.equals(watched)) {
      watched = wanted;
      senses.hearing().watch(watched);
    }
  }

  private LeaseTimes times(Node node) {
    return senses.times().told(node.terms().lease());
  }

  private void say(Member to, Inquiry inquiry) {
    senses.bus().send(to, Subject.INQUIRY, InquiryCodec.encode(inquiry));
  }
}
