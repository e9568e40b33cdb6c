package io.hamlet.manager.port;

import io.hamlet.core.lease.Forgotten;
import io.hamlet.core.lease.VoterSet;

/** What this node, as a voter, has acknowledged to the renewals of others. Any thread. */
public interface Assents {
  /**
   * No renewal of that incarnation of a node, or of an older one, is acknowledged any more. Takes
   * effect soon; may be said again.
   */
  void fence(String node, long incarnation);

  /**
   * No renewal of one of these is acknowledged any more, whoever remembers what it was fenced for.
   * Takes effect soon; replaces what was said before.
   */
  void forget(Forgotten forgotten);

  /**
   * What was acknowledged last to that node, when the fence of that incarnation is in effect here;
   * null: not yet.
   */
  Last last(String node, long incarnation);

  /**
   * One voter's word.
   *
   * @param set the newest of its own log
   * @param ageNanos since its last acknowledgement; never more than is certain
   */
  record Last(VoterSet set, long ageNanos) {}
}
