package io.hamlet.client;

import java.time.Instant;

/**
 * One happening.
 *
 * @param position where to go on after it; opaque
 * @param path of the object; empty for the node itself
 * @param event the word of a condition type, or {@code action-started}, {@code given-up}, ...
 * @param reason short and stable, such as {@code signal 9}
 * @param detail for people
 */
public record Event(
    String position,
    Instant time,
    String node,
    String path,
    String event,
    String reason,
    String detail)
    implements Watched {}
