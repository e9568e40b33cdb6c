package io.hamlet.agent;

import io.hamlet.agent.activity.ActivityFile;
import io.hamlet.agent.beats.MappedBeatTable;
import io.hamlet.agent.cluster.ClusterNode;
import io.hamlet.agent.config.NodeConfig;
import io.hamlet.agent.config.WatchdogConfig;
import io.hamlet.agent.guardian.GuardianKeeper;
import io.hamlet.agent.guardian.PairPage;
import io.hamlet.agent.leash.Cordon;
import io.hamlet.agent.leash.Leash;
import io.hamlet.agent.os.KernelException;
import io.hamlet.agent.os.Reactor;
import io.hamlet.agent.os.SpawnRequest;
import io.hamlet.agent.os.ffm.FfmKernel;
import io.hamlet.agent.process.LinuxNotifier;
import io.hamlet.agent.process.LinuxProcessControl;
import io.hamlet.agent.watchdog.HostPower;
import io.hamlet.agent.watchdog.Petting;
import io.hamlet.core.model.Entity;
import io.hamlet.core.model.Heartbeat;
import io.hamlet.core.model.Life;
import io.hamlet.core.recovery.Effect;
import io.hamlet.core.recovery.HamEvent;
import io.hamlet.core.recovery.HamState;
import io.hamlet.manager.api.ApiServer;
import io.hamlet.manager.api.Parts;
import io.hamlet.manager.errand.Errands;
import io.hamlet.manager.port.BeatTable;
import io.hamlet.manager.port.Courier;
import io.hamlet.manager.port.Inbox;
import io.hamlet.manager.port.Notifier;
import io.hamlet.manager.port.PulseBell;
import io.hamlet.manager.port.Right;
import io.hamlet.manager.runtime.BeatWatch;
import io.hamlet.manager.runtime.EffectRouter;
import io.hamlet.manager.runtime.HamLoop;
import io.hamlet.manager.runtime.LoopRunner;
import io.hamlet.manager.runtime.Mailbox;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The composition root of an acting HAM: what is built, in which order, and stopped in reverse. */
final class Reign {
  private static final Logger LOG = LoggerFactory.getLogger(Reign.class);

  /** How long calls in work may take to end when the node stops. */
  private static final Duration GRACE = Duration.ofSeconds(1);

  /** Until it is looked again whether a Guardian stands guard. */
  private static final long ROOM_NANOS = 1_000_000_000L;

  private final Launch launch;
  private final NodeConfig config;
  private final Inheritance inheritance;
  private final FfmKernel kernel;
  private final Standby standby;
  private final Host host;
  private final CompletableFuture<Void> end = new CompletableFuture<>();
  private HamLoop loop;
  private Cordon cordon;

  Reign(Launch launch, Inheritance inheritance, Standby standby) throws IOException {
    this.launch = launch;
    this.config = launch.config();
    this.inheritance = inheritance;
    this.kernel = standby.kernel();
    this.standby = standby;
    this.host = standby.host();
  }

  /** The state as of the last entry. */
  HamState newest() {
    return loop.state();
  }

  /** Acts until the node has ended in good order. */
  void act() throws Exception {
    host.notices().forEach(launch.link()::notice);
    cordon = cordon();
    AtomicReference<PulseBell> bell = new AtomicReference<>((pid, channel) -> {});
    try (Reactor reactor = new Reactor(kernel);
        MappedBeatTable table =
            new MappedBeatTable(config.places().memory().resolve("beats"), host::mayLive);
        ActivityFile activity = ActivityFile.open(config.log(), config.stamp(), this::started)) {
      Mailbox mailbox = new Mailbox(reactor);
      BeatWatch beats = new BeatWatch(table, reactor);
      try (LinuxProcessControl processes =
              new LinuxProcessControl(kernel, reactor, mailbox, host.workplace(), right());
          LinuxNotifier notifier = new LinuxNotifier(kernel, reactor, mailbox)) {
        EffectRouter.Outside outside =
            new EffectRouter.Outside(
                processes,
                notifier,
                (pid, channel) -> bell.get().waiting(pid, channel),
                activity,
                courier(mailbox, processes, reactor, activity),
                () -> end.complete(null));
        processes.keepHouse();
        processes.take(standby.gates());
        loop = inheritance.loop(mailbox, reactor, beats, outside, launch.held());
        processes.keepOutput(() -> loop.state().everyEntity().stream().map(Entity::name));
        withoutCluster(mailbox);
        claimSlots(table, inheritance.state());
        GuardianKeeper keeper = keeper(reactor, mailbox, processes);
        Desk desk = new Desk(launch, host, inheritance, activity, keeper, processes::trouble);
        Parts parts = desk.parts(loop, processes, table, mailbox, beats::lastBeat);
        ApiServer api = standby.server(inheritance.sockets(), parts);
        bell.set(api.pulseBell());
        serve(desk, api, keeper, reactor, processes);
      }
    }
  }

