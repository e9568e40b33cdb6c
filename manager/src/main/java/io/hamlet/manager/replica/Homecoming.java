package io.hamlet.manager.replica;

import io.hamlet.core.recovery.HamEvent;
import io.hamlet.internal.v1.ReplicaProto;
import io.hamlet.internal.v1.ReplicaProto.ReplicaMessage;
import io.hamlet.manager.log.LogCursor;
import io.hamlet.manager.log.LogPiece;
import io.hamlet.manager.log.LogSnapshot;
import io.hamlet.manager.log.LogSource;
import io.hamlet.manager.log.Mark;
import io.hamlet.manager.log.ReignId;
import io.hamlet.manager.log.ReplicaLog;
import io.hamlet.manager.port.ClusterBus;
import io.hamlet.manager.port.Member;
import io.hamlet.manager.port.Subject;
import io.hamlet.manager.wire.EntryCodec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/**
 * A node that lost its memory asks the voters for the longest copy of its own tree before it acts
 * (red-team.md B5). One thread seeks; {@link #received} may be called by any.
 */
public final class Homecoming {
  private static final long ASK_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

  /** So many times the limit the others may take one for living who has died. */
  private static final int GHOST = 5;

  private static final int MOST_WORDS = 320;

  /** A node that nobody is seen of for so long is gone, and another may have a copy too. */
  private static final long GONE_NANOS = TimeUnit.SECONDS.toNanos(5);

  /** To pull a copy that was found; a bigger one than comes in this time is not waited for. */
  private static final Duration PULL_LIMIT = Duration.ofSeconds(30);

  private final String own;
  private final Path state;
  private final ClusterBus bus;
  private final List<String> voters;
  private final LongSupplier clock;
  private final LinkedBlockingQueue<Runnable> inbox = new LinkedBlockingQueue<>();
  private final Map<String, Copy> answers = new HashMap<>();
  private final Map<String, String> acting = new TreeMap<>();
  private final List<String> findings = new CopyOnWriteArrayList<>();
  private final Feeder copies;
  private Puller puller;

  /** A copy that a voter has; nothing: the mark is null. */
  private record Copy(Member at, ReignId reign, Mark last) {
    boolean isBeyond(ReignId other, Mark mark) {
      if (last == null || reign.incarnation() != other.incarnation()) {
        return last != null && reign.incarnation() > other.incarnation();
      }
      boolean later = reign.epoch() > other.epoch();
      return later || (reign.epoch() == other.epoch() && last.index() > mark.index());
    }

    /** The longest first. Of copies that are none of nothing. */
    static int compare(Copy one, Copy other) {
      if (one.isBeyond(other.reign, other.last)) {
        return -1;
      }
      return other.isBeyond(one.reign, one.last) ? 1 : 0;
    }
  }

  /**
   * What came of it.
   *
   * @param taken the log on disk is another now; open it anew
   * @param incarnation highest that any copy was written in
   * @param epoch highest of any copy, whatever its incarnation; the next is above it
   * @param surplus requests that only the log before had, to be served again
   * @param findings for people
   */
  public record Outcome(
      boolean taken,
      long incarnation,
      long epoch,
      List<HamEvent.Requested> surplus,
      List<String> findings) {
    /** Nobody was asked. */
    public static final Outcome NONE = new Outcome(false, 0, 0, List.of(), List.of());
  }

  /**
   * @param own the name of this node
   * @param state its directory on disk; see {@link HomeDirectory}
   * @param voters all but this node
   * @param clock CLOCK_BOOTTIME in nanoseconds
   */
  public Homecoming(
      String own, Path state, ClusterBus bus, List<String> voters, LongSupplier clock) {
    this.own = own;
    this.state = state;
    this.bus = bus;
    this.voters = voters;
    this.clock = clock;
    this.copies = Feeder.ofCopies(own, bus, this::copy);
  }

  /** A message about replicas. Any thread. */
  public void received(Member from, byte[] message) {
    try {
      ReplicaMessage parsed = Messages.parse(message);
      if (parsed.getTree().equals(own)) {
        inbox.add(() -> handle(from, parsed));
      } else if (parsed.hasAsk() || parsed.hasPull() || parsed.hasReport()) {
        inbox.add(() -> lend(() -> copies.received(from, parsed)));
      }
    } catch (Messages.Garbage e) {
      findings.add(from.node() + " sent no message about replicas: " + e.getMessage());
    }
  }

