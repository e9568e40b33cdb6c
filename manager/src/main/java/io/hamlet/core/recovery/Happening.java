package io.hamlet.core.recovery;

import io.hamlet.core.model.EffectId;
import io.hamlet.core.model.Moment;

/**
 * One line of the event stream (cli.md 3, {@code ham watch}).
 *
 * @param id its position: the entry that caused it and its number among the effects
 * @param node what it is about, where that is another than the tree's own; else empty
 * @param path of the object, as text; empty for the node itself
 * @param event the word of a condition type, or {@code action-started}, {@code given-up}, ...
 * @param reason short and stable, such as {@code signal 9}
 * @param detail for people
 */
public record Happening(
    EffectId id, Moment at, String node, String path, String event, String reason, String detail) {
  /** Of the node whose tree it is. */
  public Happening(
      EffectId id, Moment at, String path, String event, String reason, String detail) {
    this(id, at, "", path, event, reason, detail);
  }

  public Happening of(String otherNode) {
    return new Happening(id, at, otherNode, path, event, reason, detail);
  }
}
