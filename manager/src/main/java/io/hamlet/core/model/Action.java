package io.hamlet.core.model;

import java.util.List;

/**
 * One action of a condition, with its alternates.
 *
 * @param uid the handle's number; rises in the order of adding, which is the order of running
 * @param onFail run in this order when the deed fails (ham.md 1.7)
 */
public record Action(
    Name name, long uid, Deed deed, Flags.OfAction flags, boolean enabled, List<FailItem> onFail) {
  /** An alternate of an action. It has no alternates of its own. */
  public record FailItem(Name name, long uid, Deed deed) {}

  public Action {
    onFail = List.copyOf(onFail);
  }

  public Action withFlags(Flags.OfAction f) {
    return new Action(name, uid, deed, f, enabled, onFail);
  }

  public Action withEnabled(boolean e) {
    return new Action(name, uid, deed, flags, e, onFail);
  }

  public Action withOnFail(List<FailItem> items) {
    return new Action(name, uid, deed, flags, enabled, items);
  }
}
