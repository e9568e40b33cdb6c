package io.hamlet.agent;

import io.hamlet.agent.activity.ActivityFile;
import io.hamlet.agent.beats.MappedBeatTable;
import io.hamlet.agent.config.NodeConfig;
import io.hamlet.agent.launcher.LauncherLink;
import io.hamlet.agent.os.BootId;
import io.hamlet.agent.os.Reactor;
import io.hamlet.agent.os.ffm.FfmKernel;
import io.hamlet.agent.process.LinuxNotifier;
import io.hamlet.agent.process.LinuxProcessControl;
import io.hamlet.core.model.Entity;
import io.hamlet.core.model.EntryId;
import io.hamlet.core.model.Heartbeat;
import io.hamlet.core.model.Life;
import io.hamlet.core.model.Limits;
import io.hamlet.core.recovery.HamEvent;
import io.hamlet.core.recovery.HamState;
import io.hamlet.manager.api.ApiServer;
import io.hamlet.manager.log.LogJournal;
import io.hamlet.manager.log.LogStore;
import io.hamlet.manager.port.BeatTable;
import io.hamlet.manager.port.PulseBell;
import io.hamlet.manager.runtime.BeatWatch;
import io.hamlet.manager.runtime.EffectRouter;
import io.hamlet.manager.runtime.EventHistory;
import io.hamlet.manager.runtime.HamLoop;
import io.hamlet.manager.runtime.LoopRunner;
import io.hamlet.manager.runtime.Mailbox;
import io.hamlet.manager.runtime.Replay;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The composition root of an acting HAM: what is built, in which order, and stopped in reverse. */
final class NodeAgent implements NodeStart.Node {
  private static final Logger LOG = LoggerFactory.getLogger(NodeAgent.class);

  /** How long calls in work may take to end when the node stops. */
  private static final Duration GRACE = Duration.ofSeconds(1);

  /** The core cannot go on; the launcher starts the pair again. */
  private static final int BROKEN = 70;

  private final CompletableFuture<Integer> end = new CompletableFuture<>();
  private Supplier<HamState> newest;

  @Override
  public int run(NodeConfig config, LauncherLink link, boolean holdEffects) throws Exception {
    config.places().create();
    String boot = BootId.current();
    LogStore.Config where =
        LogStore.Config.of(
            config.node(),
            boot,
            directory(config.places().memory(), "log"),
            config.places().state(),
            Limits.DEFAULT);
    try (LogStore store = LogStore.open(where)) {
      LogStore.Recovered found = store.recovered();
      EventHistory history =
          new EventHistory(EventHistory.DEFAULT_KEPT, Replay.beginning(found.snapshot()));
      HamState state = Replay.of(found.snapshot(), found.entries(), history);
      long incarnation = Math.max(1, found.incarnation());
      long epoch = found.epoch() + 1;
      LogJournal journal = store.begin(incarnation, epoch, state);
      int status;
      try (journal) {
        EntryId first = new EntryId(incarnation, epoch, state.last().index() + 1);
        found.findings().forEach(link::notice);
        status = act(config, link, new Reign(state, first, boot, journal, history, holdEffects));
      }
      if (status == 0) {
        store.dropLive(journal, newest.get().last().index());
      }
      return status;
    }
  }

  /** What a HAM begins with. */
  private record Reign(
      HamState state,
      EntryId first,
      String boot,
      LogJournal journal,
      EventHistory history,
      boolean held) {
    /** The one before did not end by {@code ham stop}. */
    boolean afterFailure() {
      return state.boot().equals(boot) && !state.stopping();
    }

    HamLoop loop(Mailbox mailbox, Reactor reactor, BeatWatch beats, EffectRouter.Outside outside) {
      return new HamLoop(state, first, mailbox, journal, reactor, beats, history, outside, held);
    }
  }

  private int act(NodeConfig config, LauncherLink link, Reign reign) throws Exception {
    FfmKernel kernel = new FfmKernel();
    Host host = new Host(config, kernel);
    host.notices().forEach(link::notice);
    AtomicReference<HamLoop> loop = new AtomicReference<>();
    AtomicReference<PulseBell> bell = new AtomicReference<>((pid, channel) -> {});
    try (Reactor reactor = new Reactor(kernel);
        MappedBeatTable table =
            new MappedBeatTable(config.places().memory().resolve("beats"), host::mayLive);
        ActivityFile activity =
            new ActivityFile(output(config), config.stamp(), () -> started(loop.get()))) {
      Mailbox mailbox = new Mailbox(reactor);
      BeatWatch beats = new BeatWatch(table, reactor);
      try (LinuxProcessControl processes =
              new LinuxProcessControl(kernel, reactor, mailbox, host.workplace());
          LinuxNotifier notifier = new LinuxNotifier(kernel, reactor, mailbox)) {
        EffectRouter.Outside outside =
            new EffectRouter.Outside(
                processes,
                notifier,
                (pid, channel) -> bell.get().waiting(pid, channel),
                activity,
                () -> end.complete(0));
        loop.set(reign.loop(mailbox, reactor, beats, outside));
        newest = loop.get()::state;
        claimSlots(table, reign.state());
        Desk desk = new Desk(config, host, reign.journal(), activity, reign.held());
        ApiServer api = desk.server(loop.get(), processes, table, mailbox, beats::lastBeat);
        bell.set(api.pulseBell());
        return serve(config, link, reign, desk, api, loop.get(), reactor, host.pid());
      }
    }
  }

  /** Acts until the end is said; what was started here is stopped here, in reverse. */
  private int serve(
      NodeConfig config,
      LauncherLink link,
      Reign reign,
      Desk desk,
      ApiServer api,
      HamLoop loop,
      Reactor reactor,
      long pid)
      throws Exception {
    HamEvent.TookOver takeover =
        new HamEvent.TookOver(config.node(), reign.boot(), pid, 0, reign.afterFailure());
    LoopRunner runner =
        new LoopRunner(loop, () -> loop.begin(takeover), () -> end.complete(BROKEN));
    runner.start();
    try {
      api.start();
      config.places().linkSocket();
      if (!reign.afterFailure()) {
        desk.setVerbosity(loop, config.verbosity());
      }
      link.onStop(ask -> desk.stop(loop));
      link.ready("node " + config.node() + " runs; its socket is " + config.places().socket());
      int status = end.get();
      if (status == 0) {
        link.stopping();
      }
      return status;
    } finally {
      api.stop(GRACE);
      runner.stop();
      reactor.ring();
      runner.awaitEnd(GRACE);
    }
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

  private static long started(HamLoop loop) {
    return loop == null ? 0 : loop.state().global().stats().created().wallNanos();
  }

  private static OutputStream output(NodeConfig config) throws IOException {
    if (config.log().isEmpty()) {
      return new FileOutputStream(FileDescriptor.err);
    }
    return Files.newOutputStream(
        config.log().get(), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  private static Path directory(Path parent, String name) throws IOException {
    return Files.createDirectories(parent.resolve(name));
  }
}
