package io.hamlet.client.internal;

import io.hamlet.client.HamException;
import io.hamlet.client.heartbeat.BeatSlot;
import io.hamlet.v1.AttachSelfResponse;
import io.hamlet.v1.Beat;
import io.hamlet.v1.HamGrpc;
import io.hamlet.v1.HeartbeatResponse;

/**
 * Beats over a stream. A beat that the connection cannot take now is sent when it can, once: two
 * beats say no more than one. Beside a mapped slot the stream only stands open: when it breaks and
 * its next beat is for nobody, the slot is lost.
 */
final class BeatStream implements Beats {
  private final Feed feed;
  private final BeatSlot slot;

  /**
   * @param slot null: beats go over the stream
   */
  private BeatStream(Feed feed, BeatSlot slot) {
    this.feed = feed;
    this.slot = slot;
  }

  /**
   * @param lost called when the manager does not know the slot
   */
  static Beats open(Link link, AttachSelfResponse where, Runnable lost) {
    Beat beat =
        Beat.newBuilder().setSlot(where.getSlot()).setGeneration(where.getGeneration()).build();
    BeatSlot slot =
        BeatSlot.map(where.getTable(), where.getOffset(), where.getGeneration()).orElse(null);
    Feed feed = new Feed(link, beat, lost);
    feed.open();
    return new BeatStream(feed, slot);
  }

  @Override
  public void beat() {
    if (slot != null) {
      slot.beat();
    } else {
      feed.beat();
    }
  }

  @Override
  public void close() {
    feed.cancel();
    if (slot != null) {
      slot.close();
    }
  }

  /** The stream; each time it is opened it says one beat, by which the manager checks the slot. */
  private static final class Feed extends LiveStream<Beat, HeartbeatResponse> {
    private final Beat beat;
    private final Runnable lost;
    private boolean waiting;

    Feed(Link link, Beat beat, Runnable lost) {
      super(link, HamGrpc.getHeartbeatMethod(), Link.Where.HOME);
      this.beat = beat;
      this.lost = lost;
    }

    synchronized void beat() {
      waiting = !offer(beat);
    }

    @Override
    Beat opening() {
      return beat;
    }

    @Override
    int window() {
      return 1;
    }

    @Override
    void arrived(HeartbeatResponse message) {}

    @Override
    void ready() {
      if (waiting) {
        beat();
      }
    }

    @Override
    void ended(HamException why) {
      if (why != null) {
        lost.run();
      }
    }
  }
}
