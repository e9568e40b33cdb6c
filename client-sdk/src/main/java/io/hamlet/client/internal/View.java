package io.hamlet.client.internal;

import io.hamlet.client.Ack;
import io.hamlet.v1.RequestHeader;
import java.time.Duration;

/**
 * What the calls of one view of a connection have in common: whom they mean, how sure their answers
 * are, and how long they may take. Says it in the header of each request. Immutable and
 * thread-safe.
 *
 * @param node whose tree is meant; empty: the own node's
 * @param ack null: the node's default
 * @param latest reads know of every change that was answered before
 * @param timeout of each call
 */
record View(String node, Ack ack, boolean latest, Duration timeout) {
  /** That of a new connection. */
  static final View FIRST = new View("", null, false, Duration.ofSeconds(10));

  View withNode(String other) {
    return new View(other, ack, latest, timeout);
  }

  View withAck(Ack other) {
    return new View(node, other, latest, timeout);
  }

  View withLatest() {
    return new View(node, ack, true, timeout);
  }

  View withTimeout(Duration other) {
    return new View(node, ack, latest, other);
  }

  /**
   * The header of a request that changes nothing.
   *
   * @param own node; empty while that is not known
   */
  RequestHeader header(String own) {
    // What is meant for the own node stays so, whoever is asked.
    return RequestHeader.newBuilder()
        .setNode(node.isEmpty() ? own : node)
        .setAck(Wire.ack(ack))
        .setLatest(latest)
        .build();
  }

  /**
   * The header of a request that changes something.
   *
   * @param own as above
   * @param tag the same whenever the request is repeated
   */
  RequestHeader header(String own, Tags.Tag tag) {
    return header(own).toBuilder()
        .setClient(tag.client())
        .setSequence(tag.sequence())
        .setAnsweredBelow(tag.answeredBelow())
        .build();
  }
}
