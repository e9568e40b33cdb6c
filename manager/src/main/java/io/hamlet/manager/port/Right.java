package io.hamlet.manager.port;

/**
 * Whether this node may start what the cluster granted it, asked at the last moment before each
 * such start (architecture.md 4).
 */
public interface Right {
  /** Of a node without a cluster: nothing was granted. */
  Right NONE = () -> "this node belongs to no cluster";

  /** Null if it may, else why not, for people. Any thread; never blocks. */
  String refusal();
}
