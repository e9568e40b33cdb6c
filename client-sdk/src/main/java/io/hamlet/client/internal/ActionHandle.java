package io.hamlet.client.internal;

import io.hamlet.client.Action;
import io.hamlet.client.Deed;
import io.hamlet.client.Receipt;
import io.hamlet.v1.AddFailItemRequest;
import io.hamlet.v1.HamGrpc;
import io.hamlet.v1.RemoveFailItemRequest;

/** An action of a condition (ham.md 1.6). Immutable and thread-safe. */
final class ActionHandle extends ObjectHandle implements Action {
  ActionHandle(Session session, String node, String path, long uid, Receipt receipt) {
    super(session, node, path, uid, 0, receipt);
  }

  /** Adds an alternate, run when the action fails; no restart and no healthy (ham.md 2.7). */
  @Override
  public Receipt onFail(String name, Deed deed) throws InterruptedException {
    return session()
        .changed(
            HamGrpc.getAddFailItemMethod(),
            header ->
                AddFailItemRequest.newBuilder()
                    .setHeader(of(header))
                    .setAction(target())
                    .setName(name)
                    .setDeed(Wire.deed(deed))
                    .build());
  }

  @Override
  public Receipt removeOnFail(String name) throws InterruptedException {
    return session()
        .changed(
            HamGrpc.getRemoveFailItemMethod(),
            header ->
                RemoveFailItemRequest.newBuilder()
                    .setHeader(of(header))
                    .setAction(target())
                    .setName(name)
                    .build());
  }
}
