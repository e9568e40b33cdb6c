package io.hamlet.agent;

import io.hamlet.agent.activity.ActivityFile;
import io.hamlet.agent.activity.Stamp;
import io.hamlet.agent.beats.MappedBeatTable;
import io.hamlet.agent.guardian.LogFollower;
import io.hamlet.agent.os.BootId;
import io.hamlet.agent.os.Kernel;
import io.hamlet.agent.os.Reactor;
import io.hamlet.agent.process.LinuxNotifier;
import io.hamlet.agent.process.LinuxProcessControl;
import io.hamlet.agent.process.Workplace;
import io.hamlet.core.model.ConditionType;
import io.hamlet.core.model.Deed;
import io.hamlet.core.model.EntryId;
import io.hamlet.core.model.Filter;
import io.hamlet.core.model.Flags;
import io.hamlet.core.model.Life;
import io.hamlet.core.model.Limits;
import io.hamlet.core.model.Name;
import io.hamlet.core.model.ProcessSpec;
import io.hamlet.core.model.RequestId;
import io.hamlet.core.model.RestartPolicy;
import io.hamlet.core.model.Target;
import io.hamlet.core.recovery.Command;
import io.hamlet.core.recovery.HamEvent;
import io.hamlet.core.recovery.HamState;
import io.hamlet.manager.disk.Trees;
import io.hamlet.manager.log.LogJournal;
import io.hamlet.manager.log.LogStore;
import io.hamlet.manager.port.Ack;
import io.hamlet.manager.port.AckLevels;
import io.hamlet.manager.port.Courier;
import io.hamlet.manager.runtime.BeatWatch;
import io.hamlet.manager.runtime.EffectRouter;
import io.hamlet.manager.runtime.EventHistory;
import io.hamlet.manager.runtime.HamLoop;
import io.hamlet.manager.runtime.Mailbox;
import io.hamlet.manager.runtime.Replay;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * A takeover for practice, in a directory of its own: a reign attaches a process that dies and is
 * restarted, its log is followed, and a second reign succeeds it. Everything is what a HAM uses,
 * but for the sockets. For one thread.
 */
final class Drill {
  private static final Name NAME = new Name("drill");
  private static final List<String> PROGRAM = List.of("/bin/sleep", "20");
  private static final int SEGMENT_BYTES = 64 * 1024;
  private static final int SNAPSHOT_BYTES = 1 << 20;
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final Kernel kernel;
  private final Path directory;
  private final BooleanSupplier stopped;
  private final String boot;
  private long end;

  /**
   * @param directory made, and removed again
   * @param stopped no more practice is wanted
   */
  Drill(Kernel kernel, Path directory, BooleanSupplier stopped) throws IOException {
    this.kernel = kernel;
    this.directory = directory;
    this.stopped = stopped;
    this.boot = BootId.current();
  }

  /** Throws when anything does not go as it should, and when it is stopped. */
  void run() throws IOException {
    Trees.remove(directory);
    end = kernel.bootNanos() + PATIENCE_NANOS;
    Path live = Files.createDirectories(directory.resolve("log"));
    Path disk = Files.createDirectories(directory.resolve("state"));
    LogStore.Config where =
        new LogStore.Config(
            "drill", boot, live, disk, Limits.DEFAULT, SEGMENT_BYTES, SNAPSHOT_BYTES, 8, 8);
    try {
      HamState empty = HamState.empty("drill", Limits.DEFAULT);
      try (LogStore store = LogStore.open(where)) {
        reign(store, empty, Replay.history(empty), this::first);
      }
      try (LogFollower log = LogFollower.open(live)) {
        log.finish();
        try (LogStore store = LogStore.succeed(where, log.reader(), log.state(), () -> false)) {
          reign(store, log.state(), log.history(), this::second);
        }
      }
    } finally {
      Trees.remove(directory);
    }
  }

