package io.hamlet.client;

/** What can be done to all heartbeat checks of a node at once (ham.md 5.4). */
public enum HeartbeatControl {
  SUSPEND,
  ACTIVE,
  QUERY
}
