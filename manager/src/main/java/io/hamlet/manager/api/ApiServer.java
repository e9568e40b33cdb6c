package io.hamlet.manager.api;

import io.grpc.Server;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.hamlet.manager.port.PulseBell;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The API on its sockets. Build it, {@link #bind} and {@link #start} it once, {@link #stop} it;
 * stopping is in the reverse order. One event loop serves all connections, so a call costs no
 * change of thread before it reaches the core; what may block runs on virtual threads.
 */
public final class ApiServer {
  private static final Logger LOG = LoggerFactory.getLogger(ApiServer.class);

  private static final Duration LONGEST_FAREWELL = Duration.ofSeconds(1);
  private static final Path PROC = Path.of("/proc");
  private final List<Listener> listeners;
  private final EventLoopGroup loop =
      new MultiThreadIoEventLoopGroup(
          1, new DefaultThreadFactory("api", true), EpollIoHandler.newFactory());
  private final ExecutorService blocking = Executors.newVirtualThreadPerTaskExecutor();
  private final List<Server> servers = new ArrayList<>();
  private final List<Door> doors = new ArrayList<>();
  private final List<SocketFile> sockets = new ArrayList<>();
  private final Peers peers;
  private final PulseDesk pulses;
  private final ServerForm form;
  private final Acting acting;

  private ApiServer(Builder from) {
    this.listeners = List.copyOf(from.listeners);
    LoopbackOwners owners = new LoopbackOwners(PROC);
    this.acting = new Acting(from.parts);
    Trees trees = new Trees(acting);
    ChangeDesk desk = new ChangeDesk(trees, loop, blocking);
    SelfDesk self = new SelfDesk(acting, desk, owners, loop, blocking);
    this.pulses = new PulseDesk(acting, desk, self, loop, blocking, from.absence);
    HamService here =
        new HamService(acting, trees, desk, self, new ReadDesk(acting), pulses, blocking);
    this.peers = peers(from.parts.cluster(), trees, from.keys);
    SamService sam = new SamService(acting, desk, blocking);
    List<ServerServiceDefinition> services =
        List.of(
            routed(here.bindService(), from.parts.cluster(), trees),
            routed(sam.bindService(), from.parts.cluster(), trees));
    this.form = new ServerForm(loop, owners, from.keys, new PeerGuard(from.ownUid), services);
  }

  /** Null for a node that is in no cluster. */
  private Peers peers(Cluster cluster, Trees trees, TlsKeys keys) {
    return cluster == null ? null : new Peers(trees::node, cluster.directory(), loop.next(), keys);
  }

  private ServerServiceDefinition routed(
      ServerServiceDefinition here, Cluster cluster, Trees trees) {
    return cluster == null
        ? here
        : ServerInterceptors.intercept(
            Passing.passable(here), new Router(new Routes(trees, cluster), peers));
  }

  public static Builder builder(Parts parts) {
    return new Builder(parts);
  }

  /** Whom the core tells that pulses wait. */
  public PulseBell pulseBell() {
    return pulses;
  }

  /**
   * Stands on other parts from now on; before the {@link #start}, and within the same cluster.
   *
   * @param parts of who acts
   */
  public void standOn(Parts parts) {
    acting.become(parts);
  }

  /** Asks what a server is to be practised with; throws IOException when there was no answer. */
  @FunctionalInterface
  public interface Calls {
    void make() throws IOException;
  }

  /**
   * Serves on a socket that nobody else knows while those calls are made. Any thread, also beside a
   * {@link #start}.
   */
  public void practise(Path socket, Calls calls) throws IOException {
    Files.deleteIfExists(socket);
    Door door = new Door(true, Door.NONE);
    Server server = form.unix(new DomainSocketAddress(socket.toString()), door);
    try {
      door.open();
      calls.make();
    } finally {
      server.shutdownNow();
      Files.deleteIfExists(socket);
    }
  }

  /** Binds, if need be, and lets callers in. */
  public void start() throws IOException {
    if (doors.isEmpty()) {
      bind();
    }
    doors.forEach(Door::open);
    pulses.start();
  }

  /**
   * Listens; who calls waits until the {@link #start}. When it throws, everything is as if it had
   * not been called.
   */
  public void bind() throws IOException {
    try {
      for (Listener listener : listeners) {
        switch (listener) {
          case Listener.Unix unix -> listen(unix);
          case Listener.Tcp tcp -> listen(tcp);
        }
      }
    } catch (IOException | RuntimeException e) {
      stop(Duration.ZERO);
      throw e;
    }
  }

  /** The listening descriptors, in the order in which the builder was told of them. */
  public List<Integer> descriptors() {
    return doors.stream().map(Door::descriptor).toList();
  }

  /** The port of the TCP listener, or -1; useful when 0 was asked for. */
  public int port() {
    for (Server server : servers) {
      for (var address : server.getListenSockets()) {
        if (address instanceof InetSocketAddress tcp) {
          return tcp.getPort();
        }
      }
    }
    return -1;
  }

  /**
   * Takes no more calls, lets those in work end for up to that time, and closes everything. An
   * interrupt hurries it.
   */
  public void stop(Duration grace) {
    for (SocketFile socket : sockets.reversed()) {
      remove(socket);
    }
    servers.reversed().forEach(Server::shutdown);
    for (Server server : servers.reversed()) {
      end(server, grace);
    }
    if (peers != null) {
      peers.close();
    }
    blocking.shutdownNow();
    awaitFarewell();
    loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }

  private static void remove(SocketFile socket) {
    try {
      socket.remove();
    } catch (IOException e) {
      LOG.debug("the socket {} is gone already", socket.path());
    }
  }

  private void awaitFarewell() {
    try {
      blocking.awaitTermination(LONGEST_FAREWELL.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void end(Server server, Duration grace) {
    try {
      if (!server.awaitTermination(grace.toNanos(), TimeUnit.NANOSECONDS)) {
        server.shutdownNow();
        // What its calls still have to do when they are cancelled needs the executors.
        server.awaitTermination(LONGEST_FAREWELL.toNanos(), TimeUnit.NANOSECONDS);
      }
    } catch (InterruptedException e) {
      server.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }

  private Door door(boolean unix, int inherited) {
    Door door = new Door(unix, inherited);
    doors.add(door);
    return door;
  }

  private void listen(Listener.Unix unix) throws IOException {
    Path path = unix.path();
    if (unix.inherited() != Door.NONE) {
      servers.add(
          form.unix(new DomainSocketAddress(path.toString()), door(true, unix.inherited())));
      if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
        sockets.add(SocketFile.of(path, path));
      }
      return;
    }
    SocketFile.checkFree(path);
    Path temporary = unix.temporary();
    Files.deleteIfExists(temporary);
    servers.add(form.unix(new DomainSocketAddress(temporary.toString()), door(true, Door.NONE)));
    // It has its name only when nobody else may use it; whoever was quicker fails at the guard.
    Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString("rw-------"));
    sockets.add(SocketFile.of(temporary, path));
    Files.move(
        temporary, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    LOG.debug("listening at {}", path);
  }

  private void listen(Listener.Tcp tcp) throws IOException {
    try {
      servers.add(form.tcp(tcp.address(), door(false, tcp.inherited())));
    } catch (IOException e) {
      // Netty and gRPC wrap what the kernel says, and name the address in a notation of their own.
      Throwable root = e;
      while (root.getCause() != null) {
        root = root.getCause();
      }
      InetSocketAddress at = tcp.address();
      throw new IOException(
          "clients cannot be served at %s:%d: %s; serve them elsewhere (--listen)"
              .formatted(at.getHostString(), at.getPort(), root.getMessage()),
          e);
    }
    LOG.debug("listening at {}", tcp.address());
  }

  /** Collects what a server needs. For one thread. */
  public static final class Builder {
    private final Parts parts;
    private final List<Listener> listeners = new ArrayList<>();
    private TlsKeys keys;
    private long ownUid = -1;
    private Duration absence = Duration.ofSeconds(10);

    private Builder(Parts parts) {
      this.parts = parts;
    }

    /** Listens on a socket file, which replaces one that is there. */
    public Builder socket(Path path) {
      return socket(path, Door.NONE);
    }

    /**
     * Listens on a socket that an ancestor has bound to that path.
     *
     * @param inherited its descriptor; -1: there is none, as above
     */
    public Builder socket(Path path, int inherited) {
      listeners.add(new Listener.Unix(path, inherited));
      return this;
    }

    /**
     * Listens on a TCP port; one that is not of loopback throws IllegalArgumentException unless TLS
     * was set before.
     *
     * @param port 0: any
     */
    public Builder listen(String host, int port) throws IOException {
      return listen(host, port, Door.NONE);
    }

    /**
     * Listens on a TCP port that an ancestor has bound.
     *
     * @param inherited its descriptor; -1: there is none, as above
     */
    public Builder listen(String host, int port, int inherited) throws IOException {
      listeners.add(Listener.Tcp.at(host, port, inherited, keys != null));
      return this;
    }

    /** TCP is served, and other managers are called, over mutual TLS with these; null: without. */
    public Builder tls(TlsKeys tls) {
      keys = tls;
      return this;
    }

    /** The user who may call beside root; REQUIRED. */
    public Builder ownUid(long uid) {
      ownUid = uid;
      return this;
    }

    /** How long the owner of a pulse channel may stay away before it is lost; 10 s. */
    public Builder pulseAbsence(Duration limit) {
      absence = limit;
      return this;
    }

    public ApiServer build() {
      if (ownUid < 0) {
        throw new IllegalStateException("the user of the manager is not set");
      }
      return new ApiServer(this);
    }
  }
}