  private void reign(LogStore store, HamState state, EventHistory history, Course course)
      throws IOException {
    long epoch = store.recovered().epoch() + 1;
    EntryId first = new EntryId(1, epoch, state.last().index() + 1);
    Workplace place =
        new Workplace(
            Files.createDirectories(directory.resolve("go")),
            Files.createDirectories(directory.resolve("output")),
            null,
            Path.of("/etc"),
            List.of(),
            Duration.ZERO);
    try (LogJournal journal = store.begin(1, epoch, state);
        Reactor reactor = new Reactor(kernel);
        MappedBeatTable table = new MappedBeatTable(directory.resolve("beats"), process -> false);
        ActivityFile activity =
            new ActivityFile(OutputStream.nullOutputStream(), Stamp.values()[0], () -> 0)) {
      Mailbox mailbox = new Mailbox(reactor);
      try (LinuxProcessControl processes =
              new LinuxProcessControl(kernel, reactor, mailbox, place);
          LinuxNotifier notifier = new LinuxNotifier(kernel, reactor, mailbox)) {
        EffectRouter.Outside outside =
            new EffectRouter.Outside(
                processes,
                notifier,
                (pid, channel) -> {},
                activity,
                Courier.alone(mailbox),
                () -> {});
        BeatWatch beats = new BeatWatch(table, reactor);
        HamLoop loop =
            new HamLoop(
                state,
                first,
                mailbox,
                journal,
                reactor,
                beats,
                history,
                outside,
                false,
                AckLevels.alone(journal));
        loop.begin(
            new HamEvent.TookOver("drill", boot, ProcessHandle.current().pid(), 0, epoch > 1));
        course.run(loop, reactor);
      }
    }
  }

  private interface Course {
    void run(HamLoop loop, Reactor reactor);
  }

  private void first(HamLoop loop, Reactor reactor) {
    Flags.OfEntity plain = Flags.OfEntity.NONE;
    ask(loop, reactor, new Command.Attach(NAME, null, ProcessSpec.of(PROGRAM), plain));
    ask(
        loop,
        reactor,
        new Command.AddCondition(
            Target.of("drill"),
            new Name("died"),
            ConditionType.DEATH,
            Filter.NONE,
            new Flags.OfCondition(0),
            Flags.Rearm.OFF));
    ask(
        loop,
        reactor,
        new Command.AddAction(
            Target.of("drill/died"),
            new Name("again"),
            new Deed.Restart(List.of(), RestartPolicy.NONE),
            new Flags.OfAction(0),
            Flags.Rearm.OFF));
    drive(loop, reactor, () -> life(loop) == 1);
    kill(loop);
    drive(loop, reactor, () -> life(loop) == 2);
  }

  /** It is found again, and dies for good. */
  private void second(HamLoop loop, Reactor reactor) {
    kill(loop);
    drive(loop, reactor, () -> loop.state().entity(NAME) == null);
  }

  private void ask(HamLoop loop, Reactor reactor, Command command) {
    var answer = loop.submit(new RequestId(0, 0, 0), command, Ack.LOCAL, Duration.ofSeconds(1));
    drive(loop, reactor, answer::isDone);
  }

  /** The core thread of this reign, until then. */
  private void drive(HamLoop loop, Reactor reactor, BooleanSupplier until) {
    Reactor.Timer last = reactor.after(PATIENCE_NANOS, () -> {});
    while (!until.getAsBoolean()) {
      if (stopped.getAsBoolean() || kernel.bootNanos() >= end) {
        throw new IllegalStateException("stopped, or too slow");
      }
      loop.runOnce();
    }
    last.cancel();
  }

  private static long life(HamLoop loop) {
    var entity = loop.state().entity(NAME);
    return entity != null && entity.life() instanceof Life.Up up ? up.number() : 0;
  }

  private void kill(HamLoop loop) {
    if (loop.state().entity(NAME).life() instanceof Life.Up up) {
      kernel.kill(up.process().pid(), Kernel.SIGKILL);
    }
  }
}
