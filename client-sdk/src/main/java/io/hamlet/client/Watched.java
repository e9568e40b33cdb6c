package io.hamlet.client;

/** What a watch tells. */
public sealed interface Watched permits Event, Watched.Gap, Watched.CaughtUp {
  /** Where to go on after this; opaque. */
  String position();

  /** Some events are no longer known; it goes on after this position. */
  record Gap(String position) implements Watched {}

  /** All that was known when the watch began has been told. */
  record CaughtUp(String position) implements Watched {}
}
