package io.hamlet.agent;

import io.hamlet.agent.cluster.ClusterNode;
import io.hamlet.agent.config.NodeConfig;
import io.hamlet.agent.guardian.LogFollower;
import io.hamlet.agent.guardian.PairPage;
import io.hamlet.agent.os.BootId;
import io.hamlet.agent.os.ffm.FfmKernel;
import io.hamlet.core.model.EntryId;
import io.hamlet.core.model.Limits;
import io.hamlet.core.recovery.HamState;
import io.hamlet.manager.log.LogJournal;
import io.hamlet.manager.log.LogStore;
import io.hamlet.manager.log.ReignId;
import io.hamlet.manager.replica.HomeDirectory;
import io.hamlet.manager.replica.Homecoming;
import io.hamlet.manager.replica.NameTaken;
import io.hamlet.manager.runtime.EventHistory;
import io.hamlet.manager.runtime.Replay;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;

/** The two ways to become the acting HAM: from the logs that are found, or from a dead HAM's. */
final class NodeAgent {
  /** For the voters to say what they have of a tree that may have lost something. */
  private static final Duration VOTERS_LIMIT = Duration.ofSeconds(2);

  private final Launch launch;
  private final FfmKernel kernel;
  private final Standby standby;
  private final NodeConfig config;
  private final String boot;

  /** Highest epoch of the tree that another node knows of. */
  private long seen;

  NodeAgent(Launch launch) throws IOException {
    this(launch, new Standby(launch, new FfmKernel()));
  }

  /** With what was looked up before. */
  NodeAgent(Launch launch, Standby standby) throws IOException {
    this.kernel = standby.kernel();
    this.standby = standby;
    this.launch = launch;
    this.boot = BootId.current();
    this.config = launch.config();
  }

  /**
   * Reads what is there and acts until the node has ended.
   *
   * @return the exit status for the launcher
   */
  int run() throws Exception {
    config.places().create();
    Leftovers.record(config.places());
    Leftovers.clearBehind(config.places());
    ClusterNode cluster = ClusterNode.ofHam(config, kernel::now);
    try (LogStore store = open(cluster);
        PairPage page = PairPage.open(kernel, config.places().memory().resolve("pair"))) {
      standby.pair(page);
      EventHistory history = Replay.history(store.recovered().snapshot());
      HamState state = replayed(store.recovered(), history);
      return reign(store, state, history, page, List.of(), cluster);
    }
  }

  private HamState replayed(LogStore.Recovered found, EventHistory history) {
    found.findings().forEach(launch.link()::notice);
    return Replay.of(found.snapshot(), found.entries(), history);
  }

  /** What is here; or, where that may be less, what the voters of the cluster have of it. */
  private LogStore open(ClusterNode cluster) throws IOException, InterruptedException, NameTaken {
    Path state = config.places().state();
    HomeDirectory.settle(state);
    LogStore store = LogStore.open(where());
    if (cluster == null || store.isWhole()) {
      return store;
    }
    LogStore.Recovered found = store.recovered();
    ReignId reign = new ReignId(boot, found.incarnation(), found.epoch());
    Homecoming.Outcome outcome =
        cluster.comeHome(reign, store.end(), kernel::bootNanos, VOTERS_LIMIT);
    outcome.findings().forEach(launch.link()::notice);
    seen = outcome.epoch();
    if (!outcome.taken()) {
      return store;
    }
    store.close();
    HomeDirectory.settle(state);
    return LogStore.open(where());
  }

  /**
   * Goes on where a dead HAM was, and acts until the node has ended.
   *
   * @param log read to its end
   * @param sockets the listening descriptors, which the dead one had too
   * @param cluster of which it is a member already; null: it is in none
   * @param held whether the dead one is not gone yet
   * @return the exit status for the launcher
   */
  int succeed(
      LogFollower log,
      PairPage page,
      List<Integer> sockets,
      ClusterNode cluster,
      BooleanSupplier held)
      throws Exception {
    try (LogStore store = LogStore.succeed(where(), log.reader(), log.state(), held)) {
      return reign(store, log.state(), log.history(), page, sockets, cluster);
    }
  }

  private int reign(
      LogStore store,
      HamState state,
      EventHistory history,
      PairPage page,
      List<Integer> sockets,
      ClusterNode cluster)
      throws Exception {
    long incarnation = Math.max(1, store.recovered().incarnation());
    long epoch = Math.max(store.recovered().epoch(), seen) + 1;
    LogJournal journal = store.ready(incarnation, epoch, state);
    Reign reign;
    try (journal) {
      EntryId first = new EntryId(incarnation, epoch, state.last().index() + 1);
      reign =
          new Reign(
              launch,
              new Inheritance(
                  state, first, boot, journal, history, page, sockets, cluster, store::stuck),
              standby);
      reign.act();
    }
    store.dropLive(journal, reign.newest().last().index());
    return 0;
  }

  private LogStore.Config where() throws IOException {
    Path live = Files.createDirectories(config.places().memory().resolve("log"));
    return LogStore.Config.of(config.node(), boot, live, config.places().state(), Limits.DEFAULT);
  }
}
