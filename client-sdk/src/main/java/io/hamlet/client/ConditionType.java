package io.hamlet.client;

/** What a condition waits for (ham.md 4). */
public enum ConditionType {
  ANY,
  DEATH,
  DETACH,
  RESTART,
  BEAT_MISSED_LOW,
  BEAT_MISSED_HIGH,
  ABNORMAL_DEATH,
  ATTACH,
  STATE,
  RAISE,
  /** A node of the cluster is lost. */
  NODE_LOST,
  /** A node has come to the cluster, or has come back. */
  NODE_JOINED;

  /** As the command line and the event stream call it, such as {@code abnormal-death}. */
  public String word() {
    return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
  }
}
