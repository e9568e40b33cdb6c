package io.hamlet.core.model;

/**
 * What a condition waits for (ham.md 4). The numbers below 100 are QNX's, shown and sent, never
 * computed.
 */
public enum ConditionType {
  ANY(0, "CONDANY", "any"),
  DEATH(1, "CONDDEATH", "death"),
  DETACH(2, "CONDDETACH", "detach"),
  RESTART(3, "CONDRESTART", "restart"),
  BEAT_MISSED_LOW(4, "CONDHBEATMISSEDLOW", "beat-missed-low"),
  BEAT_MISSED_HIGH(5, "CONDHBEATMISSEDHIGH", "beat-missed-high"),
  ABNORMAL_DEATH(6, "CONDABNORMALDEATH", "abnormal-death"),
  ATTACH(7, "CONDATTACH", "attach"),
  STATE(8, "CONDSTATE", "state"),
  RAISE(9, "CONDRAISE", "raise"),
  /** Ours: a node is lost to the cluster. True in the cluster's tree only (architecture.md 3). */
  NODE_LOST(100, "CONDNODELOST", "node-lost"),
  /** Ours: a node has come, or has come back. */
  NODE_JOINED(101, "CONDNODEJOINED", "node-joined");

  private final int number;
  private final String qnxName;
  private final String word;

  ConditionType(int number, String qnxName, String word) {
    this.number = number;
    this.qnxName = qnxName;
    this.word = word;
  }

  public int number() {
    return number;
  }

  /** As {@code .info} files show it. */
  public String qnxName() {
    return qnxName;
  }

  /** As the command line and the event stream call it. */
  public String word() {
    return word;
  }

  /** The two types under which a restart action may stand, and rearm is off by default. */
  public boolean isDeath() {
    return this == DEATH || this == ABNORMAL_DEATH;
  }
}
