package io.hamlet.agent.cluster;

import io.hamlet.agent.config.ClusterConfig;
import io.hamlet.agent.config.NodeConfig;
import io.hamlet.core.model.EntryId;
import io.hamlet.core.recovery.HamState;
import io.hamlet.manager.api.Cluster;
import io.hamlet.manager.cluster.JGroupsBus;
import io.hamlet.manager.errand.Errands;
import io.hamlet.manager.log.LogJournal;
import io.hamlet.manager.log.Mark;
import io.hamlet.manager.log.ReignId;
import io.hamlet.manager.port.AckLevels;
import io.hamlet.manager.port.ClusterBus;
import io.hamlet.manager.port.Courier;
import io.hamlet.manager.port.Journal;
import io.hamlet.manager.port.Member;
import io.hamlet.manager.port.Requests;
import io.hamlet.manager.port.Subject;
import io.hamlet.manager.port.Ticker;
import io.hamlet.manager.replica.Copies;
import io.hamlet.manager.replica.Homecoming;
import io.hamlet.manager.replica.Replication;
import io.hamlet.manager.runtime.ClusterLoop;
import io.hamlet.manager.wire.Hello;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This manager as a part of its cluster: as a Guardian a member of the bus and no more; from the
 * reign on also the thread that serves the cluster. Thread-safe.
 */
