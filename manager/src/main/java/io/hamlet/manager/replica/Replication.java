package io.hamlet.manager.replica;

import io.hamlet.core.model.EntryId;
import io.hamlet.core.recovery.HamState;
import io.hamlet.internal.v1.ReplicaProto.ReplicaMessage;
import io.hamlet.manager.log.LogSource;
import io.hamlet.manager.port.ClusterBus;
import io.hamlet.manager.port.Member;
import io.hamlet.manager.port.Replicas;
import io.hamlet.manager.port.Requests;
import io.hamlet.manager.port.Subject;
import io.hamlet.manager.port.Ticker;
import io.hamlet.manager.runtime.ClusterLoop;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All of a node's replication, with its threads: one that feeds, one that pulls, a few for disks.
 * Thread-safe. {@link #received} may be called by the bus itself, which saves a turn of the cluster
 * thread.
 */
public final class Replication implements ClusterLoop.Part, Replicas, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Replication.class);
  private static final int DISK_THREADS = 4;

  private final Ticker ticker;
  private final Path replicas;
  private final Feeder feeder;
  private final Pullers pullers;
  private final OfferDesk offers;
  private final Copies copies;
  private final Worker feeding = new Worker("replica-feeder", this::feed);
  private final Worker pulling = new Worker("replica-puller", this::pull);
  private final ScheduledThreadPoolExecutor disk;
  private boolean ended;

  /**
   * Who and where.
   *
   * @param own the name of this node
   * @param live directory of the live log that this process writes
   * @param state directory that its durable log is in
   * @param replicas directory of all replicas
   */
  public record Config(String own, Path live, Path state, Path replicas) {}

  /**
   * @param state that this reign begins with
   * @param requests serves again what a replica kept and this node lost
   */
  public Replication(
      Config config,
      ClusterBus bus,
      Copies copies,
      Voters voters,
      HamState state,
      Requests requests,
      Ticker ticker) {
    this.ticker = ticker;
    this.copies = copies;
    this.replicas = config.replicas();
    this.offers = new OfferDesk(bus, requests);
    this.disk = new ScheduledThreadPoolExecutor(DISK_THREADS, Replication::diskThread);
    disk.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    Pullers.Disk threads = disk();
    this.feeder =
        new Feeder(
            config.own(),
            bus,
            tree -> source(config, tree),
            copies,
            offers,
            state,
            threads::execute);
    SplittableRandom chance = new SplittableRandom();
    this.pullers =
        new Pullers(
            config.own(),
            replicas,
            bus,
            voters,
            threads,
            pulling,
            () -> ticker.now().bootNanos(),
            chance::nextLong);
  }

  private Pullers.Disk disk() {
    return new Pullers.Disk() {
      @Override
      public void execute(Runnable work) {
        disk.execute(() -> guarded(work));
      }

      @Override
      public void later(Runnable work, Duration after) {
        disk.schedule(() -> guarded(work), after.toNanos(), TimeUnit.NANOSECONDS);
      }
    };
  }

  private static void guarded(Runnable work) {
    try {
      work.run();
    } catch (RuntimeException e) {
      LOG.error("a replica's disk work failed", e);
    }
  }

  private static Thread diskThread(Runnable work) {
    return Thread.ofPlatform().daemon().name("replica-disk").unstarted(work);
  }

  private static LogSource source(Config config, String tree) throws IOException {
    if (tree.equals(config.own())) {
      return LogSource.own(config.live(), HomeDirectory.log(config.state()));
    }
    Path place = Pullers.place(config.replicas(), tree);
    return place != null && Files.isDirectory(place) ? LogSource.lying(place) : null;
  }

  /** Begins; what is on disk is read in the background. */
  public void start() {
    feeding.start();
    pulling.start();
    pulling.execute(this::open);
  }

  private void open() {
    try {
      pullers.open();
    } catch (IOException e) {
      LOG.error("the replicas in {} cannot be listed", replicas, e);
    }
  }

  /** This node's log has a new entry. Core thread. */
  public void appended(HamState after) {
    feeder.appended(after);
  }

  /** What was appended may go now. Core thread; apart, because it wakes another. */
  public void flush() {
    if (copies.pace().isDue()) {
      feeding.wake();
    }
  }

  @Override
  public void received(Member from, Subject subject, byte[] message) {
    ReplicaMessage parsed;
    try {
      parsed = Messages.parse(message);
    } catch (Messages.Garbage e) {
      LOG.warn("{} sent no message about replicas: {}", from, e.getMessage());
      return;
    }
    switch (parsed.getKindCase()) {
      case PULL, ASK, OFFER -> feeding.execute(() -> feeder.received(from, parsed));
      case REPORT -> {
        if (feeder.reported(from, parsed)) {
          feeding.execute(() -> feeder.received(from, parsed));
        }
      }
      case ENTRIES, SNAPSHOT_PART, FORK, STANDING, DIGEST, TAKEN ->
          pulling.execute(() -> pullers.received(from, parsed));
      case HAVE, KIND_NOT_SET -> {}
    }
  }

  @Override
  public void viewChanged(List<Member> members) {
    feeding.execute(() -> feeder.viewChanged(members));
    pulling.execute(() -> pullers.viewChanged(members));
  }

  /** Others vote than before. */
  public void votersChanged(List<Member> members) {
    copies.votersChanged();
    viewChanged(members);
  }

  @Override
  public Tree of(String node) {
    return pullers.of(node);
  }

  @Override
  public AutoCloseable onArrival(Runnable bell) {
    return pullers.onArrival(bell);
  }

  /**
   * Makes the replica of a silent node's tree as long as that of a voter; see {@link
   * Pullers#pullFrom}.
   */
  public CompletableFuture<EntryId> pullFrom(String tree, Member voter) {
    CompletableFuture<EntryId> done = new CompletableFuture<>();
    pulling.execute(
        () -> {
          CompletableFuture<EntryId> pulled = pullers.pullFrom(tree, voter);
          pulled.whenComplete(
              (id, e) -> {
                if (e == null) {
                  done.complete(id);
                } else {
                  done.completeExceptionally(e);
                }
              });
          done.whenComplete((id, e) -> pulled.cancel(false));
        });
    return done;
  }

  /** Removes the replica of a node that will not come back. */
  public void forget(String node) {
    pulling.execute(() -> pullers.forget(node));
  }

  /** Where this node's own surplus tail is handed in. */
  public OfferDesk offers() {
    return offers;
  }

  /** What does not work, for people. */
  public List<String> notices() {
    return new ArrayList<>(pullers.notices());
  }

  private long feed() {
    long now = ticker.now().bootNanos();
    long newest = feeder.newest();
    long rest = copies.pace().rest(now, newest, feeder.isBehind());
    if (rest == 0) {
      feeder.feed();
      copies.pace().gone(now, newest);
      rest = Long.MAX_VALUE;
    }
    return Math.min(rest, until(feeder.due(now), now));
  }

  private long pull() {
    long now = ticker.now().bootNanos();
    return until(pullers.due(now), now);
  }

  private static long until(long due, long now) {
    return due == Long.MAX_VALUE ? Long.MAX_VALUE : Math.max(1, due - now);
  }

  /** Ends the threads; what was pulled and is not on disk yet is pulled again another time. */
  @Override
  public void close() {
    if (ended) {
      return;
    }
    ended = true;
    feeding.close();
    pulling.close();
    feeder.close();
    pullers.close();
    disk.shutdown();
    try {
      disk.awaitTermination(5, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
