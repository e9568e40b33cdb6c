package io.hamlet.manager.port;

import io.hamlet.core.lease.LeaseTimes;
import java.util.SortedMap;

/**
 * Who of the other nodes lets hear from itself, by datagrams of both its managers. Only voters are
 * spoken to, so only they hear. Thread-safe; nothing here blocks.
 */
public interface Hearing {
  /**
   * Nanoseconds since one of the managers of a node was last heard, or since it is expected at the
   * latest; Long.MAX_VALUE: never heard and not expected.
   */
  long silentNanos(String node);

  /** True when that node's silence was reported and it has not been heard since. */
  boolean suspects(String node);

  /**
   * True when the newest that was heard of a node was said under that incarnation, and it is not
   * silent.
   */
  boolean heardUnder(String node, long incarnation);

  /**
   * What CLOCK_BOOTTIME of that node's host is now at least, by its newest datagram and the time
   * since that came, in nanoseconds; Long.MIN_VALUE: unknown.
   */
  long clockOf(String node);

  /**
   * From now on exactly these nodes must not fall silent, each by the times of its own lease. Who
   * is new among them, or has another lease, has a full period; the own node is left out.
   */
  void watch(SortedMap<String, LeaseTimes> nodes);

  /**
   * Says that both managers of a node seem to be gone. It is asked, and reported within a
   * twenty-fifth of its lease unless it is heard. Nothing if it is not watched or suspected
   * already.
   */
  void gone(String node);

  /** Who hears of it. On a thread of the adapter; must return quickly. */
  interface Listener {
    /**
     * A watched node is silent.
     *
     * @param incarnation under which it was last heard; Long.MIN_VALUE: it never was
     */
    void silent(String node, long incarnation);

    /** A node that was reported silent is heard. */
    void heardAgain(String node, long incarnation);
  }
}
