package io.hamlet.manager.replica;

import com.google.protobuf.ByteString;
import io.hamlet.core.recovery.HamEvent;
import io.hamlet.internal.v1.ReplicaProto;
import io.hamlet.manager.log.LogPiece;
import io.hamlet.manager.port.ClusterBus;
import io.hamlet.manager.port.Member;
import io.hamlet.manager.port.Subject;
import io.hamlet.manager.wire.EntryCodec;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * Requests that a replica had and its tree has lost, until their writer has taken them. Told again
 * and again, because the writer knows them by their ids. Confined to one thread.
 */
final class Surplus {
  static final long REPEAT_NANOS = TimeUnit.SECONDS.toNanos(2);

  /** Of one tree; the rest stays in the file that was set aside. */
  private static final int MOST_BYTES = 64 * 1024 * 1024;

  private final ClusterBus bus;
  private final Map<String, Pile> piles = new TreeMap<>();

  /** What waits for one tree, oldest first. */
  private static final class Pile {
    final ArrayDeque<byte[]> entries = new ArrayDeque<>();
    int bytes;
    int offered;
    long number;
    long again;
  }

  Surplus(ClusterBus bus) {
    this.bus = bus;
  }

  /** Takes the requests of a tail that was cut off. */
  void take(String tree, List<LogPiece> tail) {
    Pile pile = piles.computeIfAbsent(tree, name -> new Pile());
    for (LogPiece piece : tail) {
      List<HamEvent.Requested> named = new ArrayList<>();
      OfferDesk.named(EntryCodec.decode(piece.payload()).event(), named);
      if (!named.isEmpty() && pile.bytes + piece.payload().length <= MOST_BYTES) {
        pile.entries.add(piece.payload());
        pile.bytes += piece.payload().length;
      }
    }
    if (pile.entries.isEmpty()) {
      piles.remove(tree);
    }
  }

  /** The writer has taken what it was offered. */
  void taken(String tree, long number) {
    Pile pile = piles.get(tree);
    if (pile == null || pile.number != number) {
      return;
    }
    for (; pile.offered > 0; pile.offered--) {
      pile.bytes -= pile.entries.remove().length;
    }
    pile.again = 0;
    if (pile.entries.isEmpty()) {
      piles.remove(tree);
    }
  }

  boolean isEmpty() {
    return piles.isEmpty();
  }

  /**
   * Offers what is due.
   *
   * @param now CLOCK_BOOTTIME in nanoseconds
   * @return when to be called again
   */
  long due(long now) {
    long next = Long.MAX_VALUE;
    for (Map.Entry<String, Pile> each : piles.entrySet()) {
      Pile pile = each.getValue();
      Member writer = bus.ham(each.getKey());
      if (writer != null && now >= pile.again) {
        offer(each.getKey(), pile, writer);
        pile.again = now + REPEAT_NANOS;
      }
      next = Math.min(next, Math.max(pile.again, now + 1));
    }
    return next;
  }

  private void offer(String tree, Pile pile, Member writer) {
    ReplicaProto.Offer.Builder offer = ReplicaProto.Offer.newBuilder();
    if (pile.offered == 0) {
      pile.number++;
      int bytes = 0;
      for (byte[] entry : pile.entries) {
        if (bytes > 0 && bytes + entry.length > Messages.BATCH_BYTES) {
          break;
        }
        bytes += entry.length;
        pile.offered++;
      }
    }
    pile.entries.stream()
        .limit(pile.offered)
        .forEach(entry -> offer.addEntries(ByteString.copyFrom(entry)));
    offer.setNumber(pile.number);
    bus.send(writer, Subject.REPLICA, Messages.of(tree, 0).setOffer(offer).build().toByteArray());
  }
}
