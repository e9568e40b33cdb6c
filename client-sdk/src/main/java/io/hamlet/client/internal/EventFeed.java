package io.hamlet.client.internal;

import io.hamlet.client.EventStream;
import io.hamlet.client.HamException;
import io.hamlet.client.WatchSpec;
import io.hamlet.client.Watched;
import io.hamlet.v1.HamGrpc;
import io.hamlet.v1.WatchRequest;
import io.hamlet.v1.WatchResponse;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/**
 * A running watch. It goes on by itself over broken connections, without gap or repeat. For one
 * reader at a time; close it from any thread.
 */
final class EventFeed implements EventStream {
  private static final int WINDOW = 64;
  private final Mailbox<Watched> mailbox = new Mailbox<>();
  private final CountDownLatch begun = new CountDownLatch(1);
  private final Feed feed;

  private EventFeed(Session session, WatchSpec spec) {
    this.feed = new Feed(session, spec);
  }

  /** Returns when the manager has begun to tell, so that what is done next is seen. */
  static EventFeed open(Session session, WatchSpec spec) throws InterruptedException {
    session.link().settle(session.timeout());
    EventFeed stream = new EventFeed(session, spec);
    stream.feed.open();
    boolean heard = false;
    try {
      heard = session.link().await(stream.begun, session.timeout());
    } finally {
      if (!heard) {
        stream.close();
      }
    }
    if (!heard) {
      throw new HamException.Unavailable(
          "no manager has begun to tell what happens; tried " + session.link().story(), null);
    }
    return stream;
  }

  /**
   * The next; null when the watch is over ({@link WatchSpec#noFollow}, or closed). Throws {@link
   * HamException} when the manager has ended it, LIMIT for a reader that was too slow.
   */
  @Override
  public Watched next() throws InterruptedException {
    return taken(mailbox.take());
  }

  /** The next, or null if none comes in time or the watch is over. */
  @Override
  public Watched poll(Duration atMost) throws InterruptedException {
    return taken(mailbox.poll(atMost));
  }

  /** True when nothing more will come. */
  @Override
  public boolean isOver() {
    return mailbox.isAtEnd();
  }

  @Override
  public void close() {
    feed.cancel();
  }

  private Watched taken(Watched watched) {
    if (watched != null) {
      feed.more(1);
    }
    return watched;
  }

  /** The stream behind it. */
  private final class Feed extends LiveStream<WatchRequest, WatchResponse> {
    private final Session session;
    private final WatchSpec spec;
    private String from;
    private boolean caughtUp;

    Feed(Session session, WatchSpec spec) {
      super(session.link(), HamGrpc.getWatchMethod(), Link.Where.ANY);
      this.session = session;
      this.spec = spec;
      this.from = spec.from();
    }

    @Override
    WatchRequest opening() {
      return WatchRequest.newBuilder()
          .setHeader(session.header())
          .setPath(spec.path())
          .setFrom(from)
          .setNoFollow(!spec.follow())
          .build();
    }

    @Override
    int window() {
      return Math.max(1, WINDOW - mailbox.size());
    }

    @Override
    void arrived(WatchResponse message) {
      Watched watched =
          switch (message.getMessageCase()) {
            case EVENT -> Wire.event(message.getEvent());
            case GAP -> new Watched.Gap(message.getGap());
            case CAUGHT_UP -> new Watched.CaughtUp(message.getCaughtUp());
            case MESSAGE_NOT_SET -> null;
          };
      boolean repeated = caughtUp && watched instanceof Watched.CaughtUp;
      caughtUp |= watched instanceof Watched.CaughtUp;
      if (watched == null || repeated) {
        more(1);
      } else {
        mailbox.put(watched);
      }
      from = watched == null ? from : watched.position();
      begun.countDown();
    }

    @Override
    void ended(HamException why) {
      mailbox.end(why);
      begun.countDown();
    }
  }
}
