package io.hamlet.manager.lease;

import io.hamlet.core.lease.LeaseTimes;
import io.hamlet.core.model.Moment;
import io.hamlet.manager.port.Hearing;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The datagrams of one manager over UDP, on a thread that does nothing else: a renewal must go out
 * however busy the rest is.
 */
public final class LeaseSocket implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LeaseSocket.class);

  /** As many as the kernel keeps for us; then it is time to look at the clock again. */
  private static final int AT_ONCE = 1_024;

  private static final int BUFFER_BYTES = 1 << 20;

  private final DatagramChannel channel;
  private final Selector selector;
  private final Supplier<Moment> clock;
  private final Places places;
  private final LeaseDesk desk;
  private final Thread thread;
  private final ByteBuffer in = ByteBuffer.allocate(DatagramCodec.MOST_BYTES + 1);
  private volatile boolean closed;

  private LeaseSocket(
      DatagramChannel channel,
      Selector selector,
      Setting setting,
      Places places,
      Hearing.Listener listener,
      Consumer<String> notices) {
    this.channel = channel;
    this.selector = selector;
    this.clock = setting.clock();
    this.places = places;
    this.desk =
        new LeaseDesk(
            setting.node(),
            setting.key(),
            setting.times(),
            clock,
            new Sender(),
            selector::wakeup,
            listener,
            notices);
    this.thread = Thread.ofPlatform().name("lease").daemon().unstarted(this::run);
  }

  /**
   * Who speaks.
   *
   * @param clock of this host; any thread
   */
  public record Setting(String node, LeaseKey key, LeaseTimes times, Supplier<Moment> clock) {}

  /**
   * Binds the port and begins to hear. Nothing is said until {@link LeaseDesk#reign} or {@link
   * LeaseDesk#guard}, and {@link LeaseDesk#voters}.
   *
   * @throws IOException when the port cannot be bound
   */
  public static LeaseSocket open(
      InetSocketAddress bind,
      Setting setting,
      Places places,
      Hearing.Listener listener,
      Consumer<String> notices)
      throws IOException {
    DatagramChannel channel = DatagramChannel.open();
    Selector selector = null;
    try {
      channel.setOption(StandardSocketOptions.SO_RCVBUF, BUFFER_BYTES);
      channel.bind(bind);
      channel.configureBlocking(false);
      selector = Selector.open();
      channel.register(selector, SelectionKey.OP_READ);
    } catch (IOException e) {
      channel.close();
      if (selector != null) {
        selector.close();
      }
      throw e;
    }
    LeaseSocket socket = new LeaseSocket(channel, selector, setting, places, listener, notices);
    socket.thread.start();
    return socket;
  }

  public LeaseDesk desk() {
    return desk;
  }

  /** Where it is bound. */
  public InetSocketAddress address() throws IOException {
    return (InetSocketAddress) channel.getLocalAddress();
  }

  private void run() {
    try {
      while (!closed) {
        Moment now = clock.get();
        receive();
        long due = desk.turn(now);
        sleep(due - clock.get().bootNanos());
      }
    } catch (IOException | ClosedSelectorException e) {
      if (!closed) {
        LOG.error("leases: the selector failed; this node renews no more", e);
      }
    } catch (RuntimeException e) {
      LOG.error("leases: a defect; this node renews no more", e);
      throw e;
    }
  }

  private void sleep(long nanos) throws IOException {
    if (nanos <= 0) {
      selector.selectNow();
    } else {
      selector.select(Math.min(Math.ceilDiv(nanos, 1_000_000L), 1_000L));
    }
    selector.selectedKeys().clear();
  }

  private void receive() throws IOException {
    for (int i = 0; i < AT_ONCE; i++) {
      in.clear();
      SocketAddress source;
      try {
        source = channel.receive(in);
      } catch (IOException e) {
        if (!channel.isOpen()) {
          throw e;
        }
        LOG.debug("leases: receiving failed", e);
        return;
      }
      if (source == null) {
        return;
      }
      desk.received(in.flip(), source);
    }
  }

  @Override
  public void close() throws IOException {
    closed = true;
    selector.wakeup();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    selector.close();
    channel.close();
  }

  /** A datagram that cannot be sent is a datagram that is lost. */
  private final class Sender implements Post {
    @Override
    public void toNode(String node, ByteBuffer datagram) {
      for (InetSocketAddress place : places.of(node)) {
        back(place, datagram.duplicate());
      }
    }

    @Override
    public void toSlot(String node, SocketAddress slot, ByteBuffer datagram) {
      if (slot instanceof InetSocketAddress place && places.of(node).contains(place)) {
        back(place, datagram);
      } else {
        toNode(node, datagram);
      }
    }

    @Override
    public void back(SocketAddress source, ByteBuffer datagram) {
      try {
        channel.send(datagram, source);
      } catch (IOException | RuntimeException e) {
        LOG.debug("leases: nothing can be sent to {}", source, e);
      }
    }
  }
}
