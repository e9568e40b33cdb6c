package io.hamlet.client;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * One object of the tree as it was when read.
 *
 * @param path empty for the root
 * @param type ATTACHED, ATTACHEDSELF, UNATTACHED, GLOBAL; CONDDEATH, ...; restart, execute, ...
 * @param flags bits of {@link Flag}
 * @param info the {@code .info} text (ham.md 6)
 * @param created null where there is none; so are lastDeath and restarted
 * @param token of the current start; 0 for none
 * @param state of an entity: up, starting, down, given-up; of one of the cluster also unplaced,
 *     waiting, ending, leaving, stuck
 * @param userState the state it reported
 * @param lastExit how its last process ended, such as {@code signal 9}
 * @param health HBEATOK, MISSEDLOW, MISSEDHIGH, or empty
 * @param fields of a condition, an action, or an entity of the cluster: its own fields by name
 * @param onFail of an action: its alternates, in order
 * @param runsOn of an entity of the cluster: the node that runs it, or may; empty: none
 * @param right of an entity of the cluster, in the tree of the node that runs it (as {@code
 *     *NAME}): for so long that node may run it at least, as it knew when it answered; else zero
 */
public record TreeObject(
    Kind kind,
    String path,
    long uid,
    String type,
    long pid,
    boolean enabled,
    int flags,
    String info,
    long restarts,
    long deaths,
    long beatsMissed,
    Instant created,
    Instant lastDeath,
    Instant restarted,
    long token,
    String state,
    int userState,
    String lastExit,
    String health,
    Map<String, String> fields,
    List<String> onFail,
    String runsOn,
    Duration right) {
  /** The levels of the tree. */
  public enum Kind {
    ROOT,
    ENTITY,
    CONDITION,
    ACTION
  }
}
