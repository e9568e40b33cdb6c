package io.hamlet.it.sim;

import io.hamlet.core.lease.LeaseTimes;
import io.hamlet.core.model.Moment;
import io.hamlet.manager.lease.LeaseDesk;
import io.hamlet.manager.lease.LeaseKey;
import io.hamlet.manager.lease.Post;
import io.hamlet.manager.port.Hearing;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * Lease datagrams between simulated managers: lost, late, doubled and out of order as it pleases a
 * seed. The desks are the production ones. One thread.
 */
public final class SimAir {
  private final SimClock clock;
  private final Agenda agenda;
  private final Random random;
  private final SimTrace trace;
  private final List<Station> stations = new ArrayList<>();
  private final Set<String> cuts = new TreeSet<>();
  private int lostPercent;
  private int doubledPercent;
  private long slowestNanos = 1_000_000L;

  /** With time of its own, which {@link #pass} lets pass. */
  public SimAir(long seed) {
    this(seed, new Agenda(), new SimClock(), null);
  }

  SimAir(long seed, Agenda agenda, SimClock clock, SimTrace trace) {
    this.random = new Random(seed);
    this.agenda = agenda;
    this.clock = clock;
    this.trace = trace != null ? trace : new SimTrace(clock::nanos, null);
  }

  /** How bad it is from now on. */
  public void weather(int nowLostPercent, int nowDoubledPercent, long nowSlowestNanos) {
    lostPercent = nowLostPercent;
    doubledPercent = nowDoubledPercent;
    slowestNanos = nowSlowestNanos;
  }

  /** Nothing goes from one node to the other any more; the other way is untouched. */
  public void cut(String from, String to) {
    cuts.add(from + ">" + to);
  }

  public void heal() {
    cuts.clear();
  }

  public long now() {
    return clock.nanos();
  }

  /**
   * A process with a manager begins.
   *
   * @param clockAhead how much the clocks of its host are ahead of the world's, in nanoseconds
   */
  public Station start(
      String node,
      LeaseKey key,
      LeaseTimes times,
      long clockAhead,
      Hearing.Listener listener,
      Consumer<String> notices) {
    Station station = new Station(node, clockAhead);
    station.desk =
        new LeaseDesk(
            node, key, times, station::now, station, station::turnSoon, listener, notices);
    stations.add(station);
    station.turnSoon();
    return station;
  }

  /** Lets so much time pass, and happen what happens in it. */
  public void pass(long nanos) {
    long end = clock.nanos() + nanos;
    while (agenda.next() <= end) {
      clock.advanceTo(agenda.next());
      agenda.runDue(clock.nanos());
    }
    clock.advanceTo(end);
  }

  /** What a leash says to all that are there. */
  void obituary(String from, String line) {
    byte[] bytes = line.getBytes(StandardCharsets.US_ASCII);
    trace.add(from + " leash by air", bytes);
    for (Station to : List.copyOf(stations)) {
      if (!cuts.contains(from + ">" + to.node) && random.nextInt(100) >= lostPercent) {
        long delay = 20_000L + (long) (random.nextDouble() * slowestNanos);
        agenda.plan(clock.nanos() + delay, () -> to.arrives(bytes, to));
      }
    }
  }

  private void carry(Station from, String toNode, Station to, byte[] bytes) {
    trace.add(from.node + " to " + toNode + " by air", bytes);
    if (cuts.contains(from.node + ">" + toNode) || random.nextInt(100) < lostPercent) {
      return;
    }
    int copies = random.nextInt(100) < doubledPercent ? 2 : 1;
    for (int i = 0; i < copies; i++) {
      long delay = 20_000L + (long) (random.nextDouble() * slowestNanos);
      agenda.plan(clock.nanos() + delay, () -> to.arrives(bytes, from));
    }
  }

  /** One manager on the air. */
  public final class Station extends SocketAddress implements Post {
    private static final long serialVersionUID = 1L;

    private final String node;
    private long clockAhead;
    private transient LeaseDesk desk;
    private transient List<Runnable> arrived = new ArrayList<>();
    private long turnAt = Long.MAX_VALUE;
    private long stoppedUntil;
    private boolean dead;

    private Station(String node, long clockAhead) {
      this.node = node;
      this.clockAhead = clockAhead;
    }

    public LeaseDesk desk() {
      return desk;
    }

    /** As kill -9 does. */
    public void kill() {
      dead = true;
      stations.remove(this);
    }

    /** As SIGSTOP does, and SIGCONT after so long; what arrives meanwhile is kept for it. */
    public void stop(long nanos) {
      stop(nanos, false);
    }

    /**
     * @param withClock the clock of its host stands still as well
     */
    void stop(long nanos, boolean withClock) {
      stoppedUntil = clock.nanos() + nanos;
      // It is not read before it goes on.
      clockAhead -= withClock ? nanos : 0;
      plan(stoppedUntil);
    }

    private Moment now() {
      Moment now = clock.now();
      return new Moment(now.bootNanos() + clockAhead, now.wallNanos());
    }

    private void turnSoon() {
      plan(clock.nanos());
    }

    private void plan(long at) {
      if (at < turnAt || turnAt < clock.nanos()) {
        turnAt = at;
        agenda.plan(at, () -> turn(at));
      }
    }

    private void arrives(byte[] bytes, Station from) {
      if (dead) {
        return;
      }
      arrived.add(() -> desk.received(ByteBuffer.wrap(bytes), from));
      turnSoon();
    }

    private void turn(long planned) {
      if (dead || planned != turnAt) {
        return;
      }
      turnAt = Long.MAX_VALUE;
      if (clock.nanos() < stoppedUntil) {
        plan(stoppedUntil);
        return;
      }
      List<Runnable> now = arrived;
      arrived = new ArrayList<>();
      now.forEach(Runnable::run);
      long due = desk.turn(now());
      if (due != Long.MAX_VALUE) {
        plan(Math.max(due - clockAhead, clock.nanos()));
      }
    }

    @Override
    public void toNode(String toNode, ByteBuffer datagram) {
      byte[] bytes = copy(datagram);
      for (Station each : List.copyOf(stations)) {
        if (each.node.equals(toNode)) {
          carry(this, toNode, each, bytes);
        }
      }
    }

    @Override
    public void toSlot(String toNode, SocketAddress slot, ByteBuffer datagram) {
      back(slot, datagram);
    }

    @Override
    public void back(SocketAddress source, ByteBuffer datagram) {
      Station to = (Station) source;
      carry(this, to.node, to, copy(datagram));
    }

    private static byte[] copy(ByteBuffer datagram) {
      byte[] bytes = new byte[datagram.remaining()];
      datagram.duplicate().get(bytes);
      return bytes;
    }
  }
}
