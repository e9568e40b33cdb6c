package io.hamlet.agent.rehearsal;

import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.hamlet.agent.cli.Caller;
import io.hamlet.agent.cli.Cli;
import io.hamlet.agent.cli.ExitCode;
import io.hamlet.client.Command;
import io.hamlet.client.Condition;
import io.hamlet.client.ConditionSpec;
import io.hamlet.client.Deed;
import io.hamlet.client.Entity;
import io.hamlet.client.Event;
import io.hamlet.client.EventStream;
import io.hamlet.client.Ham;
import io.hamlet.client.HamException;
import io.hamlet.client.Rearm;
import io.hamlet.client.WatchSpec;
import io.hamlet.client.Watched;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Every part of the command line, or of a node, once. */
public final class Rehearsal {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private static final List<String> LINES =
      List.of(
          "--help",
          "help attach",
          "--version",
          "completion bash",
          "status",
          "status -o json",
          "attach web --keep-on-death --env A=b --limit nofile=64 -- /bin/true x",
          "attach web -o json -- true",
          "entity later",
          "condition web/died death --rearm",
          "action web/died/again restart --budget 5/1m --backoff 100ms..2s",
          "action web/died/mail execute -- true",
          "action web/died/pause waitfor --delay 1s --path /x",
          "action web/died/wake signal --pid self USR1 -o json",
          "action web/died/log log --on-fail-of mail text",
          "state web 3",
          "raise web 1 2 3",
          "flags web",
          "flags web +keep-on-death",
          "disable web",
          "enable web --recurse",
          "resume web",
          "remove web/died/log",
          "verbose",
          "heartbeat query",
          "ls",
          "ls -o json",
          "tree",
          "tree -o json",
          "cat web",
          "cat web -o json",
          "watch --no-follow",
          "watch --no-follow -o json",
          "why web",
          "logs web",
          "detach web",
          "stop");

  private Rehearsal() {}

  /** Each command against an {@link Understudy}; answers whether all ended as they should. */
  public static boolean ofCommands() throws IOException {
    Path directory = Files.createTempDirectory("ham-rehearsal");
    Path socket = directory.resolve("ham.sock");
    EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    Server server =
        NettyServerBuilder.forAddress(UnixDomainSocketAddress.of(socket))
            .channelType(NioServerDomainSocketChannel.class)
            .bossEventLoopGroup(loop)
            .workerEventLoopGroup(loop)
            .directExecutor()
            .addService(new Understudy())
            .build()
            .start();
    try {
      boolean well = true;
      for (String line : LINES) {
        List<String> words = new ArrayList<>(List.of("--server", "unix:" + socket));
        words.addAll(List.of(line.split(" ")));
        well &= Cli.run(words, Caller.ofProcess()) == ExitCode.DONE.status();
      }
      return well;
    } finally {
      server.shutdownNow();
      loop.shutdownGracefully();
      Files.deleteIfExists(socket);
      Files.delete(directory);
    }
  }

  /**
   * Starts a node, uses it once, and stops it; answers whether that went well.
   *
   * @param node runs until it is stopped, and gives its exit status
   * @param leftovers directories to remove afterwards
   */
  public static boolean ofNode(String address, Callable<Integer> node, List<Path> leftovers)
      throws Exception {
    FutureTask<Integer> run = new FutureTask<>(node);
    Thread.ofPlatform().daemon().start(run);
    try (Ham ham = Ham.connect(address)) {
      while (!run.isDone() && !answers(ham)) {
        Thread.onSpinWait();
      }
      if (!run.isDone()) {
        use(ham);
      }
      return run.get(30, TimeUnit.SECONDS) == 0;
    } finally {
      for (Path directory : leftovers) {
        remove(directory);
      }
    }
  }

  private static void use(Ham ham) throws InterruptedException {
    Entity entity = ham.attach("e", Command.of("/bin/sleep", "100"));
    Condition death = entity.condition("died", ConditionSpec.death().rearm(Rearm.ON));
    death.action("again", Deed.restart(), Rearm.ON);
    death.action("log", Deed.log("it died"), Rearm.ON);
    try (EventStream events = ham.watch(WatchSpec.ALL.from("0"))) {
      new ProcessBuilder("kill", "-KILL", String.valueOf(entity.pid())).start();
      Watched next = events.poll(PATIENCE);
      while (next != null && !(next instanceof Event e && e.event().equals("restart"))) {
        next = events.poll(PATIENCE);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    ham.read("", -1);
    ham.stopWithEntities(Duration.ofSeconds(1));
  }

  private static boolean answers(Ham ham) throws InterruptedException {
    try {
      return ham.status().ham().pid() > 0;
    } catch (HamException e) {
      return false;
    }
  }

  private static void remove(Path directory) throws IOException {
    if (Files.exists(directory)) {
      try (Stream<Path> files = Files.walk(directory)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.deleteIfExists(file);
        }
      }
    }
  }
}
