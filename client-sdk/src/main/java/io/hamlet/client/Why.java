package io.hamlet.client;

import java.util.List;

/**
 * The chain behind the last change of an entity.
 *
 * @param summary one sentence
 * @param events oldest first
 * @param truncated older events are no longer known
 */
public record Why(String summary, List<Event> events, boolean truncated) {
  public Why {
    events = List.copyOf(events);
  }
}