public final class ClusterNode implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ClusterNode.class);
  private static final Duration GRACE = Duration.ofSeconds(1);

  private final NodeConfig config;
  private final ClusterConfig cluster;
  private final JGroupsBus bus;
  private final SeenNodes directory;
  private volatile Hello own;
  private volatile ClusterThread thread;
  private volatile Errands errands;
  private volatile Copies copies;
  private volatile Replication replication;
  private volatile Homecoming home;
  private Homecoming.Outcome came = Homecoming.Outcome.NONE;

  private ClusterNode(NodeConfig config, Member self, LongSupplier bootNanos) throws IOException {
    this.config = config;
    this.cluster = config.cluster().orElseThrow();
    this.directory = new SeenNodes(cluster.name(), voters());
    this.own = hello(self, 0);
    this.bus = new JGroupsBus(BusPlace.of(cluster), own, bootNanos, new Ears());
  }

  /**
   * A member to be. Null for a node in no cluster, and for one that cannot be in its cluster, which
   * is told in the log: it cares for its own entities anyway.
   *
   * @param bootNanos CLOCK_BOOTTIME
   */
  private static ClusterNode of(NodeConfig config, Member.Role role, LongSupplier bootNanos) {
    if (config.cluster().isEmpty()) {
      return null;
    }
    Member self = new Member(config.node(), role, ProcessHandle.current().pid(), 0, "");
    try {
      return new ClusterNode(config, self, bootNanos);
    } catch (IOException e) {
      LOG.error(
          "this node is without its cluster, because its key cannot be read: {}", e.getMessage());
      return null;
    }
  }

  /** A member that acts; its bus opens with its {@link #reign}. */
  public static ClusterNode ofHam(NodeConfig config, LongSupplier bootNanos) {
    return of(config, Member.Role.HAM, bootNanos);
  }

  /** A member that stands by. Its bus opens at once. */
  public static ClusterNode ofGuardian(NodeConfig config, LongSupplier bootNanos) {
    ClusterNode node = of(config, Member.Role.GUARDIAN, bootNanos);
    if (node != null) {
      node.bus.start();
    }
    return node;
  }

  /** Who carries the errands of the node's own tree from the reign on; before that. */
  public Courier courier(Errands.Own here, Ticker ticker) {
    errands = new Errands(here, bus, ticker, this::ring);
    return errands.ofNode();
  }

  private List<String> voters() {
    return cluster.voters().isEmpty() ? List.of(config.node()) : cluster.voters();
  }

  /**
   * Asks the other voters for the longest copy of this node's tree, before the reign: what is here
   * may be less. Opens the bus, as one that stands by.
   *
   * @param limit for them to answer
   */
  public Homecoming.Outcome comeHome(ReignId reign, Mark end, LongSupplier clock, Duration limit)
      throws IOException, InterruptedException {
    List<String> others = voters().stream().filter(v -> !v.equals(config.node())).toList();
    if (others.isEmpty()) {
      return came;
    }
    home = new Homecoming(config.node(), config.places().state(), bus, others, clock);
    Member before = own.member();
    own = hello(new Member(before.node(), Member.Role.GUARDIAN, before.pid(), 0, ""), 0);
    bus.announce(own);
    bus.start();
    came = home.seek(reign, end, limit);
    home = null;
    return came;
  }

  /** How far the node's log gets, on its own disk and on others; before the reign. */
  public AckLevels levels(Journal journal) {
    copies = new Copies(config.node(), journal, this::voters);
    return copies;
  }

  /**
   * Feeds the replicas of the node's tree from the reign on, and keeps those of other trees; before
   * that, and behind {@link #levels}.
   *
   * @param state that the reign begins with
   */
  public void replicate(LogJournal journal, HamState state, Requests requests, Ticker ticker) {
    Path live = config.places().memory().resolve("log");
    Path kept = config.places().state().resolve("replicas");
    replication =
        new Replication(
            new Replication.Config(config.node(), live, kept),
            bus,
            copies,
            this::voters,
            state,
            requests,
            ticker);
    journal.onAppend(replication::appended);
  }

  private void ring() {
    ClusterThread serving = thread;
    if (serving != null) {
      serving.loop().post(() -> {});
    }
  }

  /**
   * Acts from now on.
   *
   * @param first id of the first entry of the reign
   */
  public void reign(EntryId first, Ticker ticker) {
    boolean stoodBy = own.member().role() == Member.Role.GUARDIAN;
    ClusterThread serving = new ClusterThread(ticker);
    serving.loop().add(directory);
    serving.loop().addDirect(errands, Subject.ERRAND);
    serving.loop().addDirect(replication, Subject.REPLICA);
    replication.start();
    replication.offers().submit(came.surplus());
    serving.start();
    thread = serving;
    Member before = own.member();
    own =
        hello(
            new Member(before.node(), Member.Role.HAM, before.pid(), first.incarnation(), ""),
            first.epoch());
    bus.announce(own);
    if (stoodBy) {
      // Who is there was told to a Guardian that did not mind.
      serving.loop().viewChanged(bus.view());
    } else {
      bus.start();
    }
  }

  /**
   * Tells the others where this manager serves them.
   *
   * @param port of its API; -1: it serves only its own host
   */
  public void serves(int port) {
    if (port > 0 && config.listen().isPresent()) {
      Member before = own.member();
      own =
          hello(
              new Member(
                  before.node(),
                  before.role(),
                  before.pid(),
                  before.incarnation(),
                  config.listen().get().reachedAt(cluster.bind().address(), port)),
              own.epoch());
      bus.announce(own);
    }
  }

  /** What clients are offered beyond this node. */
  public Cluster offered() {
    return new Cluster(directory, replication, errands, null);
  }

  /** What an operator should know, each with what to do. */
  public List<String> notices() {
    List<String> all = new ArrayList<>(bus.notices());
    if (replication != null) {
      all.addAll(replication.notices());
    }
    return all;
  }

  /** Leaves in good order. */
  @Override
  public void close() {
    if (replication != null) {
      replication.close();
    }
    bus.close();
    if (thread != null) {
      thread.stop(GRACE);
    }
  }

  private Hello hello(Member self, long epoch) {
    return new Hello(Hello.VERSION, cluster.name(), "", self, epoch, 0);
  }

  /** A Guardian hears everything and minds nothing. */
  private final class Ears implements ClusterBus.Listener {
    @Override
    public void received(Member from, Subject subject, byte[] message) {
      ClusterLoop loop = loop();
      Homecoming coming = home;
      if (loop != null) {
        loop.received(from, subject, message);
      } else if (coming != null && subject == Subject.REPLICA) {
        coming.received(from, message);
      }
    }

    @Override
    public void viewChanged(List<Member> members) {
      ClusterLoop loop = loop();
      if (loop != null) {
        loop.viewChanged(members);
      }
    }

    private ClusterLoop loop() {
      ClusterThread serving = thread;
      return serving == null ? null : serving.loop();
    }
  }
}
