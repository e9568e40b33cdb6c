package io.hamlet.it.sim;

import com.google.protobuf.InvalidProtocolBufferException;
import io.hamlet.core.recovery.HamState;
import io.hamlet.internal.v1.ReplicaProto.ReplicaMessage;
import io.hamlet.manager.log.LogSource;
import io.hamlet.manager.port.ClusterBus;
import io.hamlet.manager.port.Member;
import io.hamlet.manager.port.Replicas;
import io.hamlet.manager.port.Requests;
import io.hamlet.manager.port.Subject;
import io.hamlet.manager.port.Ticker;
import io.hamlet.manager.replica.Copies;
import io.hamlet.manager.replica.Feeder;
import io.hamlet.manager.replica.OfferDesk;
import io.hamlet.manager.replica.Pullers;
import io.hamlet.manager.replica.Voters;
import io.hamlet.manager.runtime.ClusterLoop;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * What {@code Replication} does, without its threads: the same feeder and pullers, one after the
 * other in the turns of the node. Files are real. One thread.
 */
final class SimReplication implements ClusterLoop.Part, Replicas {
  private final ArrayDeque<Runnable> pulling = new ArrayDeque<>();
  private final Feeder feeder;
  private final Pullers pullers;
  private boolean over;

  /** Of one manager. */
  record Place(String own, Path replicas, Consumer<Runnable> disk) {}

  SimReplication(
      Place place,
      ClusterBus bus,
      SimLog log,
      Copies copies,
      Voters voters,
      HamState state,
      Requests requests,
      Ticker ticker,
      RandomGenerator chance) {
    Pullers.Disk disk = new Later(place.disk());
    feeder =
        new Feeder(
            place.own(),
            bus,
            tree -> tree.equals(place.own()) ? log : lying(place, tree),
            copies,
            new OfferDesk(bus, requests),
            state,
            disk::execute);
    pullers =
        new Pullers(
            place.own(),
            place.replicas(),
            bus,
            voters,
            disk,
            pulling::add,
            () -> ticker.now().bootNanos(),
            chance::nextLong);
    log.onAppend(feeder::appended);
    pulling.add(this::open);
  }

  private static LogSource lying(Place place, String tree) throws IOException {
    Path files = Pullers.place(place.replicas(), tree);
    return files != null && Files.isDirectory(files) ? LogSource.lying(files) : null;
  }

  private void open() {
    try {
      pullers.open();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Its process is dead: what it had begun is not finished. */
  void kill() {
    over = true;
    pulling.clear();
    feeder.close();
  }

  @Override
  public void received(Member from, Subject subject, byte[] message) {
    ReplicaMessage parsed;
    try {
      parsed = ReplicaMessage.parseFrom(message);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException(e);
    }
    switch (parsed.getKindCase()) {
      case PULL, REPORT, ASK, OFFER -> feeder.received(from, parsed);
      case ENTRIES, SNAPSHOT_PART, FORK, STANDING, DIGEST, TAKEN -> pullers.received(from, parsed);
      case HAVE, KIND_NOT_SET -> {}
    }
  }

  @Override
  public void viewChanged(List<Member> members) {
    feeder.viewChanged(members);
    pullers.viewChanged(members);
  }

  @Override
  public long due(long now) {
    for (Runnable work = pulling.poll(); work != null; work = pulling.poll()) {
      work.run();
    }
    while (feeder.feed()) {
      // All that may be sent.
    }
    long next = Math.min(feeder.due(now), pullers.due(now));
    return pulling.isEmpty() ? next : now;
  }

  @Override
  public Tree of(String node) {
    return pullers.of(node);
  }

  @Override
  public AutoCloseable onArrival(Runnable bell) {
    return pullers.onArrival(bell);
  }

  /** What does not work, for people. */
  List<String> notices() {
    return pullers.notices();
  }

  private final class Later implements Pullers.Disk {
    private final Consumer<Runnable> disk;

    Later(Consumer<Runnable> disk) {
      this.disk = disk;
    }

    @Override
    public void execute(Runnable work) {
      disk.accept(
          () -> {
            if (!over) {
              work.run();
            }
          });
    }

    @Override
    public void later(Runnable work, Duration after) {
      execute(work);
    }
  }
}
