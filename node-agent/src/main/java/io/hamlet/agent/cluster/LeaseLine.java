package io.hamlet.agent.cluster;

import io.hamlet.agent.config.Bind;
import io.hamlet.core.cluster.Leash;
import io.hamlet.core.lease.Forgotten;
import io.hamlet.core.lease.LeaseState;
import io.hamlet.core.lease.LeaseTimes;
import io.hamlet.core.lease.VoterSet;
import io.hamlet.manager.cluster.BusConfig;
import io.hamlet.manager.lease.LeaseDesk;
import io.hamlet.manager.lease.LeaseSocket;
import io.hamlet.manager.lease.Places;
import io.hamlet.manager.port.Assents;
import io.hamlet.manager.port.Hearing;
import io.hamlet.manager.port.Obituaries;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The lease datagrams of one manager, on whichever slot is free. It opens by itself and tries again
 * for as long as it cannot; what it is told meanwhile it tells the desk then. Thread-safe.
 */
final class LeaseLine implements Hearing, Hearing.Listener, Assents, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LeaseLine.class);

  /** An interface without an address cannot be bound, and nothing tells when it has one. */
  private static final Duration AGAIN = Duration.ofSeconds(1);

  private final Bind bind;
  private final LeaseSocket.Setting setting;
  private final Places places;
  private final CountDownLatch closing = new CountDownLatch(1);
  private volatile Hearing.Listener listener;
  private volatile String trouble = "";
  private volatile String strangers = "";
  private volatile LeaseDesk desk;
  private LeaseSocket socket;
  private Consumer<LeaseDesk> speaker = d -> {};
  private Consumer<LeaseDesk> voters = d -> {};
  private Consumer<LeaseDesk> readiness = d -> {};
  private Consumer<LeaseDesk> watches = d -> {};
  private Consumer<LeaseDesk> forgotten = d -> {};
  private final Map<String, Long> fences = new TreeMap<>();
  private final Map<String, Leash> leashes = new TreeMap<>();
  private Obituaries obituaries = (node, incarnation, all) -> {};
  private Runnable moved = () -> {};

  LeaseLine(Bind bind, LeaseSocket.Setting setting, Places places) {
    this.bind = bind;
    this.setting = setting;
    this.places = places;
  }

  /** Returns at once; nothing if it was opened before, as by one that stood guard. */
  void open() {
    if (!tryOpen()) {
      Thread.ofPlatform().name("lease-opener").daemon().start(this::keepTrying);
    }
  }

  /** Who hears of the silent; who is told of nobody before. */
  void listen(Hearing.Listener now) {
    listener = now;
  }

  /** See {@link LeaseDesk#guard}. */
  synchronized void guard(long incarnation) {
    speaker = d -> d.guard(incarnation);
    tell(speaker);
  }

  /** See {@link LeaseDesk#reign}. */
  synchronized void reign(long incarnation, long epoch) {
    speaker = d -> d.reign(incarnation, epoch);
    tell(speaker);
    // A voter may be up to date before its node has joined; it is that still.
    tell(readiness);
  }

  /** See {@link LeaseDesk#voters}. */
  synchronized void voters(VoterSet set) {
    voters = d -> d.voters(set);
    tell(voters);
  }

  /** See {@link LeaseDesk#ready}. */
  synchronized void ready() {
    readiness = LeaseDesk::ready;
    tell(readiness);
  }

  /** See {@link LeaseDesk#leashed}. */
  synchronized void leashed(String node, Leash leash) {
    leashes.put(node, leash);
    tell(d -> leashed(d, node, leash));
  }

  private static void leashed(LeaseDesk desk, String node, Leash leash) {
    desk.leashed(node, leash.incarnation(), leash.generation(), leash.hash());
  }

  /** See {@link LeaseDesk#obituaries}. */
  synchronized void obituaries(Obituaries told) {
    obituaries = told;
    tell(d -> d.obituaries(told));
  }

  /** See {@link LeaseDesk#onMove}. */
  synchronized void onMove(Runnable told) {
    moved = told;
    tell(d -> d.onMove(told));
  }

  /** The lease of this node; null: no datagrams can be sent. */
  LeaseState lease() {
    LeaseDesk now = desk;
    return now == null ? null : now.lease();
  }

  @Override
  public synchronized void fence(String node, long incarnation) {
    fences.put(node, incarnation);
    tell(d -> d.fence(node, incarnation));
  }

  @Override
  public synchronized void forget(Forgotten now) {
    forgotten = d -> d.forget(now);
    tell(forgotten);
  }

  @Override
  public Last last(String node, long incarnation) {
    return desk == null ? null : desk.last(node, incarnation);
  }

  @Override
  public synchronized void watch(SortedMap<String, LeaseTimes> nodes) {
    SortedMap<String, LeaseTimes> copy = new TreeMap<>(nodes);
    watches = d -> d.watch(copy);
    tell(watches);
  }

  private void tell(Consumer<LeaseDesk> words) {
    if (desk != null) {
      words.accept(desk);
    }
  }

  @Override
  public long silentNanos(String node) {
    return desk == null ? Long.MAX_VALUE : desk.silentNanos(node);
  }

  /** Who cannot hear suspects nobody. */
  @Override
  public boolean suspects(String node) {
    return desk != null && desk.suspects(node);
  }

  @Override
  public boolean heardUnder(String node, long incarnation) {
    return desk != null && desk.heardUnder(node, incarnation);
  }

  @Override
  public long clockOf(String node) {
    return desk == null ? Long.MIN_VALUE : desk.clockOf(node);
  }

  @Override
  public void gone(String node) {
    if (desk != null) {
      desk.gone(node);
    }
  }

  @Override
  public void silent(String node, long incarnation) {
    if (listener != null) {
      listener.silent(node, incarnation);
    }
  }

  @Override
  public void heardAgain(String node, long incarnation) {
    if (listener != null) {
      listener.heardAgain(node, incarnation);
    }
  }

  /** What an operator should know, with what to do. */
  List<String> notices() {
    return List.of(trouble, strangers).stream().filter(n -> !n.isEmpty()).toList();
  }

  private void keepTrying() {
    try {
      while (!closing.await(AGAIN.toMillis(), TimeUnit.MILLISECONDS) && !tryOpen()) {
        continue;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized boolean tryOpen() {
    if (desk != null) {
      return true;
    }
    for (int slot : BusConfig.SLOTS) {
      if (closing.getCount() == 0) {
        return true;
      }
      int port = bind.port() + slot;
      try {
        socket =
            LeaseSocket.open(
                new InetSocketAddress(bind.address(), port),
                setting,
                places,
                this,
                text -> strangers = text);
        desk = socket.desk();
        // Nobody who is fenced may be acknowledged before that is known.
        fences.forEach(desk::fence);
        tell(forgotten);
        leashes.forEach((node, leash) -> leashed(desk, node, leash));
        desk.obituaries(obituaries);
        desk.onMove(moved);
        desk.onLapse(LOG::warn);
        List.of(voters, speaker, readiness, watches).forEach(this::tell);
        trouble = "";
        return true;
      } catch (IOException e) {
        if (trouble.isEmpty()) {
          LOG.debug("no datagrams on port {}: {}", port, e.getMessage());
        }
        trouble =
            ("no datagrams can be sent from %s (UDP %d and %d: %s); it is tried"
                    + " again each second, and the others may take this node for lost")
                .formatted(
                    bind.address().getHostAddress(),
                    bind.port() + BusConfig.SLOTS.getFirst(),
                    bind.port() + BusConfig.SLOTS.getLast(),
                    e.getMessage());
      }
    }
    return false;
  }

  @Override
  public void close() {
    closing.countDown();
    LeaseSocket open;
    synchronized (this) {
      open = socket;
    }
    try {
      if (open != null) {
        open.close();
      }
    } catch (IOException e) {
      LOG.debug("the datagrams did not end in order", e);
    }
  }
}
