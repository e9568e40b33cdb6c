package io.hamlet.manager.api;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.hamlet.core.recovery.ChannelId;
import io.hamlet.core.recovery.HamEvent;
import io.hamlet.manager.port.PulseBell;
import io.hamlet.v1.PulsesRequest;
import io.hamlet.v1.PulsesResponse;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * The pulse channels and who serves them just now. A channel that nobody takes up in time is lost.
 * Thread-safe.
 */
final class PulseDesk implements PulseBell {
  private final Acting parts;
  private final ChangeDesk desk;
  private final SelfDesk self;
  private final ScheduledExecutorService timer;
  private final Executor blocking;
  private final Duration absence;
  private final ConcurrentMap<ChannelId, PulseFeed> feeds = new ConcurrentHashMap<>();
  private final ConcurrentMap<ChannelId, Absence> absences = new ConcurrentHashMap<>();

  /** Each is another: an owner who goes again has all of its time again. */
  private static final class Absence {}

  /**
   * @param absence how long the owner of a channel may stay away
   */
  PulseDesk(
      Acting parts,
      ChangeDesk desk,
      SelfDesk self,
      ScheduledExecutorService timer,
      Executor blocking,
      Duration absence) {
    this.parts = parts;
    this.desk = desk;
    this.self = self;
    this.timer = timer;
    this.blocking = blocking;
    this.absence = absence;
  }

  /** Gives the owners of channels from before this manager their time to come back. */
  void start() {
    parts.requests().state().channels().keySet().forEach(this::expect);
  }

  @Override
  public void waiting(long pid, int channel) {
    PulseFeed feed = feeds.get(new ChannelId(pid, channel));
    if (feed != null) {
      feed.ring();
    }
  }

  StreamObserver<PulsesRequest> serve(StreamObserver<PulsesResponse> out) {
    return new PulseFeed(
        parts, desk, self, this, blocking, timer, (ServerCallStreamObserver<PulsesResponse>) out);
  }

  /** From now on this feed serves the channel; one that did before is told so. */
  void takeUp(ChannelId id, PulseFeed feed) {
    PulseFeed before = feeds.put(id, feed);
    absences.remove(id);
    if (before != null) {
      before.replaced();
    }
  }

  /** The feed has ended; its channel waits for another, unless it is closed. */
  void leave(ChannelId id, PulseFeed feed, boolean closed) {
    if (feeds.remove(id, feed) && !closed) {
      expect(id);
    }
  }

  private void expect(ChannelId id) {
    Absence its = new Absence();
    absences.put(id, its);
    timer.schedule(() -> giveUp(id, its), absence.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void giveUp(ChannelId id, Absence its) {
    boolean isAway = absences.remove(id, its) && !feeds.containsKey(id);
    if (isAway && parts.requests().state().channels().containsKey(id)) {
      parts.inbox().post(new HamEvent.ChannelLost(id.pid(), id.channel()));
    }
  }
}
