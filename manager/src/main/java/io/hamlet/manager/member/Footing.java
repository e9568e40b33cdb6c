package io.hamlet.manager.member;

/** What the right of this node to run entities of the cluster rests on. Any thread. */
public interface Footing {
  /**
   * Until when it may run what was granted to it, CLOCK_BOOTTIME; Long.MIN_VALUE: it may not,
   * Long.MAX_VALUE: nobody else could.
   */
  long end();

  /** Why nothing may be started now, for people; null: it may. */
  String refusal();

  /**
   * Something runs here, or soon will, that must not outlive the right; or nothing does any more.
   */
  void bind(boolean needed);
}
