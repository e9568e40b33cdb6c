package io.hamlet.manager.cluster;

import io.hamlet.manager.port.ClusterBus;
import io.hamlet.manager.port.Member;
import io.hamlet.manager.port.Subject;
import io.hamlet.manager.wire.Hello;
import io.hamlet.manager.wire.WireException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jgroups.Address;
import org.jgroups.BytesMessage;
import org.jgroups.JChannel;
import org.jgroups.Message;
import org.jgroups.Receiver;
import org.jgroups.View;
import org.jgroups.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The bus on JGroups. It opens by itself, and tries again for as long as it cannot: the node runs
 * meanwhile. Thread-safe.
 */
public final class JGroupsBus implements ClusterBus, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(JGroupsBus.class);

  /**
   * Of all buses there are: who belongs together is told by the hello, where it can be explained.
   */
  private static final String CHANNEL = "hamlet";

  /** Asks for a hello. */
  private static final byte[] WHO = new byte[0];

  private static final long BETWEEN_QUESTIONS = 500_000_000L;

  /** An interface without a carrier cannot be bound, and nothing tells when it has one. */
  private static final Duration AGAIN = Duration.ofSeconds(1);

  private final BusConfig config;
  private final LongSupplier bootNanos;
  private final Listener listener;
  private final Address self = UUID.randomUUID();
  private final CountDownLatch closing = new CountDownLatch(1);
  private final CountDownLatch opened = new CountDownLatch(1);
  private final Thread opener;

  /** Guards what follows; held while the listener hears of a view, never while anything waits. */
  private final ReentrantLock lock = new ReentrantLock();

  private final Roster<Address> roster;
  private final Map<Address, Outbox> outboxes = new HashMap<>();
  private long asked = Long.MIN_VALUE;
  private volatile List<Member> shown;
  private volatile JChannel channel;
  private volatile String trouble;

  /**
   * @param own what this process is to begin with
   * @param bootNanos CLOCK_BOOTTIME
   */
  public JGroupsBus(BusConfig config, Hello own, LongSupplier bootNanos, Listener listener) {
    this.config = config;
    this.bootNanos = bootNanos;
    this.listener = listener;
    this.roster = new Roster<>(self, own, Overhearing.OLD_MILLIS * 1_000_000);
    this.shown = roster.members();
    outboxes.put(self, new Outbox("itself", frame -> take(self, frame)));
    this.opener = Thread.ofPlatform().name("bus").daemon().unstarted(this::open);
  }

  /** Returns at once; whoever listens hears of this member alone to begin with. */
  public void start() {
    lock.lock();
    try {
      listener.viewChanged(shown);
    } finally {
      lock.unlock();
    }
    opener.start();
  }

  /** Tells all others what this process is from now on. */
  public void announce(Hello own) {
    lock.lock();
    try {
      roster.own(own);
      sayHello();
      publish();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public boolean send(Member to, Subject subject, byte[] message) {
    if (message.length > MOST_BYTES) {
      throw new IllegalArgumentException(message.length + " bytes are more than " + MOST_BYTES);
    }
    lock.lock();
    try {
      Address at = roster.address(to);
      Outbox outbox = at == null ? null : outboxes.get(at);
      return outbox != null && outbox.add(subject, message);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public List<Member> view() {
    return shown;
  }

  @Override
  public boolean isOpen() {
    return channel != null;
  }

  /** What the members that can be reached have said of themselves. */
  public List<Hello> hellos() {
    lock.lock();
    try {
      return roster.reached();
    } finally {
      lock.unlock();
    }
  }

  /** What an operator should know of the bus, each with what to do. */
  public List<String> notices() {
    List<String> notices = new ArrayList<>();
    if (trouble != null) {
      notices.add(trouble);
    }
    lock.lock();
    try {
      notices.addAll(roster.notices());
    } finally {
      lock.unlock();
    }
    return notices;
  }

  /** For a test that breaks it; null until it is open. */
  JChannel channel() {
    return channel;
  }

  /** Leaves in good order; waits for half a second at most. */
  @Override
  public void close() {
    closing.countDown();
    opener.interrupt();
    try {
      opener.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    lock.lock();
    try {
      outboxes.values().forEach(Outbox::close);
      outboxes.clear();
    } finally {
      lock.unlock();
    }
    if (channel != null) {
      channel.close();
    }
  }

  private void open() {
    try {
      while (channel == null && !closing.await(0, TimeUnit.SECONDS)) {
        for (int slot : BusConfig.SLOTS) {
          channel = channel == null ? open(slot) : channel;
        }
        if (channel != null) {
          opened.countDown();
        }
        if (channel == null && closing.await(AGAIN.toMillis(), TimeUnit.MILLISECONDS)) {
          return;
        }
      }
    } catch (InterruptedException e) {
      // Closed.
    }
  }

  /** Null when it cannot be; then the trouble says why. */
  private JChannel open(int slot) throws InterruptedException {
    JChannel fresh = null;
    try {
      fresh = new JChannel(Stack.of(config, slot, new Overhearing(this::overheard, this::forget)));
      fresh.addAddressGenerator(() -> self);
      fresh.setName(roster.own().member().node() + "/" + roster.own().member().pid());
      fresh.setDiscardOwnMessages(true);
      fresh.setReceiver(new Ears());
      fresh.connect(CHANNEL);
      trouble = null;
      LOG.info("the bus is open on {}:{}", config.address().getHostAddress(), config.port() + slot);
      return fresh;
    } catch (Exception e) {
      if (closing.getCount() == 0) {
        throw new InterruptedException();
      }
      String why = e.getCause() == null ? e.getMessage() : e.getCause().getMessage();
      boolean lastSlot = slot == BusConfig.SLOTS.getLast();
      if (trouble == null && lastSlot) {
        LOG.warn("the bus cannot open yet: {}", why);
      }
      if (lastSlot) {
        trouble =
            "the bus cannot open at %s:%d (%s); it is tried again each second, the node runs alone"
                .formatted(config.address().getHostAddress(), config.port(), why);
      }
      if (fresh != null) {
        fresh.close();
      }
      return null;
    }
  }

  private void network(Address to, ByteBuffer frame) {
    try {
      // The first view comes before the channel takes messages.
      opened.await();
      channel.send(new BytesMessage(to, frame.array(), 0, frame.limit()));
    } catch (Exception e) {
      LOG.debug("a frame for {} is lost", to, e);
    }
  }

  private void take(Address from, ByteBuffer frame) {
    boolean whole =
        Frames.read(
            frame,
            (subject, message) -> {
              if (subject == Subject.HELLO) {
                heard(from, message);
              } else {
                hand(from, subject, message);
              }
            });
    if (!whole) {
      LOG.debug("a frame from {} makes no sense", from);
    }
  }

  private void hand(Address from, Subject subject, byte[] message) {
    Member member;
    lock.lock();
    try {
      member = roster.member(from);
    } finally {
      lock.unlock();
    }
    if (member != null) {
      listener.received(member, subject, message);
    }
  }

  private void heard(Address from, byte[] message) {
    if (message.length == 0) {
      sayHello(from);
      return;
    }
    Hello hello;
    try {
      hello = Hello.decode(message);
    } catch (WireException e) {
      LOG.debug("a hello from {} makes no sense: {}", from, e.getMessage());
      return;
    }
    lock.lock();
    try {
      roster.heard(from, hello);
      publish();
    } finally {
      lock.unlock();
    }
  }

  private void reach(List<Address> members) {
    lock.lock();
    try {
      roster.view(new LinkedHashSet<>(members));
      arrangeOutboxes();
      sayHello();
      publish();
    } finally {
      lock.unlock();
    }
  }

  private void overheard(Address other, boolean apart) {
    lock.lock();
    try {
      if (apart) {
        roster.overheard(other, bootNanos.getAsLong());
        arrangeOutboxes();
        // It may have forgotten who this is, also if it is in the view here.
        sayHello(other);
        publish();
      }
      ask(bootNanos.getAsLong());
    } finally {
      lock.unlock();
    }
  }

  /** A hello is said once, and may be lost, or come between two views and be forgotten. */
  private void ask(long now) {
    List<Address> unknown = roster.unknown();
    if (!unknown.isEmpty() && now - BETWEEN_QUESTIONS >= asked) {
      asked = now;
      unknown.stream()
          .map(outboxes::get)
          .filter(Objects::nonNull)
          .forEach(box -> box.add(Subject.HELLO, WHO));
    }
  }

  private void forget() {
    lock.lock();
    try {
      roster.forget(bootNanos.getAsLong());
      arrangeOutboxes();
      publish();
    } finally {
      lock.unlock();
    }
  }

  /** Has an outbox for each that can be reached, and for nobody else. */
  private void arrangeOutboxes() {
    outboxes
        .entrySet()
        .removeIf(
            box -> {
              boolean gone = !roster.reach().contains(box.getKey());
              if (gone) {
                box.getValue().close();
              }
              return gone;
            });
    if (closing.getCount() > 0) {
      for (Address member : roster.reach()) {
        outboxes.computeIfAbsent(
            member, to -> new Outbox(to.toString(), frame -> network(to, frame)));
      }
    }
  }

  private void sayHello() {
    byte[] message = hello();
    outboxes.forEach(
        (to, outbox) -> {
          if (!to.equals(self)) {
            outbox.hello(message);
          }
        });
  }

  private void sayHello(Address to) {
    lock.lock();
    try {
      Outbox outbox = outboxes.get(to);
      if (outbox != null) {
        outbox.hello(hello());
      }
    } finally {
      lock.unlock();
    }
  }

  private byte[] hello() {
    Hello own = roster.own();
    Hello now =
        new Hello(
            own.version(),
            own.cluster(),
            own.clusterId(),
            own.member(),
            own.epoch(),
            bootNanos.getAsLong(),
            own.place());
    return now.encode();
  }

  private void publish() {
    List<Member> now = roster.members();
    if (!now.equals(shown)) {
      shown = now;
      listener.viewChanged(now);
    }
  }

  /** Called by threads of JGroups; for one sender by one at a time. */
  private final class Ears implements Receiver {
    @Override
    public void receive(Message message) {
      if (message.hasArray()) {
        take(
            message.getSrc(),
            ByteBuffer.wrap(message.getArray(), message.getOffset(), message.getLength()));
      }
    }

    @Override
    public void viewAccepted(View view) {
      reach(view.getMembers());
    }
  }
}
