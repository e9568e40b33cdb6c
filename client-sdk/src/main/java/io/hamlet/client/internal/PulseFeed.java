package io.hamlet.client.internal;

import io.hamlet.client.HamException;
import io.hamlet.client.Pulse;
import io.hamlet.client.PulseChannel;
import io.hamlet.v1.HamGrpc;
import io.hamlet.v1.PulsesRequest;
import io.hamlet.v1.PulsesResponse;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A channel on which this process receives pulses, each once, in order (architecture.md 6).
 * Thread-safe.
 */
final class PulseFeed implements PulseChannel {
  private static final int ACKNOWLEDGE_EVERY = 64;
  private final Mailbox<Numbered> mailbox = new Mailbox<>();
  private final CountDownLatch begun = new CountDownLatch(1);
  private final Session session;
  private final Feed feed;
  private volatile int number;

  /** A pulse and its place. */
  private record Numbered(long number, Pulse pulse) {}

  private PulseFeed(Session session) {
    this.session = session;
    this.feed = new Feed(session.link().tags().begin());
  }

  static PulseFeed open(Session session) throws InterruptedException {
    // Senders on other nodes need its name.
    Duration left = session.link().settle(session.timeout());
    PulseFeed channel = new PulseFeed(session);
    channel.feed.open();
    boolean heard = false;
    try {
      heard = channel.begun.await(Wire.nanos(left), TimeUnit.NANOSECONDS);
    } finally {
      if (!heard) {
        channel.feed.cancel();
      }
    }
    if (channel.number == 0) {
      channel.mailbox.poll(Duration.ZERO); // Throws what the manager had against it.
      throw new HamException.Unavailable(
          "no manager has opened a channel; tried " + session.link().story(), null);
    }
    return channel;
  }

  /** The number that senders name; with this process's pid. */
  @Override
  public int number() {
    return number;
  }

  /** The node whose manager keeps it: that of this process. */
  @Override
  public String node() {
    return session.link().node();
  }

  /**
   * The next pulse; it is acknowledged by being taken. Throws {@link HamException} when the channel
   * was lost; null once it is closed.
   */
  @Override
  public Pulse next() throws InterruptedException {
    return taken(mailbox.take());
  }

  /** The next pulse, or null if none comes in time. */
  @Override
  public Pulse poll(Duration atMost) throws InterruptedException {
    return taken(mailbox.poll(atMost));
  }

  /** Closes it for good; pulses to it fail from now on. */
  @Override
  public void close() {
    feed.closeForGood();
  }

  private Pulse taken(Numbered pulse) {
    if (pulse == null) {
      return null;
    }
    feed.taken(pulse.number());
    return pulse.pulse();
  }

  /** The stream behind it. */
  private final class Feed extends LiveStream<PulsesRequest, PulsesResponse> {
    private final Tags.Tag tag;
    private long arrived;
    private long taken;
    private long acknowledged;

    Feed(Tags.Tag tag) {
      super(session.link(), HamGrpc.getPulsesMethod(), Link.Where.HOME);
      this.tag = tag;
    }

    @Override
    PulsesRequest opening() {
      acknowledged = 0; // It may have gone with the connection, so it is said again.
      return PulsesRequest.newBuilder()
          .setHeader(session.header(tag))
          .setPid(ProcessHandle.current().pid())
          .setChannel(number)
          .build();
    }

    @Override
    int window() {
      return 1;
    }

    @Override
    void arrived(PulsesResponse message) {
      if (number == 0 && message.getChannel() != 0) {
        number = message.getChannel();
        tag.close();
        begun.countDown();
      }
      boolean any = false;
      for (io.hamlet.v1.Pulse pulse : message.getPulsesList()) {
        // A channel that was taken up again tells once more what was not acknowledged.
        if (pulse.getNumber() > arrived) {
          arrived = pulse.getNumber();
          any = true;
          mailbox.put(
              new Numbered(pulse.getNumber(), new Pulse(pulse.getCode(), pulse.getValue())));
        }
      }
      if (!any) {
        more(1);
      }
    }

    @Override
    void ready() {
      acknowledge();
    }

    @Override
    void ended(HamException why) {
      tag.close();
      mailbox.end(why);
      begun.countDown();
    }

    synchronized void taken(long pulse) {
      taken = Math.max(taken, pulse);
      boolean last = taken == arrived;
      if (last || taken - acknowledged >= ACKNOWLEDGE_EVERY) {
        acknowledge();
      }
      if (last) {
        more(1);
      }
    }

    synchronized void closeForGood() {
      acknowledge();
      offer(PulsesRequest.newBuilder().setClose(true).build());
      finish();
    }

    private void acknowledge() {
      if (taken > acknowledged
          && number != 0
          && offer(PulsesRequest.newBuilder().setAcknowledge(taken).build())) {
        acknowledged = taken;
      }
    }
  }
}
