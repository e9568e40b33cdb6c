package io.hamlet.manager.replica;

import io.hamlet.core.model.EntryId;
import io.hamlet.core.model.NodeName;
import io.hamlet.internal.v1.ReplicaProto.ReplicaMessage;
import io.hamlet.manager.disk.Contents;
import io.hamlet.manager.disk.Trees;
import io.hamlet.manager.log.ReplicaLog;
import io.hamlet.manager.port.ClusterBus;
import io.hamlet.manager.port.Member;
import io.hamlet.manager.port.Replicas;
import io.hamlet.manager.runtime.Bells;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * The replicas that a voter keeps, one of each other node's tree. Confined to one thread, but for
 * {@link #of} and {@link #notices}.
 */
public final class Pullers implements Replicas {
  private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final String own;
  private final Path directory;
  private final Path kept;
  private final ClusterBus bus;
  private final Voters voters;
  private final ReplicaStore.Disk disk;
  private final Puller.Around around;
  private final Surplus surplus;
  private final Notices notices = new Notices();
  private final Map<String, Puller> pullers = new ConcurrentHashMap<>();
  private final Bells arrivals = new Bells();
  private final Map<String, Errand> errands = new ConcurrentHashMap<>();

  /** A tree is to be pulled from a voter until the replica is as long as the voter's. */
  private record Errand(Member from, CompletableFuture<EntryId> done) {}

  /**
   * @param own the name of this node
   * @param directory of all replicas
   * @param thread runs work on the thread that this is confined to
   * @param clock CLOCK_BOOTTIME in nanoseconds
   * @param chance draws numbers for streams
   */
  public Pullers(
      String own,
      Path directory,
      ClusterBus bus,
      Voters voters,
      Disk disk,
      Executor thread,
      LongSupplier clock,
      LongSupplier chance) {
    this.own = own;
    this.directory = directory;
    this.kept = directory.resolveSibling(directory.getFileName() + "-kept");
    this.bus = bus;
    this.voters = voters;
    this.disk = disk;
    this.surplus = new Surplus(bus);
    this.around =
        new Puller.Around(
            bus,
            thread,
            disk::execute,
            clock,
            drawing(chance),
            notices::tell,
            surplus::take,
            arrivals::ring);
  }

  /** Threads for what touches a disk or takes long. */
  public interface Disk extends ReplicaStore.Disk {}

  /** Never 0, which stands for no stream. */
  private static LongSupplier drawing(LongSupplier chance) {
    return () -> {
      long drawn = chance.getAsLong();
      return drawn == 0 ? 1 : drawn;
    };
  }

  /** Where the replica of that tree lies, or null for a name that cannot be one. */
  public static Path place(Path replicas, String node) {
    return NodeName.isOne(node) ? replicas.resolve(node) : null;
  }

  /** Opens what is on disk, in the background. */
  public void open() throws IOException {
    if (!Files.isDirectory(directory)) {
      return;
    }
    for (Path each : Contents.of(directory)) {
      if (Files.isDirectory(each)) {
        puller(each.getFileName().toString());
      }
    }
  }

  @Override
  public Tree of(String node) {
    Puller puller = pullers.get(node);
    return puller == null ? null : puller.replica();
  }

  @Override
  public AutoCloseable onArrival(Runnable bell) {
    return arrivals.add(bell);
  }

  /** What does not work, for people. Any thread. */
  public List<String> notices() {
    List<String> all = new ArrayList<>(notices.newest());
    pullers.values().stream().map(Puller::trouble).filter(Objects::nonNull).forEach(all::add);
    return all;
  }

  /** A message for who pulls. Others are none of its business. */
  public void received(Member from, ReplicaMessage message) {
    if (message.hasTaken()) {
      surplus.taken(message.getTree(), message.getTaken().getNumber());
      return;
    }
    Puller puller = pullers.get(message.getTree());
    if (puller != null) {
      puller.received(from, message);
      settle(message.getTree(), puller);
    }
  }

  /** Pulls from those who act now. */
  public void viewChanged(List<Member> members) {
    boolean votes = voters.names().contains(own);
    for (Member member : members) {
      if (votes && member.role() == Member.Role.HAM && !member.node().equals(own)) {
        puller(member.node());
      }
    }
    pullers.forEach((node, puller) -> puller.target(votes ? target(node, members) : null));
  }

  private Member target(String node, List<Member> members) {
    Errand errand = errands.get(node);
    if (errand != null) {
      return errand.from();
    }
    for (Member member : members) {
      if (member.role() == Member.Role.HAM && member.node().equals(node)) {
        return member;
      }
    }
    return null;
  }

  private Puller puller(String node) {
    Path place = place(directory, node);
    if (place == null || node.equals(own)) {
      return null;
    }
    return pullers.computeIfAbsent(
        node,
        name -> {
          ReplicaLog log = new ReplicaLog(place, name, place(kept, name));
          Puller puller = new Puller(name, new ReplicaStore(log, disk), around);
          puller.open();
          return puller;
        });
  }

  /**
   * Makes the replica of a tree, whose node is silent, as long as that of a voter.
   *
   * @return completes with the newest entry here then. Whoever asks gives it a limit; when that is
   *     over nothing more is pulled.
   */
  public CompletableFuture<EntryId> pullFrom(String tree, Member voter) {
    CompletableFuture<EntryId> done = new CompletableFuture<>();
    Puller puller = puller(tree);
    if (puller == null) {
      done.completeExceptionally(new IllegalArgumentException("no replica of '" + tree + "'"));
      return done;
    }
    Errand before = errands.put(tree, new Errand(voter, done));
    if (before != null) {
      before.done().cancel(false);
    }
    puller.target(voter);
    done.whenComplete((id, e) -> around.own().execute(() -> errandEnded(tree, done)));
    settle(tree, puller);
    return done;
  }

  private void errandEnded(String tree, CompletableFuture<EntryId> done) {
    Errand errand = errands.get(tree);
    if (errand != null && errand.done() == done) {
      errands.remove(tree);
      viewChanged(bus.view());
    }
  }

  private void settle(String tree, Puller puller) {
    Errand errand = errands.get(tree);
    if (errand != null && errand.from().equals(puller.target()) && puller.isCaughtUp()) {
      Tree replica = puller.replica();
      errand.done().complete(replica == null ? EntryId.NONE : replica.state().last());
    }
  }

  /** Removes the replica of a node that will not come back. */
  public void forget(String node) {
    Puller puller = pullers.remove(node);
    if (puller == null) {
      return;
    }
    puller.target(null);
    puller.close();
    disk.execute(
        () -> {
          remove(place(directory, node));
          remove(place(kept, node));
        });
  }

  private void remove(Path place) {
    try {
      Trees.remove(place);
    } catch (IOException e) {
      notices.tell("the replica in " + place + " cannot be removed: " + e.getMessage());
    }
  }

  /**
   * Asks who is silent, and offers what was cut off.
   *
   * @param now CLOCK_BOOTTIME in nanoseconds
   * @return when to be called again
   */
  public long due(long now) {
    long next = surplus.isEmpty() ? Long.MAX_VALUE : Math.max(surplus.due(now), now + IDLE_NANOS);
    for (Puller puller : pullers.values()) {
      next = Math.min(next, puller.due(now));
    }
    return next;
  }

  /** Ends all behind what waits for the disk. */
  public void close() {
    pullers.values().forEach(Puller::close);
  }
}