  /**
   * Asks, and takes what is longer than what is here.
   *
   * @param reign that wrote last here
   * @param end the newest entry here
   * @param limit for the voters to answer, once the bus is open
   * @throws NameTaken when another node of that name lives; nothing was taken then
   */
  public Outcome seek(ReignId reign, Mark end, Duration limit)
      throws IOException, InterruptedException, NameTaken {
    try {
      return come(reign, end, limit);
    } finally {
      copies.close();
    }
  }

  private Outcome come(ReignId reign, Mark end, Duration limit)
      throws IOException, InterruptedException, NameTaken {
    ask(limit);
    long told = clock.getAsLong();
    while (!acting.isEmpty()) {
      if (clock.getAsLong() - told > GHOST * limit.toNanos()) {
        throw new NameTaken(own, acting);
      }
      await(clock.getAsLong() + ASK_NANOS);
      // Asked again; until they answer, what they said stands.
      answers.keySet().removeAll(acting.keySet());
      ask(limit);
    }
    List<Copy> longer = new ArrayList<>();
    long incarnation = reign.incarnation();
    long epoch = reign.epoch();
    for (Copy copy : answers.values()) {
      if (copy.last() != null) {
        incarnation = Math.max(incarnation, copy.reign().incarnation());
        epoch = Math.max(epoch, copy.reign().epoch());
      }
      if (copy.isBeyond(reign, end)) {
        longer.add(copy);
      }
    }
    longer.sort(Copy::compare);
    List<String> silent = voters.stream().filter(v -> !answers.containsKey(v)).toList();
    if (!silent.isEmpty()) {
      findings.add("no answer about this node's tree within " + limit + " from " + silent);
    }
    Copy best = pull(longer);
    boolean taken = best != null;
    List<HamEvent.Requested> surplus = taken ? surplus() : List.of();
    if (taken) {
      HomeDirectory.complete(state);
      findings.add("the tree was taken back from " + best.at().node() + " up to " + best.last());
    }
    return new Outcome(taken, incarnation, epoch, surplus, List.copyOf(findings));
  }

  private void ask(Duration limit) throws InterruptedException {
    long due = clock.getAsLong();
    long again = due;
    Patience patience = new Patience(due, limit);
    while (answers.size() < voters.size()
        && patience.lasts(clock.getAsLong(), due, bus.isOpen(), isOwed())) {
      if (clock.getAsLong() >= again) {
        askAll();
        again = clock.getAsLong() + ASK_NANOS;
      }
      due = again;
      await(due);
    }
  }

  /** A voter is there that has not answered. */
  private boolean isOwed() {
    return voters.stream().anyMatch(v -> !answers.containsKey(v) && there(v) != null);
  }

  private void askAll() {
    for (String voter : voters) {
      Member there = there(voter);
      if (there != null && !answers.containsKey(voter)) {
        ReplicaMessage.Builder ask = Messages.of(own, 1);
        ask.setAsk(ReplicaProto.Ask.getDefaultInstance());
        bus.send(there, Subject.REPLICA, ask.build().toByteArray());
      }
    }
  }

  /** Who answers there: the acting HAM; or, before one acts, who seeks as this one does. */
  private Member there(String voter) {
    Member ham = bus.ham(voter);
    return ham != null
        ? ham
        : bus.view().stream().filter(m -> m.node().equals(voter)).findFirst().orElse(null);
  }

  /**
   * Where all begin at once nobody acts yet, and each would wait in vain for the others: who seeks
   * its own tree gives what it has of theirs, as who acts does.
   */
  private LogSource copy(String tree) throws IOException {
    Path place = Pullers.place(HomeDirectory.replicas(state), tree);
    return place != null && Files.isDirectory(place) ? LogSource.lying(place) : null;
  }

  /** Does what has come in, or comes until then. */
  private void await(long until) throws InterruptedException {
    long nanos = Math.max(0, until - clock.getAsLong());
    for (Runnable work = inbox.poll(nanos, TimeUnit.NANOSECONDS);
        work != null;
        work = inbox.poll()) {
      work.run();
    }
    lend(copies::feed);
  }

