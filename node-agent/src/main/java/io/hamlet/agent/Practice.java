package io.hamlet.agent;

import io.hamlet.agent.guardian.LogFollower;
import io.hamlet.agent.os.Kernel;
import io.hamlet.core.model.Rejection;
import io.hamlet.core.model.RequestId;
import io.hamlet.core.recovery.Command;
import io.hamlet.core.recovery.HamMachine;
import io.hamlet.core.recovery.HamState;
import io.hamlet.core.recovery.Reply;
import io.hamlet.manager.api.ApiServer;
import io.hamlet.manager.api.Parts;
import io.hamlet.manager.port.Ack;
import io.hamlet.manager.port.History;
import io.hamlet.manager.port.Requests;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Guardian does once, beside its guard and for nobody, what a takeover will need: code that has
 * never run is ten times slower. Nothing of it is seen outside, and all of it may fail.
 */
final class Practice {
  private static final Logger LOG = LoggerFactory.getLogger(Practice.class);

  /** Each over a connection of its own. */
  private static final int CALLS = 60;

  private static final int RESUMES = 20;

  private final Kernel kernel;
  private final LogFollower log;
  private final Standby standby;
  private final List<Integer> sockets;
  private final Path directory;
  private volatile boolean stopped;

  private interface Part {
    void run() throws IOException;
  }

  private Practice(
      Kernel kernel, LogFollower log, Path memory, Standby standby, List<Integer> sockets) {
    this.kernel = kernel;
    this.log = log;
    this.standby = standby;
    this.sockets = sockets;
    this.directory = memory.resolve("practice");
  }

  /**
   * Returns at once.
   *
   * @param sockets listening descriptors of this process
   */
  static Practice begin(
      Kernel kernel, LogFollower log, Path memory, Standby standby, List<Integer> sockets) {
    Practice practice = new Practice(kernel, log, memory, standby, sockets);
    // Side by side: one after the other they were not done when a young Guardian was needed.
    practice.begin("practice", practice::act);
    practice.begin("practice-api", practice::answer);
    return practice;
  }

  /** The hour has come: what is under way ends soon. */
  void stop() {
    stopped = true;
  }

  private void begin(String name, Part part) {
    Runnable run =
        () -> {
          try {
            part.run();
          } catch (IOException | RuntimeException e) {
            LOG.debug("the practice of the Guardian was cut short", e);
          }
        };
    Thread.ofPlatform().name(name).daemon().start(run);
  }

  private void act() throws IOException {
    standby.host();
    standby.makeHeir(sockets);
    standby.guardian(sockets);
    for (int i = 0; i < RESUMES && !stopped; i++) {
      HamMachine.resume(log.state());
    }
    if (!stopped) {
      new Drill(kernel, directory, () -> stopped).run();
    }
    if (!stopped) {
      standby.gates().make(kernel, standby.host().workplace());
    }
  }

  private void answer() throws IOException {
    Path socket = directory.resolveSibling("practice.sock");
    ApiServer server = standby.serverAhead(sockets, parts());
    try {
      server.practise(socket, () -> call(socket));
    } finally {
      if (!standby.keeps(server)) {
        server.stop(Duration.ZERO);
      }
    }
  }

  private void call(Path socket) throws IOException {
    for (int i = 0; i < CALLS && !stopped; i++) {
      StatusCall.make(socket);
    }
  }

  private Parts parts() {
    return new Parts(
        new Onlooker(log),
        null,
        null,
        event -> {},
        entity -> null,
        Version.TEXT,
        ZoneOffset.UTC,
        entity -> 0,
        state -> new byte[0],
        List::of,
        () -> "",
        null);
  }

  /** Sees what the HAM does, and decides nothing. */
  private record Onlooker(LogFollower log) implements Requests {
    @Override
    public CompletableFuture<Answered> submit(
        RequestId id, Command command, Ack wanted, Duration timeout) {
      Rejection no = new Rejection(Rejection.Reason.UNAVAILABLE, "this is only a practice");
      return CompletableFuture.completedFuture(new Answered(new Reply.No(no), Ack.LOCAL, true));
    }

    @Override
    public HamState state() {
      return log.state();
    }

    @Override
    public long durableIndex() {
      return 0;
    }

    @Override
    public History history() {
      return log.history();
    }
  }
}
