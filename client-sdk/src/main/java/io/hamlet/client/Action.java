package io.hamlet.client;

/** An action of a condition (ham.md 1.6). Immutable and thread-safe. */
public final class Action extends Handle implements HamObject {
  Action(Session session, String node, String path, long uid, Receipt receipt) {
    super(session, node, path, uid, 0, receipt);
  }

  /** Adds an alternate, run when the action fails; no restart and no healthy (ham.md 2.7). */
  public Receipt onFail(String name, Deed deed) throws InterruptedException {
    return session().addFailItem(this, name, deed);
  }

  public Receipt removeOnFail(String name) throws InterruptedException {
    return session().removeFailItem(this, name);
  }
}
