package io.hamlet.client;

/** A condition of an entity (ham.md 1.5). Immutable and thread-safe. */
public final class Condition extends Handle implements HamObject {
  Condition(Session session, String node, String path, long uid, Receipt receipt) {
    super(session, node, path, uid, 0, receipt);
  }

  /** Adds an action behind those that are there. */
  public Action action(String name, Deed deed) throws InterruptedException {
    return action(name, deed, Rearm.DEFAULT);
  }

  /**
   * Adds an action.
   *
   * @param flags without REARM, which the rearm says
   */
  public Action action(String name, Deed deed, Rearm rearm, Flag.OfAction... flags)
      throws InterruptedException {
    return session().addAction(this, name, deed, rearm, flags);
  }

  /** The action that has that name at the time of each call; asks nobody. */
  public Action named(String action) {
    return new Action(session(), node(), path() + "/" + action, 0, null);
  }
}
