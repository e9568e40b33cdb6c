package io.hamlet.client.internal;

import io.hamlet.client.Action;
import io.hamlet.client.Deed;
import io.hamlet.client.Receipt;

/** An action of a condition (ham.md 1.6). Immutable and thread-safe. */
final class ActionHandle extends ObjectHandle implements Action {
  ActionHandle(Session session, String node, String path, long uid, Receipt receipt) {
    super(session, node, path, uid, 0, receipt);
  }

  /** Adds an alternate, run when the action fails; no restart and no healthy (ham.md 2.7). */
  @Override
  public Receipt onFail(String name, Deed deed) throws InterruptedException {
    return session().addFailItem(this, name, deed);
  }

  @Override
  public Receipt removeOnFail(String name) throws InterruptedException {
    return session().removeFailItem(this, name);
  }
}
