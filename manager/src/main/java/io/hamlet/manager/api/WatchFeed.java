package io.hamlet.manager.api;

import io.grpc.stub.ServerCallStreamObserver;
import io.hamlet.core.model.EffectId;
import io.hamlet.core.model.EntryId;
import io.hamlet.core.model.Refused;
import io.hamlet.core.model.Rejection;
import io.hamlet.core.recovery.Happening;
import io.hamlet.manager.port.History;
import io.hamlet.manager.wire.HappeningCodec;
import io.hamlet.manager.wire.Position;
import io.hamlet.v1.Event;
import io.hamlet.v1.Events;
import io.hamlet.v1.WatchRequest;
import io.hamlet.v1.WatchResponse;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * One watcher. Nothing is kept for it: it reads from the history when its connection can take more,
 * and is dropped when it has fallen too far behind.
 */
final class WatchFeed {
  static final int FARTHEST_BEHIND = 10_000;
  private static final int SLICE = 256;

  /** A message is full with the event that reaches this. */
  private static final int BATCH_BYTES = 32 << 10;

  private static final long BETWEEN_LOOKS = TimeUnit.SECONDS.toNanos(1);
  private static final EffectId START = new EffectId(EntryId.NONE, 0);
  private final String node;
  private final History history;
  private final WatchRequest request;
  private final ServerCallStreamObserver<WatchResponse> out;
  private final Drain drain;
  private AutoCloseable bell = () -> {};
  private EffectId after;
  private boolean caughtUp;
  private boolean over;
  private long lookedAt = System.nanoTime();

  private WatchFeed(
      String node,
      History history,
      WatchRequest request,
      ServerCallStreamObserver<WatchResponse> out,
      Executor executor) {
    this.node = node;
    this.history = history;
    this.request = request;
    this.out = out;
    this.after = from(node, history, request.getFrom());
    this.drain = new Drain(executor, this::pump);
  }

  /** Begins to feed; call it on the thread of the call. Throws Refused for a bad position. */
  static void start(
      String node,
      History history,
      WatchRequest request,
      ServerCallStreamObserver<WatchResponse> out,
      Executor executor) {
    WatchFeed feed = new WatchFeed(node, history, request, out, executor);
    out.setOnReadyHandler(feed.drain::ring);
    out.setOnCancelHandler(feed.drain::ring);
    feed.bell = history.onNew(feed.drain::ring);
    feed.drain.ring();
  }

  private static EffectId from(String node, History history, String from) {
    if (from.isEmpty()) {
      return history.newest();
    }
    if (from.equals("0")) {
      return null;
    }
    Position position = Position.parse(from);
    if (!position.tree().equals(node)) {
      throw Refused.invalid(
          "from: a position in the history of " + position.tree() + ", but this is " + node);
    }
    return position.id();
  }

  private void pump() {
    if (over) {
      return;
    }
    if (out.isCancelled()) {
      end();
      return;
    }
    while (out.isReady()) {
      History.Slice slice = history.read(after, SLICE);
      if (slice.gap()) {
        out.onNext(WatchResponse.newBuilder().setGap(resumption(slice)).build());
      }
      if (slice.happenings().isEmpty()) {
        caughtUp();
        return;
      }
      tell(slice.happenings());
      after = slice.happenings().getLast().id();
    }
    dropIfTooSlow();
  }

  private void tell(List<Happening> happenings) {
    Events.Builder batch = Events.newBuilder();
    int bytes = 0;
    for (Happening happening : happenings) {
      if (!HappeningCodec.within(request.getPath(), happening.path())) {
        continue;
      }
      Event event = HappeningCodec.event(node, happening);
      if (!request.getBatched()) {
        out.onNext(WatchResponse.newBuilder().setEvent(event).build());
        continue;
      }
      bytes += event.getSerializedSize();
      batch.addEvents(event);
      if (bytes >= BATCH_BYTES) {
        tell(batch);
        bytes = 0;
      }
    }
    tell(batch);
  }

  private void tell(Events.Builder batch) {
    if (batch.getEventsCount() > 0) {
      out.onNext(WatchResponse.newBuilder().setEvents(batch).build());
      batch.clear();
    }
  }

  private void caughtUp() {
    if (caughtUp) {
      return;
    }
    caughtUp = true;
    out.onNext(WatchResponse.newBuilder().setCaughtUp(text(after == null ? START : after)).build());
    if (request.getNoFollow()) {
      out.onCompleted();
      end();
    }
  }

  private void dropIfTooSlow() {
    long now = System.nanoTime();
    if (now - lookedAt < BETWEEN_LOOKS) {
      return;
    }
    lookedAt = now;
    History.Slice behind = history.read(after, FARTHEST_BEHIND + 1);
    if (behind.gap() || behind.happenings().size() > FARTHEST_BEHIND) {
      out.onError(
          Refusals.status(
              new Rejection(
                  Rejection.Reason.LIMIT,
                  "this watcher is more than "
                      + FARTHEST_BEHIND
                      + " events behind and is dropped; read faster, and go on from the position of"
                      + " the last event that was read"),
              request.getPath()));
      end();
    }
  }

  /** The position before the first that is still known. */
  private String resumption(History.Slice slice) {
    if (slice.happenings().isEmpty()) {
      EffectId newest = history.newest();
      return text(newest == null ? START : newest);
    }
    EffectId first = slice.happenings().getFirst().id();
    if (first.ordinal() > 0) {
      return text(new EffectId(first.entry(), first.ordinal() - 1));
    }
    EntryId entry = first.entry();
    return text(
        new EffectId(
            new EntryId(entry.incarnation(), entry.epoch(), Math.max(0, entry.index() - 1)),
            Integer.MAX_VALUE));
  }

  private String text(EffectId id) {
    return new Position(node, id).text();
  }

  private void end() {
    over = true;
    try {
      bell.close();
    } catch (Exception e) {
      throw new IllegalStateException("a bell that cannot be taken down", e);
    }
  }
}
