package io.hamlet.manager.replica;

import com.google.protobuf.ByteString;
import io.hamlet.core.recovery.HamState;
import io.hamlet.internal.v1.ReplicaProto;
import io.hamlet.internal.v1.ReplicaProto.ReplicaMessage;
import io.hamlet.manager.log.LogCursor;
import io.hamlet.manager.log.LogPiece;
import io.hamlet.manager.log.LogSnapshot;
import io.hamlet.manager.log.LogSource;
import io.hamlet.manager.log.Mark;
import io.hamlet.manager.log.ReignId;
import io.hamlet.manager.log.StateUnreadable;
import io.hamlet.manager.port.ClusterBus;
import io.hamlet.manager.port.Member;
import io.hamlet.manager.port.Subject;
import io.hamlet.manager.wire.Digest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers pulls: of this node's log, and of its replicas for those who look for the longest. The
 * log is the buffer, so a slow replica costs nothing (red-team.md B9). Confined to one thread, but
 * for {@link #appended} and {@link #reported}.
 */
public final class Feeder {
  /** Between two digests of a tree that changes. */
  static final long DIGEST_NANOS = TimeUnit.SECONDS.toNanos(10);

  /** Replicas keep the state after each so-manieth entry for a while, to compare it. */
  static final long MILESTONE = 1024;

  private static final Logger LOG = LoggerFactory.getLogger(Feeder.class);

  private static final Comparator<Key> ORDER =
      Comparator.comparing(Key::node).thenComparing(Key::role).thenComparing(Key::tree);

  private final String own;
  private final ClusterBus bus;
  private final Sources sources;
  private final Copies copies;
  private final OfferDesk offers;
  private final Executor digesting;

  /** In an order that is the same in each process; a hash of a role is not. */
  private final Map<Key, Delivery> deliveries = new ConcurrentSkipListMap<>(ORDER);

  private volatile HamState newest;
  private boolean behind;
  private volatile HamState milestone;
  private long digested = -1;
  private long digestDue;

  private record Key(String node, Member.Role role, String tree) {}

  /** The logs that can be pulled here. Called on the feeder's thread. */
  @FunctionalInterface
  public interface Sources {
    /** The log of that node's tree, or null; of another node's, as it is at this moment. */
    LogSource of(String tree) throws IOException;
  }

  /**
   * @param own the name of this node
   * @param newest the state that this reign begins with
   * @param digesting runs what takes long and may be late
   */
  public Feeder(
      String own,
      ClusterBus bus,
      Sources sources,
      Copies copies,
      OfferDesk offers,
      HamState newest,
      Executor digesting) {
    this.own = own;
    this.bus = bus;
    this.sources = sources;
    this.copies = copies;
    this.offers = offers;
    this.newest = newest;
    this.digesting = digesting;
  }

  /**
   * Of a node that seeks its own tree still: it has copies of others, and gives them.
   *
   * @param sources none of its own
   */
  static Feeder ofCopies(String own, ClusterBus bus, Sources sources) {
    return new Feeder(own, bus, sources, null, null, null, Runnable::run);
  }

  /** This node's log has a new entry, which led there. Core thread; two stores. */
  public void appended(HamState after) {
    newest = after;
    if (after.last().index() % MILESTONE == 0) {
      milestone = after;
    }
  }

  /** Index of the newest entry. Any thread. */
  long newest() {
    return newest.last().index();
  }

  /** A replica lacks what had to wait for its reports. */
  boolean isBehind() {
    return behind;
  }

  /** A message for whom is pulled from. Others are none of its business. */
  public void received(Member from, ReplicaMessage message) {
    try {
      switch (message.getKindCase()) {
        case PULL -> pull(from, message);
        case REPORT -> {
          reported(from, message);
          if (message.getReport().getAsks()) {
            stands(from, message);
          }
        }
        case ASK -> asked(from, message);
        case OFFER -> {
          if (message.getTree().equals(own)) {
            offers.offered(from, message);
          }
        }
        default -> {}
      }
    } catch (Messages.Garbage e) {
      LOG.warn("a message of {} was not understood: {}", from, e.getMessage());
    } catch (IOException | StateUnreadable e) {
      LOG.warn("{} cannot pull '{}' here: {}", from.node(), message.getTree(), e.getMessage());
    }
  }

  /** Ends what those were sent who are gone. */
  public void viewChanged(List<Member> members) {
    List<Delivery> gone = new ArrayList<>();
    for (Delivery delivery : deliveries.values()) {
      Member to = delivery.to();
      // Whoever pulled as a Guardian, to come home, does so no more as a HAM.
      if (members.stream().noneMatch(m -> m.isSameProcess(to) && m.role() == to.role())) {
        gone.add(delivery);
      }
    }
    gone.forEach(this::end);
  }

  private void pull(Member from, ReplicaMessage message) throws IOException, Messages.Garbage {
    ReplicaProto.Pull pull = message.getPull();
    Mark mark = Messages.mark(pull.getFrom());
    String tree = message.getTree();
    Delivery before = deliveries.get(new Key(from.node(), from.role(), tree));
    if (before != null) {
      if (before.stream() == message.getStream()) {
        // Said twice; it is being answered.
        return;
      }
      end(before);
    }
    LogSource source = sources.of(tree);
    if (source == null) {
      return;
    }
    Delivery delivery =
        pull.getAnew()
            ? Delivery.anew(from, tree, message.getStream(), source)
            : Delivery.after(from, tree, message.getStream(), source, mark);
    if (delivery == null && !pull.getAnew()) {
      fork(from, message, source);
    }
    if (tree.equals(own)) {
      copies.hasNoMore(from.node(), delivery == null || pull.getAnew() ? 0 : mark.index());
    }
    if (delivery != null) {
      deliveries.put(new Key(from.node(), from.role(), tree), delivery);
      behind = true;
    }
  }

  private void fork(Member from, ReplicaMessage message, LogSource source) throws IOException {
    List<Mark> marks = source.beginnings();
    ReplicaProto.Fork.Builder fork = ReplicaProto.Fork.newBuilder();
    marks.stream()
        .skip(Math.max(0, marks.size() - Messages.MOST_MARKS))
        .forEach(mark -> fork.addMarks(Messages.mark(mark)));
    send(from, Messages.of(message.getTree(), message.getStream()).setFork(fork).build());
  }

  /**
   * A replica tells how far it has got. Any thread, one at a time for each replica: who waits for
   * its disk does not wait for the feeder.
   *
   * @return whether the message is for {@link #received} too, and {@link #feed} is wanted then
   */
  boolean reported(Member from, ReplicaMessage message) {
    ReplicaProto.Report report = message.getReport();
    Delivery delivery = delivery(from, message);
    boolean wanted = report.getAsks();
    if (delivery != null) {
      wanted |= delivery.received(report.getReceived());
      if (delivery.tree().equals(own)) {
        delivery.reported(report.getDurable(), index -> copies.has(from.node(), index));
      }
    }
    return wanted;
  }

  /** Null when that stream is not known. */
  private Delivery delivery(Member from, ReplicaMessage message) {
    Delivery delivery = deliveries.get(new Key(from.node(), from.role(), message.getTree()));
    return delivery != null && delivery.stream() == message.getStream() ? delivery : null;
  }

  private void stands(Member from, ReplicaMessage message) {
    Delivery delivery = delivery(from, message);
    ReplicaProto.Standing.Builder standing =
        ReplicaProto.Standing.newBuilder()
            .setKnown(delivery != null)
            .setNumber(delivery == null ? 0 : delivery.sent());
    ReplicaMessage.Builder answer = Messages.of(message.getTree(), message.getStream());
    send(from, answer.setStanding(standing).build());
  }

  /** How far does the copy here go? */
  private void asked(Member from, ReplicaMessage message) throws IOException {
    LogSource source = message.getTree().equals(own) ? null : sources.of(message.getTree());
    LogSnapshot snapshot = source == null ? null : source.snapshot();
    ReplicaProto.Have.Builder have = Messages.have(bus.ham(message.getTree()));
    if (snapshot == null) {
      have.setNothing(true);
    } else {
      ReignId reign = snapshot.reign();
      Mark last = snapshot.mark();
      try (LogCursor cursor = source.after(last)) {
        for (LogPiece p = cursor.next(); p != null; p = cursor.next()) {
          reign = p.reign();
          last = p.mark();
        }
      }
      have.setReign(Messages.reign(reign)).setLast(Messages.mark(last));
    }
    send(from, Messages.of(message.getTree(), message.getStream()).setHave(have).build());
  }

  /**
   * Sends all that may be sent.
   *
   * @return whether anything was
   */
  public boolean feed() {
    boolean any = false;
    behind = false;
    for (Delivery delivery : List.copyOf(deliveries.values())) {
      any |= feed(delivery);
    }
    return any;
  }

  private boolean feed(Delivery delivery) {
    boolean any = false;
    try {
      boolean ours = delivery.tree().equals(own);
      long known = ours ? newest.last().index() : delivery.source().newest();
      for (ReplicaMessage m = delivery.next(known); m != null; m = delivery.next(known)) {
        if (!send(delivery.to(), m)) {
          // It asks again when it misses what is lost.
          end(delivery);
          return any;
        }
        any = true;
      }
      behind |= delivery.isBehind(known);
    } catch (IOException | StateUnreadable e) {
      LOG.warn("'{}' cannot be read for {}: {}", delivery.tree(), delivery.to(), e.getMessage());
      end(delivery);
    }
    return any;
  }

  /**
   * Has the state's digest made and sent when it is time.
   *
   * @param now CLOCK_BOOTTIME in nanoseconds
   * @return when to be called again
   */
  public long due(long now) {
    if (now < digestDue) {
      return digestDue;
    }
    HamState last = newest;
    HamState marked = milestone;
    HamState state = marked != null && marked.last().index() > digested ? marked : last;
    boolean fed = deliveries.values().stream().anyMatch(d -> d.tree().equals(own));
    if (fed && state.last().index() > digested) {
      digested = state.last().index();
      digesting.execute(() -> digest(state));
    }
    digestDue = now + DIGEST_NANOS;
    return fed ? digestDue : Long.MAX_VALUE;
  }

  private void digest(HamState state) {
    ByteString sha = ByteString.copyFrom(Digest.of(state));
    ReplicaProto.StateDigest digest =
        ReplicaProto.StateDigest.newBuilder().setIndex(state.last().index()).setSha256(sha).build();
    for (Member member : bus.view()) {
      if (member.role() == Member.Role.HAM && !member.node().equals(own)) {
        send(member, Messages.of(own, 0).setDigest(digest).build());
      }
    }
  }

  private boolean send(Member to, ReplicaMessage message) {
    return bus.send(to, Subject.REPLICA, message.toByteArray());
  }

  private void end(Delivery delivery) {
    delivery.close();
    deliveries.remove(
        new Key(delivery.to().node(), delivery.to().role(), delivery.tree()), delivery);
  }

  /** Closes what is open. */
  public void close() {
    List.copyOf(deliveries.values()).forEach(this::end);
  }
}
