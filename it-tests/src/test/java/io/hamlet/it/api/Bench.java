package io.hamlet.it.api;

import io.hamlet.client.Ham;
import io.hamlet.it.sim.ArrayBeatTable;
import io.hamlet.manager.api.ApiServer;
import io.hamlet.manager.api.Cluster;
import io.hamlet.manager.api.Parts;
import io.hamlet.manager.api.TlsKeys;
import io.hamlet.manager.disk.Trees;
import io.hamlet.manager.port.BeatTable;
import io.hamlet.manager.wire.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;

/** A server over a socket file and a port, before a brain that outlives it. */
final class Bench implements AutoCloseable {
  final Brain brain;
  final BeatTable beats = new ArrayBeatTable(16, holder -> true);
  final Path directory;
  private final Cluster cluster;
  private final TlsKeys keys;
  private ApiServer server;
  private long ownUid;
  private int port;

  Bench() throws IOException {
    this(new Brain());
  }

  Bench(Brain brain) throws IOException {
    this(brain, null);
  }

  /**
   * @param cluster null: this node is in none
   */
  Bench(Brain brain, Cluster cluster) throws IOException {
    this(brain, cluster, null);
  }

  /**
   * @param keys null: without TLS
   */
  Bench(Brain brain, Cluster cluster, TlsKeys keys) throws IOException {
    this.brain = brain;
    this.keys = keys;
    this.cluster = cluster;
    this.directory = Files.createTempDirectory("ham-api");
    this.ownUid = (Integer) Files.getAttribute(directory, "unix:uid");
    start();
  }

  void start() throws IOException {
    server = made(brain);
    server.start();
    port = server.port();
    brain.bell(server.pulseBell());
  }

  /** A server of this place, neither bound nor started. */
  ApiServer made(Brain standsOn) throws IOException {
    return ApiServer.builder(parts(standsOn))
        .socket(socket())
        .tls(keys)
        .listen("127.0.0.1", port)
        .ownUid(ownUid)
        .pulseAbsence(Duration.ofSeconds(2))
        .build();
  }

  Parts parts(Brain of) {
    return new Parts(
        of,
        Brain.processes(),
        beats,
        of,
        entity -> directory.resolve(entity.name() + ".log"),
        "test",
        ZoneOffset.UTC,
        entity -> 0,
        Digest::ofContent,
        () -> List.of(),
        () -> "",
        cluster);
  }

  /** The manager is gone; what it knew is not. */
  void stop() {
    server.stop(Duration.ZERO);
  }

  int port() {
    return port;
  }

  Path socket() {
    return directory.resolve("ham.sock");
  }

  Ham connect() {
    return Ham.connect("unix:" + socket());
  }

  @Override
  public void close() throws IOException {
    stop();
    brain.close();
    Trees.remove(directory);
  }
}