  private Right right() {
    ClusterNode cluster = inheritance.cluster();
    return cluster == null ? Right.NONE : cluster.right();
  }

  /**
   * Who is in no cluster belongs to no majority that could be lost; who cannot be in its cluster
   * belongs to none. Otherwise the cluster's own thread tells.
   */
  private void withoutCluster(Inbox inbox) {
    boolean quorate = config.cluster().isEmpty();
    if (inheritance.cluster() == null && inheritance.state().sam().quorate() != quorate) {
      inbox.post(new HamEvent.QuorumChanged(quorate));
    }
  }

  private Courier courier(
      Mailbox mailbox, LinuxProcessControl processes, Reactor reactor, ActivityFile activity) {
    ClusterNode cluster = inheritance.cluster();
    if (cluster != null) {
      cluster.power(Power.of(kernel, config));
    }
    return cluster == null
        ? Courier.alone(mailbox)
        : cluster.courier(
            new Errands.Own(config.node(), inheritance.boot(), mailbox, processes::identify),
            reactor,
            answers -> paths(answers, reactor),
            activity);
  }

  /** For the tree of the cluster, whose thread is another. */
  private Notifier paths(Inbox answers, Reactor reactor) {
    LinuxNotifier notifier = new LinuxNotifier(kernel, reactor, answers);
    return new Notifier() {
      @Override
      public void signal(Effect.Signal effect) {
        reactor.execute(() -> notifier.signal(effect));
      }

      @Override
      public void awaitPath(Effect.AwaitPath effect) {
        reactor.execute(() -> notifier.awaitPath(effect));
      }

      @Override
      public void forget(Effect.Forget effect) {
        reactor.execute(() -> notifier.forget(effect));
      }
    };
  }

  /** Until the end is said; what was started here is stopped here, in reverse. */
  private void serve(
      Desk desk,
      ApiServer api,
      GuardianKeeper keeper,
      Reactor reactor,
      LinuxProcessControl processes)
      throws Exception {
    // Callers wait in the queue of the socket until somebody acts. One that is inherited has its
    // queue, so the core begins while the server is made.
    if (inheritance.sockets().isEmpty()) {
      api.bind();
    }
    Belongings belongings = belongings(reactor);
    desk.watch(belongings::troubles);
    LoopRunner runner = new LoopRunner(loop, () -> begin(api, keeper), Reign::broken);
    runner.start();
    ClusterNode cluster = inheritance.cluster();
    try {
      if (cluster != null) {
        leash(cluster);
        cluster.onHung(() -> reactor.execute(() -> makeRoom(keeper, reactor)));
        cluster.reign(inheritance.first(), reactor);
        if (cluster.isNew()) {
          reactor.execute(() -> processes.evict(cluster::evicted));
        }
      }
      api.start();
      // Its first work for the disk would take a processor from those who wait for an answer.
      inheritance.journal().start();
      if (cluster != null) {
        cluster.serves(api.port());
      }
      announce(desk);
      Petting petting = petting(desk, keeper, reactor);
      end.get();
      if (petting != null) {
        petting.close();
      }
      launch.link().stopping();
    } finally {
      belongings.close();
      if (cluster != null) {
        cluster.close();
      }
      api.stop(GRACE);
      runner.stop();
      reactor.ring();
      runner.awaitEnd(GRACE);
      // Ended before us, it does not take our end for a failure.
      keeper.end();
    }
  }

  private Belongings belongings(Reactor reactor) {
    String again =
        "'ham stop' or SIGTERM to the launcher, then 'ham run', makes it again; entities"
            + " run on meanwhile";
    return new Belongings(
        kernel,
        reactor,
        standby.inotify(),
        Map.of(
            config.places().socket(),
            "who is not connected finds the node by TCP only; " + again,
            config.places().memory().resolve("beats"),
            "who attaches now beats by its connection; " + again));
  }

