package io.hamlet.client;

import java.util.List;

/**
 * The chain behind the last change of an entity.
 *
 * @param summary one sentence
 * @param events oldest first
 * @param truncated older events are no longer known
 * @param note what a reader should know of it, such as that the node is lost; else empty
 */
public record Why(String summary, List<Event> events, boolean truncated, String note) {
  public Why {
    events = List.copyOf(events);
  }
}
