package io.hamlet.client.internal;

import io.hamlet.client.EventStream;
import io.hamlet.client.HamException;
import io.hamlet.client.WatchSpec;
import io.hamlet.client.Watched;
import io.hamlet.v1.Events;
import io.hamlet.v1.HamGrpc;
import io.hamlet.v1.RequestHeader;
import io.hamlet.v1.WatchRequest;
import io.hamlet.v1.WatchResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A running watch. It goes on by itself over broken connections, without gap or repeat. For one
 * reader at a time; close it from any thread.
 */
final class EventFeed implements EventStream {
  /** Messages, each of which may be a few hundred events. */
  private static final int WINDOW = 16;

  private final Mailbox<List<Watched>> mailbox = new Mailbox<>();

  /** What is left of the message that is being read; the reader's own. */
  private Iterator<Watched> reading = Collections.emptyIterator();

  private final CountDownLatch begun = new CountDownLatch(1);
  private final Feed feed;

  private EventFeed(Session session, WatchSpec spec) {
    this.feed = new Feed(session, spec);
  }

  /** Returns when the manager has begun to tell, so that what is done next is seen. */
  static EventFeed open(Session session, WatchSpec spec) throws InterruptedException {
    Duration left = session.link().settle(session.timeout());
    EventFeed stream = new EventFeed(session, spec);
    stream.feed.open();
    boolean heard = false;
    try {
      heard = stream.begun.await(Wire.nanos(left), TimeUnit.NANOSECONDS);
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
    return reading.hasNext() ? reading.next() : taken(mailbox.take());
  }

  /** The next, or null if none comes in time or the watch is over. */
  @Override
  public Watched poll(Duration atMost) throws InterruptedException {
    return reading.hasNext() ? reading.next() : taken(mailbox.poll(atMost));
  }

  /** True when nothing more will come. */
  @Override
  public boolean isOver() {
    return !reading.hasNext() && mailbox.isAtEnd();
  }

  @Override
  public void close() {
    feed.cancel();
  }

  private Watched taken(List<Watched> message) {
    if (message == null) {
      return null;
    }
    feed.more(1);
    reading = message.iterator();
    return reading.next();
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
          .setHeader(header())
          .setAllNodes(spec.everywhere())
          .setPath(spec.path())
          .setFrom(from)
          .setNoFollow(!spec.follow())
          .setBatched(true)
          .build();
    }

    /** All nodes have none that could be named. */
    private RequestHeader header() {
      RequestHeader header = session.header();
      return spec.everywhere() ? header.toBuilder().clearNode().build() : header;
    }

    @Override
    int window() {
      return Math.max(1, WINDOW - mailbox.size());
    }

    @Override
    void arrived(WatchResponse message) {
      List<Watched> told =
          switch (message.getMessageCase()) {
            case EVENT -> List.of(Wire.event(message.getEvent()));
            case EVENTS -> events(message.getEvents());
            case GAP -> List.of(new Watched.Gap(message.getGap()));
            case CAUGHT_UP -> caughtUp(message.getCaughtUp());
            case MESSAGE_NOT_SET -> List.of();
          };
      if (told.isEmpty()) {
        more(1);
      } else {
        mailbox.put(told);
        from = told.getLast().position();
      }
      begun.countDown();
    }

    private List<Watched> events(Events batch) {
      List<Watched> all = new ArrayList<>(batch.getEventsCount());
      batch.getEventsList().forEach(event -> all.add(Wire.event(event)));
      return all;
    }

    /** Said once, however often the stream is opened. */
    private List<Watched> caughtUp(String position) {
      boolean repeated = caughtUp;
      caughtUp = true;
      from = position;
      return repeated ? List.of() : List.of(new Watched.CaughtUp(position));
    }

    @Override
    void ended(HamException why) {
      mailbox.end(why);
      begun.countDown();
    }
  }
}