  /** Left armed when this manager ends in any other way; its successor goes on. Null: none. */
  private Petting petting(Desk desk, GuardianKeeper keeper, Reactor reactor) {
    if (config.watchdog().isEmpty()) {
      return null;
    }
    WatchdogConfig told = config.watchdog().get();
    Petting.Around around =
        new Petting.Around(
            told.device(),
            told.timeout(),
            () -> !config.guardian() || keeper.trouble() == null,
            verdict -> HostPower.act(told.device(), verdict));
    try {
      Petting petting = Petting.begin(around, loop, reactor);
      desk.petting(petting::trouble);
      return petting;
    } catch (IOException e) {
      LOG.error("the watchdog {} cannot be used: {}", told.device(), e.toString());
      desk.petting(() -> told.device() + " cannot be used: " + e.getMessage());
      return null;
    }
  }

  /** Without cgroups there is none, and nothing of the cluster is given to this node. */
  private void leash(ClusterNode cluster) {
    if (cordon == null) {
      cluster.withoutRoom();
    } else {
      Leash.Place place =
          new Leash.Place(
              config.node(),
              cordon,
              config.places().memory().resolve("leash"),
              cluster.bond().longest());
      PairPage page = inheritance.page();
      cluster.bond().waitFor(inheritance.stuck());
      cluster.bond().hold(listener -> new Leash(kernel, place, page::setLeash, listener));
    }
  }

  /** This process, and so all that it starts, in the cgroup of its pair. */
  private Cordon cordon() {
    if (inheritance.cluster() == null || !host.workplace().hasCgroups()) {
      return null;
    }
    try {
      return Cordon.enter(kernel, host.workplace().cgroups());
    } catch (IOException | KernelException e) {
      LOG.warn("the managers have no cgroup of their own: {}", e.getMessage());
      return null;
    }
  }

  /** Core thread. A Guardian is made before the first effect is performed (ham.md 1.11). */
  private void begin(ApiServer api, GuardianKeeper keeper) {
    long guardian = keeper.begin(guardianOf(api), standby.takeHeir());
    loop.begin(
        new HamEvent.TookOver(
            config.node(), inheritance.boot(), host.pid(), guardian, inheritance.afterFailure()));
  }

  private SpawnRequest guardianOf(ApiServer api) {
    try {
      List<Integer> inherited = inheritance.sockets();
      List<Integer> sockets = inherited.isEmpty() ? api.descriptors() : inherited;
      return standby.guardianKeeping(sockets);
    } catch (IOException | RuntimeException e) {
      LOG.error("this HAM has no Guardian, because none can be described", e);
      return null;
    }
  }

  private void announce(Desk desk) throws IOException {
    String now = "; its socket is " + config.places().socket();
    if (inheritance.sockets().isEmpty()) {
      config.places().linkSocket();
    }
    if (!inheritance.afterFailure()) {
      desk.setVerbosity(loop, config.verbosity());
    }
    launch.link().onStop(ask -> desk.stop(loop));
    launch
        .link()
        .ready(
            inheritance.sockets().isEmpty()
                ? "node " + config.node() + " runs" + now
                : "the HAM was lost; its Guardian, " + host.pid() + ", took over");
  }

  /** A core that cannot go on: whoever stands by goes on from the log, and takes our sockets. */
  private static void broken() {
    Runtime.getRuntime().halt(NodeStart.LOST);
  }

  /**
   * What holds a thread of the consensus ends with its process only. Without a Guardian what runs
   * would end as well, so it goes on for that long without a vote. Core thread.
   */
  private void makeRoom(GuardianKeeper keeper, Reactor reactor) {
    if (keeper.isGuarded()) {
      LOG.error("its voter hangs, so this HAM makes room for its Guardian");
      broken();
    }
    reactor.after(ROOM_NANOS, () -> makeRoom(keeper, reactor));
  }

  private GuardianKeeper keeper(Reactor reactor, Mailbox mailbox, LinuxProcessControl processes) {
    GuardianKeeper.Children children =
        new GuardianKeeper.Children() {
          @Override
          public void claim(long pid) {
            processes.claim(pid);
          }

          @Override
          public void unclaim(long pid) {
            processes.unclaim(pid);
            processes.clearLater();
          }
        };
    return new GuardianKeeper(
        kernel, reactor, inheritance.page(), config.places().state(), mailbox, children);
  }

  /** Finds the slots of those who beat again; one that is gone is seen as silence. */
  private static void claimSlots(BeatTable table, HamState state) {
    for (Entity e : state.everyEntity()) {
      if (e.heartbeat() != null && e.life() instanceof Life.Up up) {
        Heartbeat beat = e.heartbeat();
        if (!table.claim(beat.slot(), beat.generation(), up.process())) {
          LOG.warn("the beats of '{}' cannot be seen until it attaches again", e.name());
        }
      }
    }
  }

  private long started() {
    return loop == null ? 0 : loop.state().global().stats().created().wallNanos();
  }
}