  /** What is wrong with the tree of another must not keep this node from its own. */
  private void lend(Runnable work) {
    try {
      work.run();
    } catch (RuntimeException e) {
      findings.add("a copy of another node's tree cannot be given: " + e.getMessage());
    }
  }

  private void handle(Member from, ReplicaMessage message) {
    if (!message.hasHave()) {
      if (puller != null) {
        puller.received(from, message);
      }
      return;
    }
    if (!voters.contains(from.node())) {
      return;
    }
    try {
      ReplicaProto.Have have = message.getHave();
      Mark last = have.getNothing() ? null : Messages.mark(have.getLast());
      answers.put(from.node(), new Copy(from, Messages.reign(have.getReign()), last));
      acting(from, have.getActing());
    } catch (Messages.Garbage e) {
      findings.add(from.node() + " says nothing that can be: " + e.getMessage());
    }
  }

  private void acting(Member from, String words) throws Messages.Garbage {
    if (words.length() > MOST_WORDS || !words.chars().allMatch(c -> c >= ' ' && c < 127)) {
      throw new Messages.Garbage("nobody acts at such a place");
    }
    if (words.isEmpty()) {
      acting.remove(from.node());
    } else {
      acting.put(from.node(), words);
    }
  }

  /** The first of them that comes whole; null: none did. */
  private Copy pull(List<Copy> copies) throws IOException, InterruptedException {
    if (copies.isEmpty()) {
      return null;
    }
    Path coming = HomeDirectory.coming(state);
    try (ReplicaLog log = new ReplicaLog(coming, own)) {
      puller = new Puller(own, new ReplicaStore(log, inline()), around());
      puller.open();
      for (Copy copy : copies) {
        if (pull(copy)) {
          return copy;
        }
        findings.add("the tree could not be taken back from " + copy.at().node() + " in time");
      }
      return null;
    }
  }

  private boolean pull(Copy copy) throws InterruptedException {
    Member from = copy.at();
    puller.target(from);
    long now = clock.getAsLong();
    long heard = now;
    long deadline = now + PULL_LIMIT.toNanos();
    for (; !isWhole(copy) && now < deadline; now = clock.getAsLong()) {
      // The manager that told of it may be another by now, or act by now, or be none for a while.
      Member there = there(from.node());
      if (there != null) {
        from = there;
        puller.target(from);
      }
      heard = there == null ? heard : now;
      if (now - heard > GONE_NANOS) {
        return false;
      }
      await(Math.min(now + ASK_NANOS, puller.due(now)));
    }
    return isWhole(copy);
  }

  private boolean isWhole(Copy best) {
    return puller.isCaughtUp()
        && puller.mark().index() >= best.last().index()
        && puller.durable() >= puller.mark().index();
  }

  /** Here nothing is in a hurry but this. */
  private ReplicaStore.Disk inline() {
    return new ReplicaStore.Disk() {
      @Override
      public void execute(Runnable work) {
        inbox.add(work);
      }

      @Override
      public void later(Runnable work, Duration after) {
        Thread.ofVirtual()
            .start(
                () -> {
                  LockSupport.parkNanos(after.toNanos());
                  inbox.add(work);
                });
      }
    };
  }

  private Puller.Around around() {
    return new Puller.Around(
        bus,
        inbox::add,
        inbox::add,
        clock,
        this::draw,
        findings::add,
        (tree, tail) -> {},
        () -> {});
  }

  private long draw() {
    return clock.getAsLong() | 1;
  }

  /** Requests of the old log that are not in the new one. */
  private List<HamEvent.Requested> surplus() throws IOException {
    LogSource before = LogSource.lying(HomeDirectory.log(state));
    LogSource now = LogSource.lying(HomeDirectory.coming(state));
    LogSnapshot base = before.snapshot();
    List<HamEvent.Requested> lost = new ArrayList<>();
    if (base == null) {
      return lost;
    }
    try (LogCursor cursor = before.after(base.mark())) {
      for (LogPiece p = cursor.next(); p != null; p = cursor.next()) {
        if (now.after(p.mark()) != null) {
          lost.clear();
        } else {
          OfferDesk.named(EntryCodec.decode(p.payload()).event(), lost);
        }
      }
    }
    return lost;
  }
}
