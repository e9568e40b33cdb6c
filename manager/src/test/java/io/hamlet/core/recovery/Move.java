package io.hamlet.core.recovery;

/**
 * One step of a random story: what kind of thing happens, and three numbers from which it takes its
 * objects. Plain numbers, so that a failing story can be shrunk.
 */
public record Move(Kind kind, int a, int b, int c) {
  /** What can happen, likely or hostile. */
  public enum Kind {
    ATTACH,
    ADOPT,
    ATTACH_SELF,
    PLACEHOLDER,
    DETACH,
    ADD_CONDITION,
    ADD_ACTION,
    ADD_RESTART,
    ADD_ALTERNATE,
    REMOVE,
    REMOVE_ALTERNATE,
    CONTROL,
    REPORT,
    RAISE,
    DIE,
    DIE_STALE,
    LEARN_EXIT,
    MISS_BEATS,
    ANSWER,
    ANSWER_WRONG,
    ANSWER_UNKNOWN,
    PASS_TIME,
    TAKE_OVER,
    REBOOT,
    GUARDIAN,
    REPEAT_REQUEST,
    CHANNEL,
    ERRAND,
    SAM,
    SAM_FACT,
    RESUME,
    MANAGER,
    GRANT,
    REVOKE,
    RIGHT_LOST,
    RIGHT_GAINED,
    DENY,
    STOP
  }
}
