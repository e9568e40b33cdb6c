package io.hamlet.agent;

import io.hamlet.agent.activity.ActivityFile;
import io.hamlet.agent.cluster.ClusterNode;
import io.hamlet.agent.guardian.GuardianKeeper;
import io.hamlet.core.model.Entity;
import io.hamlet.core.model.RequestId;
import io.hamlet.core.recovery.Command;
import io.hamlet.manager.api.Parts;
import io.hamlet.manager.log.LogJournal;
import io.hamlet.manager.port.Ack;
import io.hamlet.manager.port.BeatTable;
import io.hamlet.manager.port.Inbox;
import io.hamlet.manager.port.OutputFiles;
import io.hamlet.manager.port.ProcessControl;
import io.hamlet.manager.port.Requests;
import io.hamlet.manager.wire.Digest;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** What clients see of this node. */
final class Desk {
  private static final Duration STOP_LIMIT = Duration.ofMinutes(1);

  private final Host around;
  private final LogJournal journal;
  private final ActivityFile activity;
  private final GuardianKeeper keeper;
  private final Supplier<String> starts;
  private final boolean held;
  private final ClusterNode cluster;
  private final boolean isStranded;
  private final Supplier<String> stuck;
  private volatile Supplier<List<String>> missing = List::of;
  private volatile Supplier<String> petting;

  /**
   * @param starts why starts wait, or null
   */
  Desk(
      Launch launch,
      Host around,
      Inheritance inheritance,
      ActivityFile activity,
      GuardianKeeper keeper,
      Supplier<String> starts) {
    this.held = launch.held();
    this.around = around;
    this.journal = inheritance.journal();
    this.cluster = inheritance.cluster();
    this.isStranded = cluster == null && launch.config().cluster().isPresent();
    this.stuck = inheritance.stuck();
    this.activity = activity;
    this.keeper = keeper;
    this.starts = starts;
  }

  /** Why the watchdog is not petted, from now on; empty: it is. */
  void petting(Supplier<String> trouble) {
    petting = trouble;
  }

  Parts parts(
      Requests requests,
      ProcessControl processes,
      BeatTable beats,
      Inbox inbox,
      LongFunction<OptionalLong> lastBeat) {
    OutputFiles outputs = this::output;
    return new Parts(
        requests,
        processes,
        beats,
        inbox,
        outputs,
        Version.TEXT,
        ZoneId.systemDefault(),
        entity -> lastBeat.apply(entity.uid()).orElse(0),
        Digest::ofContent,
        this::notices,
        keeper::shown,
        cluster == null ? null : cluster.offered());
  }

  /** Who tells what else is wrong. */
  void watch(Supplier<List<String>> troubles) {
    missing = troubles;
  }

  /** The launcher was asked to end: the same as {@code ham stop}. */
  void stop(Requests requests) {
    requests.submit(new RequestId(0, 0, 0), Command.Stop.node(), Ack.DURABLE, STOP_LIMIT);
  }

  /** The level a fresh start begins with; a takeover goes on with what there was. */
  void setVerbosity(Requests requests, int level) {
    Command set = new Command.Verbose(Command.VerboseVerb.SET, level);
    requests.submit(new RequestId(0, 0, 0), set, Ack.LOCAL, STOP_LIMIT);
  }

  private Path output(Entity entity) {
    if (entity.spec() == null) {
      return null;
    }
    return entity.spec().logFile().isEmpty()
        ? around.workplace().logFile(entity.name().value())
        : Path.of(entity.spec().logFile());
  }

  private List<String> notices() {
    List<String> all = new ArrayList<>(around.notices());
    all.addAll(journal.troubles());
    all.addAll(missing.get());
    Stream.of(stuck.get(), keeper.trouble(), starts.get())
        .filter(Objects::nonNull)
        .forEach(all::add);
    if (cluster != null) {
      all.addAll(cluster.notices());
    }
    if (isStranded) {
      all.add(
          "this node is without its cluster, and cares for its own entities only; its log says why"
              + " (journalctl, or what ham run says)");
    }
    String watchdog = petting == null ? "" : petting.get();
    if (!watchdog.isEmpty()) {
      all.add("the watchdog is not petted: " + watchdog);
    }
    if (activity.dropped() > 0) {
      all.add(activity.dropped() + " lines of the activity log found no room and are lost");
    }
    if (held) {
      all.add(
          "effects are held, because the managers were lost three times within 60 s: nothing is"
              + " started or sent; mend the cause, then 'ham stop' and 'ham run' go on");
    }
    return all;
  }
}
