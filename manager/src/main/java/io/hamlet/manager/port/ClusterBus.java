package io.hamlet.manager.port;

import java.util.List;

/**
 * Messages between the managers of a cluster. Thread-safe; nothing here ever blocks.
 *
 * <p>What one sender sends to one member arrives in order, once, or not at all; after a loss of the
 * connection earlier messages may be missing. So whoever needs an answer asks again.
 */
public interface ClusterBus {
  /** Longest message in bytes. */
  int MOST_BYTES = 1 << 20;

  /**
   * Sends a message to one member.
   *
   * @return false when it will certainly not arrive: the member is not in the view, too much waits
   *     for it already, or the bus is closed
   */
  boolean send(Member to, Subject subject, byte[] message);

  /** Who can be reached now, this member included, ordered by node and role. */
  List<Member> view();

  /** False until others can be met: it opens by itself, and that takes its time. */
  default boolean isOpen() {
    return true;
  }

  /** The acting HAM of a node in the view, or null. */
  default Member ham(String node) {
    for (Member member : view()) {
      if (member.role() == Member.Role.HAM && member.node().equals(node)) {
        return member;
      }
    }
    return null;
  }

  /**
   * Who hears of what arrives. On the thread that reads for all: must return quickly, never wait.
   */
  interface Listener {
    void received(Member from, Subject subject, byte[] message);

    /** Who can be reached has changed, or what is known of one of them. */
    void viewChanged(List<Member> members);
  }
}
