package io.hamlet.manager.port;

import io.hamlet.core.recovery.Effect;

/** The one stream of log actions and of the manager's own messages (ham.md 7.4). */
public interface ActivityLog {
  /** Writes a line; never fails and never blocks for long. Any thread. */
  void write(Effect.WriteLog line);
}
