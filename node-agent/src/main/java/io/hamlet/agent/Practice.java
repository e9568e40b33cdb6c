package io.hamlet.agent;

import io.hamlet.agent.guardian.LogFollower;
import io.hamlet.agent.os.Kernel;
import io.hamlet.agent.os.SpawnRequest;
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
import java.nio.file.Files;
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
  private static final int CALLS = 60;
  private static final int RESUMES = 20;

  private final Kernel kernel;
  private final LogFollower log;
  private final Path socket;

  private Practice(Kernel kernel, LogFollower log, Path memory) {
    this.kernel = kernel;
    this.log = log;
    this.socket = memory.resolve("practice");
  }

  /** Returns at once. */
  static void begin(Kernel kernel, LogFollower log, Path memory) {
    Practice practice = new Practice(kernel, log, memory);
    Thread thread = Thread.ofPlatform().name("practice").daemon().unstarted(practice::run);
    thread.start();
  }

  private void run() {
    try {
      answerCalls();
      for (int i = 0; i < RESUMES; i++) {
        HamMachine.resume(log.state());
      }
      long pid = kernel.spawn(new SpawnRequest("/bin/true", List.of("true"), List.of(), List.of()));
      if (pid > 0) {
        long pidfd = kernel.pidfdOpen(pid);
        waitFor((int) pidfd);
        kernel.reap(pid);
      }
    } catch (IOException | RuntimeException e) {
      LOG.debug("the practice of the Guardian was cut short", e);
    }
  }

  private void waitFor(int pidfd) {
    int epoll = (int) kernel.epollCreate();
    kernel.epollAdd(epoll, pidfd, Kernel.EPOLL_IN);
    kernel.epollWait(epoll, new long[1], Duration.ofSeconds(5).toNanos());
    kernel.close(epoll);
    kernel.close(pidfd);
  }

  private void answerCalls() throws IOException {
    long user = ((Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid")).longValue();
    ApiServer server = ApiServer.builder(parts()).socket(socket).ownUid(user).build();
    try {
      server.start();
      for (int i = 0; i < CALLS; i++) {
        StatusCall.make(socket);
      }
    } finally {
      server.stop(Duration.ZERO);
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
