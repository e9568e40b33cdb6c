package io.hamlet.manager.api;

import io.grpc.stub.ServerCallStreamObserver;
import io.hamlet.core.model.Refused;
import io.hamlet.core.model.Rejection;
import io.hamlet.core.recovery.Happening;
import io.hamlet.manager.port.History;
import io.hamlet.manager.wire.HappeningCodec;
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
  private final WatchRequest request;
  private final ServerCallStreamObserver<WatchResponse> out;
  private final Drain drain;
  private final Strands strands;
  private boolean caughtUp;
  private boolean over;
  private long lookedAt = System.nanoTime();

  private WatchFeed(
      Trees trees,
      WatchRequest request,
      ServerCallStreamObserver<WatchResponse> out,
      Executor executor) {
    this.request = request;
    this.out = out;
    this.drain = new Drain(executor, this::pump);
    this.strands = strands(trees, request, drain::ring);
  }

  /**
   * Begins to feed; call it on the thread of the call. Throws Refused for a bad position and for a
   * tree that is not here.
   */
  static void start(
      Trees trees,
      WatchRequest request,
      ServerCallStreamObserver<WatchResponse> out,
      Executor executor) {
    WatchFeed feed = new WatchFeed(trees, request, out, executor);
    out.setOnReadyHandler(feed.drain::ring);
    out.setOnCancelHandler(feed.drain::ring);
    feed.drain.ring();
  }

  private static Strands strands(Trees trees, WatchRequest request, Runnable bell) {
    String node = request.getHeader().getNode();
    if (!request.getAllNodes()) {
      return Strands.one(trees.look(node), request.getFrom(), bell);
    }
    if (!node.isEmpty()) {
      throw Refused.invalid(
          "header.node: a watch of all nodes names none, and this names '" + node + "'");
    }
    return new AllTrees(trees, request.getFrom(), bell);
  }

  private void pump() {
    if (over) {
      return;
    }
    if (out.isCancelled()) {
      end();
      return;
    }
    try {
      while (out.isReady()) {
        if (!round()) {
          caughtUp();
          return;
        }
      }
      dropIfTooSlow();
    } catch (Refused e) {
      out.onError(Refusals.status(e, request.getPath()));
      end();
    }
  }

  /** Tells of each tree in turn; false when there is nothing to tell. */
  private boolean round() {
    boolean any = false;
    for (Strand strand : strands.now()) {
      if (!out.isReady()) {
        return true;
      }
      History.Slice slice = strand.read(SLICE);
      if (slice.gap()) {
        out.onNext(WatchResponse.newBuilder().setGap(strands.position()).build());
      }
      tell(strand, slice.happenings());
      any |= !slice.happenings().isEmpty();
    }
    return any;
  }

  private void tell(Strand strand, List<Happening> happenings) {
    Events.Builder batch = Events.newBuilder();
    int bytes = 0;
    for (Happening happening : happenings) {
      strand.told(happening.id());
      if (!HappeningCodec.within(request.getPath(), happening.path())) {
        continue;
      }
      Event event = HappeningCodec.event(strand.tree(), happening, strands.position());
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
    out.onNext(WatchResponse.newBuilder().setCaughtUp(strands.position()).build());
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
    if (strands.now().stream().anyMatch(s -> s.isFartherBehindThan(FARTHEST_BEHIND))) {
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

  private void end() {
    over = true;
    strands.close();
  }
}
