package io.hamlet.manager.replica;

import com.google.protobuf.ByteString;
import io.hamlet.core.model.Rejection;
import io.hamlet.core.recovery.HamEvent;
import io.hamlet.core.recovery.Reply;
import io.hamlet.internal.v1.ReplicaProto;
import io.hamlet.internal.v1.ReplicaProto.ReplicaMessage;
import io.hamlet.manager.port.Ack;
import io.hamlet.manager.port.ClusterBus;
import io.hamlet.manager.port.Member;
import io.hamlet.manager.port.Requests;
import io.hamlet.manager.port.Subject;
import io.hamlet.manager.wire.EntryCodec;
import io.hamlet.manager.wire.WireException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Serves requests again that a replica had and the log has lost (red-team.md B5): by their ids, so
 * one that was served meanwhile is answered and not repeated. Thread-safe.
 */
public final class OfferDesk {
  private static final Duration LIMIT = Duration.ofSeconds(30);

  private final ClusterBus bus;
  private final Requests requests;

  /** Offers in work, one of a member at a time. */
  private final Set<String> busy = ConcurrentHashMap.newKeySet();

  public OfferDesk(ClusterBus bus, Requests requests) {
    this.bus = bus;
    this.requests = requests;
  }

  /**
   * An offer; it is taken when all its requests have an answer that is on disk, as the replica lets
   * them go then. Until then it is offered again.
   */
  void offered(Member from, ReplicaMessage message) throws Messages.Garbage {
    ReplicaProto.Offer offer = message.getOffer();
    List<HamEvent.Requested> asked = new ArrayList<>();
    try {
      for (ByteString bytes : offer.getEntriesList()) {
        named(EntryCodec.decode(bytes.toByteArray()).event(), asked);
      }
    } catch (WireException e) {
      throw new Messages.Garbage(e.getMessage());
    }
    if (!busy.add(from.node())) {
      return;
    }
    submit(asked)
        .whenComplete(
            (done, e) -> {
              busy.remove(from.node());
              if (e != null || !done) {
                return;
              }
              ReplicaProto.Taken taken =
                  ReplicaProto.Taken.newBuilder().setNumber(offer.getNumber()).build();
              ReplicaMessage.Builder answer =
                  Messages.of(message.getTree(), message.getStream()).setTaken(taken);
              bus.send(from, Subject.REPLICA, answer.build().toByteArray());
            });
  }

  /**
   * Hands in requests of this node's own surplus tail.
   *
   * @return completes when all have an answer: whether all those are on disk
   */
  public CompletableFuture<Boolean> submit(List<HamEvent.Requested> asked) {
    CompletableFuture<Boolean> all = CompletableFuture.completedFuture(true);
    for (HamEvent.Requested r : asked) {
      all =
          all.thenCombine(
              requests.submit(r.id(), r.command(), Ack.DURABLE, LIMIT),
              (before, answered) -> before && isKept(answered));
    }
    return all;
  }

  private static boolean isKept(Requests.Answered answered) {
    boolean later =
        answered.reply() instanceof Reply.No no
            && no.rejection().reason() == Rejection.Reason.UNAVAILABLE;
    return answered.onTime() && !later;
  }

  /** Only what has an id can be served again without being done twice. */
  static void named(HamEvent event, List<HamEvent.Requested> into) {
    if (event instanceof HamEvent.Requested request && request.id().client() != 0) {
      into.add(request);
    }
  }
}
