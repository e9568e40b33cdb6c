package io.hamlet.agent.rehearsal;

import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.hamlet.agent.cli.Cli;
import io.hamlet.agent.cli.ExitCode;
import io.hamlet.agent.cli.Surroundings;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Every part of the command line once, against an {@link Understudy}. */
public final class Rehearsal {
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

  /** Returns whether every command ended as it should. */
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
        well &= Cli.run(words, Surroundings.ofProcess()) == ExitCode.DONE;
      }
      return well;
    } finally {
      server.shutdownNow();
      loop.shutdownGracefully();
      Files.deleteIfExists(socket);
      Files.delete(directory);
    }
  }
}
