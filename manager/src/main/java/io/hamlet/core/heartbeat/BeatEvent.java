package io.hamlet.core.heartbeat;

import io.hamlet.core.model.Moment;

/** What can happen to a beating life. A counter of -1 means that none could be read: no beat. */
public sealed interface BeatEvent {
  /** The time is that late, and this many beats were counted by now. */
  record Tick(Moment now, long counter) implements BeatEvent {}

  /** The heartbeat_healthy action, or a new attach under the same name (ham.md 5.2). */
  record Healed() implements BeatEvent {}

  /** Nobody's misses count (ham.md 5.4). */
  record Suspended() implements BeatEvent {}

  /** Misses count again, as if the entity had beaten just now (ham.md 5.4). */
  record Resumed(Moment now, long counter) implements BeatEvent {}
}
