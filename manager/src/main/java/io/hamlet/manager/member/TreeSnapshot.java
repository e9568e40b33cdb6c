package io.hamlet.manager.member;

import io.hamlet.core.cluster.ClusterState;
import io.hamlet.manager.wire.ClusterStateCodec;
import io.hamlet.manager.wire.TreeNewsCodec.News;
import java.nio.ByteBuffer;

/**
 * The cluster's tree at one index, cut into messages.
 *
 * @param last index of the newest entry that is in it
 */
record TreeSnapshot(long last, byte[] bytes) {
  private static final int PART_BYTES = 512 * 1024;

  static TreeSnapshot of(ClusterState state) {
    return new TreeSnapshot(state.last(), ClusterStateCodec.encode(state));
  }

  int parts() {
    return Math.max(1, (bytes.length + PART_BYTES - 1) / PART_BYTES);
  }

  /** From 0. */
  News.Part part(int number) {
    int from = number * PART_BYTES;
    int length = Math.min(PART_BYTES, bytes.length - from);
    return new News.Part(last, number, parts(), ByteBuffer.wrap(bytes, from, length));
  }
}
