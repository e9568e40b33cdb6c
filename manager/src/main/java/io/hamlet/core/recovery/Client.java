package io.hamlet.core.recovery;

import org.pcollections.TreePMap;

/**
 * What a client has asked and may ask again after a broken connection.
 *
 * @param answers by sequence; null value never: a request in work is {@link Pending}
 * @param floor requests below it were answered, and the client said that it has the answers
 * @param lastIndex log index of its newest request; the client idle longest is forgotten first
 */
public record Client(TreePMap<Long, Answered> answers, long floor, long lastIndex) {
  /** The state of one request. */
  public sealed interface Answered {}

  /** Its effect is in flight. */
  public record Pending() implements Answered {}

  /** Answered so. */
  public record Given(Reply reply) implements Answered {}
}
